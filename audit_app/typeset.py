"""Typesets what goes on paper: a Typst template and data become a tagged PDF (PDF/UA-1) for eyes and screen readers.

A template is a `.typ` file in a capability's folder. It finds its data by `json("data.json")`, the house's look by
`#import "house.typ"`, and pictures under the names they are given. Data is only ever data: no text of anybody's is
put into a template's source, so nothing that people write is read as markup. A template can read the templates beside
it and what it is handed, nothing else, and no fonts but ours, so that a page looks the same on every machine.
"""

import json
import tempfile
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
HOUSE = "house.typ"
FONTS = HERE / "fonts"
STANDARD = "ua-1"
MARKLESS = {"Cf", "Mn"}  # direction marks, joiners, accents on nothing: left out where no font of ours has them
LINE_ENDS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " ", "\u0085": "\n"})


def typeset(template: Path, data: Mapping, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that `template` makes of `data`; `pictures` are image files by the names that the data calls them.

    Letters that our fonts cannot draw are said in words (see `printable`). It takes a tenth of a second for a long
    report: never call it while holding the lock of a writing transaction.
    """
    return _compile(template, data, pictures or {}, format="pdf", pdf_standards=STANDARD)


def printable(text: str) -> str:
    """The text in letters that our fonts have: others in words in square brackets, such as “[thumbs up sign]”.

    PDF/UA forbids empty boxes in place of letters. A run of letters of one script is told once: “[arabic letters]”.
    """
    told, run = [], ""
    for letter in unicodedata.normalize("NFC", text).translate(LINE_ENDS):
        if letter == "\n" or ord(letter) in _drawn():
            told.append(letter)
            run = ""
            continue
        words = _in_words(letter)
        if words != run:
            told.append(words)
        run = words if words.endswith(" letters]") else ""
    return "".join(told)


def _in_words(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in MARKLESS or kind[0] in "CZ":
        return " " if kind[0] == "Z" else ""
    name = unicodedata.name(letter, "unknown sign").lower()
    return f"[{name.split()[0]} letters]" if kind[0] in "LMN" else f"[{name}]"


def _compile(template: Path, data: Mapping, pictures: Mapping[str, bytes], **how):
    texts = {
        **{beside.name: beside.read_bytes() for beside in template.parent.glob("*.typ")},
        "main": template.read_bytes(),
        HOUSE: (HERE / HOUSE).read_bytes(),
        "data.json": json.dumps(_printable_throughout(data), ensure_ascii=False).encode(),
    }
    with tempfile.TemporaryDirectory(prefix="milieu-") as folder:  # texts are handed over in memory, pictures cannot be
        for name, picture in pictures.items():
            (Path(folder) / name).write_bytes(picture)
        return typst.compile(texts, root=folder, font_paths=_fonts(), **how)


def _printable_throughout(thing):
    if isinstance(thing, str):
        return printable(thing)
    if isinstance(thing, Mapping):
        return {key: _printable_throughout(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_printable_throughout(part) for part in thing]
    return thing


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def _drawn() -> frozenset[int]:
    """The code points that every weight of our font can draw."""
    ranges = [part.split("-") for part in json.loads((FONTS / "fonts.json").read_text())["draws"].split()]
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))
