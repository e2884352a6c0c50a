"""Tables as files for spreadsheets: CSV and XLSX. No cell of either is ever a formula, whatever somebody typed."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from .tables import NUMBER, WHOLE, YES_NO, Column, Table

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"  # by which Excel knows that what follows is UTF-8
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 1_048_576  # that a sheet holds
MOST_SIGNS = 32_767  # that a cell holds
CUT = " … (cut)"
ABOUT = {"en": "Columns", "cy": "Colofnau"}
HEADINGS = {"en": ("Column", "Kind", "Words"), "cy": ("Colofn", "Math", "Geiriau")}

Row = dict[str, object]


def harmless(value: object) -> object:
    """A cell of a CSV file that no spreadsheet takes for a formula: with `'` before one that would begin like one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(BEGINS_A_FORMULA) else value


def plain(value: object) -> object:
    """A value as files have it: yes is 1, no is 0."""
    return int(value) if isinstance(value, bool) else value


def write_csv(names: Iterable[str], rows: Iterable[Row], file: BinaryIO) -> int:
    """Write rows to `file` as CSV (RFC 4180, UTF-8 with its mark), and return how many there were."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    text.write(BOM)
    names, number = tuple(names), 0
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([harmless(cell) if type(cell := row[name]) is str else plain(cell) for name in names])
        number += 1
    text.flush()
    text.detach()
    return number


def write_xlsx(table: Table, rows: Iterable[Row], path: Path, language: str) -> int:
    """Write a table to a workbook at `path`, and return how many rows there were. Beyond what a sheet holds it goes on
    in the next; the last sheet has the words of every column. What people typed is typed as text, cell by cell."""
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    book = xlsxwriter.Workbook(str(path), options)
    bold = book.add_format({"bold": True})
    sheet, number = None, 0
    for number, row in enumerate(rows, 1):
        line = (number - 1) % (MOST_ROWS - 1) + 1
        if line == 1:
            sheet = _add_sheet(book, table, bold)
        _write_row(sheet, line, table.columns, row)
    if sheet is None:
        _add_sheet(book, table, bold)
    _add_words(book, table, bold, language)
    book.close()
    return number


def _add_sheet(book, table: Table, bold):
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(table.names):
        sheet.write_string(0, place, name, bold)
    return sheet


def _write_row(sheet, line: int, columns: tuple[Column, ...], row: Row) -> None:
    for place, column in enumerate(columns):
        value = row[column.name]
        if value is None or value == "":
            continue
        if column.kind in (WHOLE, NUMBER, YES_NO):
            sheet.write_number(line, place, plain(value))
        else:
            sheet.write_string(line, place, fitting(value))


def fitting(text: str) -> str:
    """Text as a cell can hold it (counted as UTF-16 counts); where it is cut, it says so."""
    if len(text) <= MOST_SIGNS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_SIGNS:
        return text
    return text[: MOST_SIGNS // 2 - len(CUT)] + CUT


def _add_words(book, table: Table, bold, language: str) -> None:
    sheet = book.add_worksheet(ABOUT[language])
    sheet.set_column(0, 1, 20)
    sheet.set_column(2, 2, 90)
    for place, heading in enumerate(HEADINGS[language]):
        sheet.write_string(0, place, heading, bold)
    for line, column in enumerate(table.columns, 1):
        for place, words in enumerate((column.name, column.kind, column.words[language])):
            sheet.write_string(line, place, words)
