"""On which line of a TOML text each table and key stands, so that a mistake can be pointed at."""

import tomllib

Path = tuple[str | int, ...]


class Lines:
    """The line numbers of a TOML text that `tomllib` can read.

    `Lines(text).of(("principles", 0, "criteria", 2, "statement", "en"))` is the line of that key, or of the nearest
    thing around it that is written down; 1 when nothing is.
    """

    def __init__(self, text: str):
        self._numbers: dict[Path, int] = {(): 1}
        self._tables: dict[Path, int] = {}
        self._note(text.replace("\r\n", "\n").split("\n"))

    def of(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path not in self._numbers:
            path = path[:-1]
        return self._numbers[path]

    def _note(self, lines: list[str]) -> None:
        table, start = (), 0
        while start < len(lines):
            end = _end_of_statement(lines, start)
            statement = tomllib.loads("\n".join(lines[start:end]))
            if lines[start].lstrip().startswith("["):
                table = self._open(statement, start + 1)
            else:
                self._note_value(table, statement, lines[start:end], start + 1)
            start = end

    def _open(self, header: dict, number: int) -> Path:
        """Note a header such as [[principles.criteria]] and return its whole path, indexes included."""
        path, inside = (), header
        while inside:
            ((key, inside),) = inside.items()
            path += (key,)
            if isinstance(inside, list):
                self._numbers.setdefault(path, number)
                self._tables[path] = self._tables.get(path, 0) + 1
                inside = inside[0]
            if path in self._tables:
                path += (self._tables[path] - 1,)
        self._numbers[path] = number
        return path

    def _note_value(self, path: Path, value, lines: list[str], number: int) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                self._numbers.setdefault((*path, key), number)
                self._note_value((*path, key), inner, lines, number)
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                found = number + _offset_of_item(lines, place)
                self._numbers.setdefault((*path, place), found)
                self._note_value((*path, place), inner, [], found)


def _end_of_statement(lines: list[str], start: int) -> int:
    """The line after a statement: the text is good, so the shortest piece of it that can be read is the statement."""
    for end in range(start + 1, len(lines)):
        try:
            tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return len(lines)


def _offset_of_item(lines: list[str], place: int) -> int:
    """How many lines into an array its item stands: the first line by whose end there are enough items."""
    for offset in range(len(lines)):
        try:
            value = tomllib.loads("\n".join([*lines[: offset + 1], "]"]))
        except tomllib.TOMLDecodeError:
            continue
        while isinstance(value, dict):
            (value,) = value.values()
        if len(value) > place:
            return offset
    return 0
