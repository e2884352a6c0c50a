"""Makes audit_app/fonts: three upright weights of the app's variable font, as PDFs need them. Run by `make vendor`.

Typst reads neither WOFF2 nor variable fonts, so each weight is cut out of the published faces, and the Latin and the
extended Latin one (ŵ, ŷ) are joined. The record says which package they were made of and which letters they can draw.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "audit_app" / "fonts"
PACKAGE = "@fontsource-variable/atkinson-hyperlegible-next"
NAME = "atkinson-hyperlegible-next"
WEIGHTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}
FACES = ("latin", "latin-ext")
FAMILY, STYLE, WHOLE, POSTSCRIPT, TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE = 1, 2, 4, 6, 16, 17


def main() -> None:
    """Make every weight, and the record of them."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # the same faces make the same bytes
    source = ROOT / ".tools" / "node_modules" / PACKAGE
    FONTS.mkdir(exist_ok=True)
    shutil.copy(source / "LICENSE", FONTS / "licence.txt")
    fonts = {f"{NAME}-{weight}.ttf": cut(source, weight) for weight in WEIGHTS}
    for name, font in fonts.items():
        font.save(FONTS / name)
    locked = json.loads((ROOT / "tools" / "package-lock.json").read_text())["packages"][f"node_modules/{PACKAGE}"]
    record = {
        "package": PACKAGE,
        "version": locked["version"],
        "integrity": locked["integrity"],
        "licence": locked["license"],
        "files": {name: hashlib.sha256((FONTS / name).read_bytes()).hexdigest() for name in fonts},
        "draws": ranges(set.intersection(*(set(font.getBestCmap()) for font in fonts.values()))),
    }
    (FONTS / "fonts.json").write_text(json.dumps(record, indent=1) + "\n")


def cut(source: Path, weight: int) -> TTFont:
    """One weight, of all faces."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [Path(folder) / f"{face}.ttf" for face in FACES]
        for face, part in zip(FACES, parts, strict=True):
            font = TTFont(source / "files" / f"{NAME}-{face}-wght-normal.woff2", recalcTimestamp=False)
            font = instancer.instantiateVariableFont(font, {"wght": weight})
            font.flavor = None
            font.save(part)
        joined = Merger().merge([str(part) for part in parts])
    joined.recalcTimestamp = False
    joined["OS/2"].usWeightClass = weight
    call(joined, WEIGHTS[weight])
    return joined


def call(font: TTFont, style: str) -> None:
    """Name the weight, so that Typst and PDF readers tell them apart."""
    family = font["name"].getDebugName(FAMILY)
    names = {
        STYLE: style,
        WHOLE: f"{family} {style}",
        POSTSCRIPT: f"{family.replace(' ', '')}-{style}",
        TYPOGRAPHIC_FAMILY: family,
        TYPOGRAPHIC_STYLE: style,
    }
    for id, text in names.items():
        font["name"].setName(text, id, 3, 1, 0x409)


def ranges(codes: set[int]) -> str:
    """These code points as first-last in hexadecimal digits, in order."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{first:x}-{last:x}" for first, last in found)


if __name__ == "__main__":
    main()
