"""Uploaded tables, read without trust: an XLSX workbook or a CSV file as numbered rows of plain text."""

import csv
import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from promotion.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 80 * 1024 * 1024
MAX_ROWS = 5000
# Lines that are looked at, empty ones included.
MAX_LINES = 2 * MAX_ROWS
MAX_COLUMNS = 60


@dataclass(frozen=True)
class TableRow:
    """One line of the file below its headings: the line number a person sees, and its cells by heading."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    headings: list[str]
    rows: list[TableRow]
    letters: dict[str, str] = field(default_factory=dict)

    def cell(self, heading: str, line: int) -> str:
        """The cell as a spreadsheet names it: H7."""
        return f"{self.letters.get(heading, '')}{line}"


def read_table(file_name: str, data: bytes) -> Table:
    """The first sheet of a workbook, or a CSV file in UTF-8 or GB18030.

    The heading line is the first line that is not empty. Raises Refused for a file that is too large, broken, protected,
    of another kind, in another encoding, without headings, or with a heading twice.
    """
    if len(data) > MAX_BYTES:
        raise Refused(_("文件超过 5 MB，没有读取。请拆成几个文件，分次导入。"))
    if not data.strip():
        raise Refused(_("文件是空的。请选择填好内容的工作簿。"))
    suffix = file_name.rsplit(".", 1)[-1].lower()
    if suffix == "csv":
        return as_table(_csv_lines(data))
    if suffix not in ("xlsx", "xlsm"):
        raise Refused(_("只能读 .xlsx 或 .csv 文件。请在表格软件中另存为 .xlsx 后再上传。"))
    return as_table(_workbook_lines(data))


def as_table(lines: Iterator[Sequence[Any]]) -> Table:
    """Lines of raw cells as a table of text, empty lines left out."""
    headings: list[str] = []
    rows: list[TableRow] = []
    for number, line in enumerate(lines, start=1):
        texts = [cell_text(value) for value in line[:MAX_COLUMNS]]
        if not any(texts):
            continue
        if not headings:
            headings = _checked_headings(texts)
            continue
        if len(rows) >= MAX_ROWS:
            raise Refused(
                _("文件超过 %(limit)s 行，没有读取。请拆成几个文件，分次导入。") % {"limit": MAX_ROWS}
            )
        cells = {heading: text for heading, text in zip(headings, texts, strict=False) if heading}
        rows.append(TableRow(number, cells))
    if not headings:
        raise Refused(_("文件里没有标题行。请用模板填写。"))
    if not rows:
        raise Refused(_("标题行下面没有数据。请填好后再上传。"))
    letters = {
        heading: get_column_letter(place) for place, heading in enumerate(headings, start=1) if heading
    }
    return Table([h for h in headings if h], rows, letters)


def cell_text(value: Any) -> str:
    """A cell as a person reads it: dates in ISO form, whole numbers without a fraction, no outer white space."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\u3000", " ").replace("\x00", "").strip()


def _checked_headings(texts: list[str]) -> list[str]:
    headings = ["".join(text.split()).removesuffix("*") for text in texts]
    twice = sorted({h for h in headings if h and headings.count(h) > 1})
    if twice:
        raise Refused(_("标题行里有重复的列：%(names)s。请删去多余的列。") % {"names": "、".join(twice)})
    return headings


def _csv_lines(data: bytes) -> Iterator[Sequence[Any]]:
    if b"\x00" in data[:1000]:
        raise Refused(_("文件编码不是 UTF-8 或 GB18030，没有读取。请另存为“CSV UTF-8”后再上传。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text, newline=""))
        except csv.Error as error:
            raise Refused(_("这个 CSV 文件有一行读不出来。请另存为 .xlsx 后再上传。")) from error
        return
    raise Refused(_("文件编码不是 UTF-8 或 GB18030，没有读取。请另存为“CSV UTF-8”后再上传。"))


def _workbook_lines(data: bytes) -> Iterator[Sequence[Any]]:
    broken = Refused(
        _("工作簿打不开：文件已损坏、带密码，或不是真正的 .xlsx。请用表格软件打开后另存一份再上传。")
    )
    if _unpacked_bytes(data, broken) > MAX_UNPACKED_BYTES:
        raise Refused(_("工作簿展开后过大，没有读取。请删去多余的工作表和图片。"))
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # A sheet may claim a million columns; what it says about its size is not believed.
        sheet.reset_dimensions()
        lines = list(itertools.islice(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), MAX_LINES))
        book.close()
    except Exception as error:  # the reader raises whatever the broken part of the file makes it raise
        raise broken from error
    yield from lines


def _unpacked_bytes(data: bytes, broken: Refused) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise broken from error
