"""One checklist file: read by its schema, and able to say on which line something in it is wrong, and why."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from marshmallow import Schema, ValidationError

from .checks import Mistake
from .lines import Lines

SINGULAR = {"principles": "principle", "criteria": "criterion", "lenses": "lens", "groups": "group", "classes": "class"}
# What marshmallow says, as the people who write these files would say it.
SCHEMA_WORDS = {
    "Missing data for required field.": "is missing",
    "Unknown field.": "is not a field of this format",
    "Not a valid string.": "should be a text in quotes",
    "Not a valid integer.": "should be a whole number",
    "Not a valid list.": "should be a list",
    "Not a valid mapping type.": "should be a table",
    "Invalid input type.": "should be a table",
}


class ChecklistFile:
    """One TOML file: its data, and how to say where in it something is wrong."""

    def __init__(self, path: Path, name: str):
        self.path = path
        self.name = name
        self.bytes = path.read_bytes()
        self.complaints: list[str] = []
        self.data: dict | None = None
        self._raw: dict = {}
        self._text = ""

    def load(self, schema: Schema) -> dict | None:
        """Read the file by its schema; None when it cannot be read, and then `complaints` says why."""
        try:
            self._text = self.bytes.decode("utf-8")
            self._raw = tomllib.loads(self._text)
        except UnicodeDecodeError as error:
            self._complain_at(self.bytes[: error.start].count(b"\n") + 1, "is not written in UTF-8")
            return None
        except tomllib.TOMLDecodeError as error:
            self._complain_at(_line_of(error, self._text), f"is not TOML: {error}")
            return None
        try:
            self.data = schema.load(self._raw)
        except ValidationError as error:
            self.complain(_flatten(error.messages))
        return self.data

    def complain(self, mistakes: Iterable[Mistake]) -> None:
        """Note mistakes, each with its line and the name of the thing that it is in."""
        mistakes = list(mistakes)
        lines = Lines(self._text) if mistakes else None
        for mistake in sorted(mistakes, key=lambda one: lines.of(one.path)):
            where = self._name(mistake.path)
            link = " " if mistake.words[0].isalpha() else ": "
            self._complain_at(lines.of(mistake.path), f"{where}{link}{mistake.words}" if where else mistake.words)

    def _complain_at(self, line: int, words: str) -> None:
        self.complaints.append(f"{self.name}, line {line}: {words}")

    def _name(self, path) -> str:
        """A place in words: `criterion "belonging-3": statement.en`."""
        thing, named, rest, kind = self._raw, "", [], ""
        for step in path:
            thing = _step_into(thing, step)
            if isinstance(step, int) and kind in SINGULAR and isinstance(thing, dict) and "id" in thing:
                named, rest = f'{SINGULAR[kind]} "{thing["id"]}"', []
            else:
                rest.append(f"item {step + 1}" if isinstance(step, int) else str(step))
                kind = step
        return ": ".join(part for part in (named, ".".join(rest)) if part)


def _flatten(messages, path=()) -> Iterator[Mistake]:
    """A schema's messages as mistakes, in our words."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flatten(inner, path if key == "_schema" else (*path, key))
    else:
        for words in messages:
            yield Mistake(path, SCHEMA_WORDS.get(words, words[0].lower() + words[1:].rstrip(".")))


def _step_into(thing, step):
    if isinstance(thing, dict):
        return thing.get(step)
    if isinstance(thing, list) and isinstance(step, int) and step < len(thing):
        return thing[step]
    return None


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else max(1, len(text.splitlines()))
