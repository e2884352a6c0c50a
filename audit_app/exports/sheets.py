"""Tables as files for spreadsheets: CSV and XLSX. No cell of either is ever a formula, whatever somebody typed. Both
are written from front to back and never looked at again, so that they can be sent while they are made."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO
from xml.sax.saxutils import escape

from .tables import NUMBER, WHOLE, YES_NO, Column, Table

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"  # by which Excel knows that what follows is UTF-8
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 1_048_576  # that a sheet holds
MOST_SIGNS = 32_767  # that a cell holds
MOST_BYTES = 2**30  # of one sheet: from twice that on the zip would need a form that Excel does not read
CUT = " … (cut)"
ABOUT = {"en": "Columns", "cy": "Colofnau"}
HEADINGS = {"en": ("Column", "Kind", "Words"), "cy": ("Colofn", "Math", "Geiriau")}
NUMBERS = (WHOLE, NUMBER, YES_NO)

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


def fitting(text: str) -> str:
    """Text as a cell can hold it (counted as UTF-16 counts); where it is cut, it says so."""
    if len(text) <= MOST_SIGNS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_SIGNS:
        return text
    return text[: MOST_SIGNS // 2 - len(CUT)] + CUT


# A workbook (ECMA-376): a zip of XML, sheet after sheet. What names the sheets comes last, when they are known.

_SPACE = "http://schemas.openxmlformats.org"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = f'{_XML}<worksheet xmlns="{_SPACE}/spreadsheetml/2006/main">'
_FIRST_LINE_STAYS = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews>'
)
_WIDTHS = (
    '<cols><col min="1" max="2" width="20" customWidth="1"/><col min="3" max="3" width="90" customWidth="1"/></cols>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_SPACE}/spreadsheetml/2006/main">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_BOLD = ' s="1"'
_UNKEEPABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")  # no XML may hold them; a return gets lost
_LOOKS_KEPT = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SOME = 500  # rows that are packed together


def write_xlsx(table: Table, rows: Iterable[Row], file: BinaryIO, language: str) -> int:
    """Write a table to `file` as a workbook, and return how many rows there were. Beyond what a sheet holds it goes on
    in the next; the last sheet has the words of every column. What people typed is typed as text, cell by cell."""
    names, number = [], 0
    told = iter(rows)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        while not names or (first := next(told, None)):
            found = chain([first], told) if names else told
            names.append(table.name if not names else f"{table.name} {len(names) + 1}")
            number += _write_sheet(book, len(names), table.columns, found)
        names.append(ABOUT[language])
        _write_words(book, len(names), table, language)
        _write_contents(book, names)
    return number


def _write_sheet(book: zipfile.ZipFile, place: int, columns: tuple[Column, ...], rows: Iterator[Row]) -> int:
    """Write as many rows as one sheet holds, and return how many those were."""
    letters = [_letters(n) for n in range(len(columns))]
    wanted = [(column.name, letter, column.kind in NUMBERS) for column, letter in zip(columns, letters, strict=True)]
    written, line, gathered = 0, 1, []
    with book.open(f"xl/worksheets/sheet{place}.xml", "w") as sheet:
        heading = "".join(_text(column.name, f"{at}1", _BOLD) for column, at in zip(columns, letters, strict=True))
        sheet.write(f'{_SHEET}{_FIRST_LINE_STAYS}<sheetData><row r="1">{heading}</row>'.encode())
        while line < MOST_ROWS and written < MOST_BYTES and (row := next(rows, None)) is not None:
            line += 1
            gathered.append(_line(line, wanted, row))
            if len(gathered) == _SOME:
                written += sheet.write("".join(gathered).encode())
                gathered.clear()
        sheet.write(f"{''.join(gathered)}</sheetData></worksheet>".encode())
    return line - 1


def _line(line: int, wanted: list[tuple[str, str, bool]], row: Row) -> str:
    cells = [
        f'<c r="{letter}{line}"><v>{plain(value)!r}</v></c>' if is_number else _text(value, f"{letter}{line}")
        for name, letter, is_number in wanted
        if (value := row[name]) is not None and value != ""
    ]
    return f'<row r="{line}">{"".join(cells)}</row>'


def _text(value: str, at: str, style: str = "") -> str:
    return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{_kept(fitting(value))}</t></is></c>'


def _kept(text: str) -> str:
    """Text as the XML of a cell writes it: what XML cannot hold, and what looks as if it were such, as `_x000B_`."""
    if "_x" in text:
        text = _LOOKS_KEPT.sub("_x005F_", text)
    return _UNKEEPABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", escape(text))


def _write_words(book: zipfile.ZipFile, place: int, table: Table, language: str) -> None:
    lines = [HEADINGS[language], *((column.name, column.kind, column.words[language]) for column in table.columns)]
    with book.open(f"xl/worksheets/sheet{place}.xml", "w") as sheet:
        sheet.write(f"{_SHEET}{_WIDTHS}<sheetData>".encode())
        for line, told in enumerate(lines, 1):
            cells = [_text(words, f"{_letters(n)}{line}", _BOLD if line == 1 else "") for n, words in enumerate(told)]
            sheet.write(f'<row r="{line}">{"".join(cells)}</row>'.encode())
        sheet.write(b"</sheetData></worksheet>")


def _write_contents(book: zipfile.ZipFile, names: list[str]) -> None:
    """What a program that opens the workbook looks for first."""
    of_office, of_packages = f"{_SPACE}/officeDocument/2006/relationships", f"{_SPACE}/package/2006"
    sheets = range(1, len(names) + 1)
    links = [f'Id="rId{n}" Type="{of_office}/worksheet" Target="worksheets/sheet{n}.xml"' for n in sheets]
    links.append(f'Id="rId{len(names) + 1}" Type="{of_office}/styles" Target="styles.xml"')
    parts = [f'PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"' for n in sheets]
    parts.append(f'PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"')
    parts.append(f'PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"')
    book.writestr("xl/styles.xml", _STYLES)
    book.writestr(
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_SPACE}/spreadsheetml/2006/main" xmlns:r="{of_office}"><bookViews><workbookView/>'
        f"</bookViews><sheets>"
        + "".join(f'<sheet name="{escape(names[n - 1])}" sheetId="{n}" r:id="rId{n}"/>' for n in sheets)
        + "</sheets></workbook>",
    )
    book.writestr(
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{of_packages}/relationships">'
        + "".join(f"<Relationship {link}/>" for link in links)
        + "</Relationships>",
    )
    book.writestr(
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{of_packages}/relationships"><Relationship Id="rId1" '
        f'Type="{of_office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    book.writestr(
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{of_packages}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{"".join(f"<Override {part}/>" for part in parts)}</Types>',
    )


def _letters(place: int) -> str:
    """A column as spreadsheets name it: A, B … Z, AA."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
