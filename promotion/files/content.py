"""Whether a file can be opened at all: magic bytes say what it claims, a reader says whether it is whole.

Pure: bytes in, a sentence out. Readers are PDFium, Pillow and openpyxl; packed files are measured before they are unpacked.
"""

import io
import re
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pypdfium2
from django.utils.translation import gettext as _
from PIL import Image

# PDFium keeps state of its own and may run in one thread at a time.
PDFIUM = threading.Lock()
MOST_PIXELS = 120_000_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_MEMBERS = 10_000
# A text of this length in one member is no letter any more.
MOST_XML = 30 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The member that tells one packed format from another and from a plain archive.
PACKED = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "ofd": "OFD.xml",
}
MAGIC: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda head: b"%PDF-" in head,
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "webp": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
}


def fault_of(extension: str, content: bytes) -> str:
    """Why a file of this extension cannot be kept, as the end of a sentence; empty when it can."""
    if content.startswith(OLD_OFFICE):
        return _("是加密的或旧格式的办公文档；请去掉密码，另存为 DOCX、XLSX 或 PDF 再上传。")
    if not _is_what_it_says(extension, content):
        return _("的内容不是 %(type)s 文件；请上传原件，不要改扩展名。") % {"type": extension.upper()}
    match extension:
        case "pdf":
            return _fault_of_pdf(content)
        case "png" | "jpg" | "jpeg" | "webp":
            return _fault_of_image(content)
        case "txt":
            return ""
    return _fault_of_packed(extension, content)


def _is_what_it_says(extension: str, content: bytes) -> bool:
    if extension == "txt":
        return text_of(content) is not None
    if extension in MAGIC:
        return MAGIC[extension](content[:1024])
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return PACKED[extension] in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def text_of(content: bytes) -> str | None:
    """A plain text in UTF-8 or GB 18030; None for control bytes and other codes."""
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in content) or content.startswith(b"MZ"):
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


PDF_IDENTIFIER = re.compile(rb"(/ID\s*\[[^\]]*)<[0-9A-Fa-f]{32}>\s*\]")


@contextmanager
def opened_pdf(content: bytes) -> Iterator[Any]:
    """The PDF, open while the block runs. Raises pypdfium2.PdfiumError for one that is broken or needs a password."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            yield document
        finally:
            document.close()


def count_pages(content: bytes) -> int:
    """How many pages the PDF has."""
    with opened_pdf(content) as document:
        return len(document)


def joined_pdfs(contents: Sequence[bytes]) -> bytes:
    """One PDF with the pages of all, in order."""
    first, *rest = contents
    stream = io.BytesIO()
    with opened_pdf(first) as whole:
        for content in rest:
            part = pypdfium2.PdfDocument(content)
            whole.import_pages(part)
            part.close()
        whole.save(stream)
    # PDFium marks every file it writes with an identifier of its own: the same pages are to be the same file.
    return PDF_IDENTIFIER.sub(rb"\1<%b>]" % (b"0" * 32), stream.getvalue())


def _fault_of_pdf(content: bytes) -> str:
    try:
        with opened_pdf(content) as document:
            if len(document) == 0:
                return _("里没有一页；请重新导出或扫描。")
            document[0].get_size()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return _("设了打开密码，认定人看不到内容；请去掉密码再上传。")
        return _("是损坏的 PDF，打不开；请重新导出或扫描后再上传。")
    return ""


def _fault_of_image(content: bytes) -> str:
    broken = _("是损坏的图片，打不开；请重新拍照或导出后再上传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MOST_PIXELS:
                    return _("的像素太多（%(width)s × %(height)s）；请缩小后再上传。") % {
                        "width": image.width,
                        "height": image.height,
                    }
                image.verify()
    except Image.DecompressionBombError:
        return _("的像素太多；请缩小后再上传。")
    except (OSError, ValueError, SyntaxError):
        return broken
    return ""


def _fault_of_packed(extension: str, content: bytes) -> str:
    broken = _("是损坏的 %(type)s 文件，打不开；请重新保存后再上传。") % {"type": extension.upper()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > MOST_UNPACKED:
            return _("展开后太大，不能保存；请拆分或转成 PDF 再上传。")
        if any(each.flag_bits & 1 for each in members):
            return _("设了打开密码，认定人看不到内容；请去掉密码再上传。")
    try:
        if extension == "xlsx":
            opened_workbook(content).close()
        elif extension == "docx":
            next(paragraphs_of(content), "")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, AttributeError):
        return broken
    return ""


def opened_workbook(content: bytes) -> Any:
    """The workbook read line by line, values only. Raises ValueError or KeyError for a broken one."""
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except ET.ParseError as error:
        raise ValueError(str(error)) from error


def paragraphs_of(content: bytes) -> Iterator[str]:
    """The text of a DOCX, paragraph by paragraph. Raises ValueError for what is no such document.

    Declared entities are refused, so that nothing in the file can make it grow while it is read.
    """
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo(PACKED["docx"]).file_size > MOST_XML:
            raise ValueError("too long")
        body = archive.read(PACKED["docx"])
    if b"<!ENTITY" in body or b"<!DOCTYPE" in body:
        raise ValueError("entities")
    try:
        for _event, element in ET.iterparse(io.BytesIO(body)):  # noqa: S314 entities refused above
            if element.tag == f"{namespace}p":
                yield "".join(part.text or "" for part in element.iter(f"{namespace}t"))
                element.clear()
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
