"""Uploads whose content is what their name says."""

import io
import zipfile

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

_PAGE = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
)
# One empty page that a reader opens; what is appended behind it makes another file of the same look.
PDF = _PAGE + b"trailer\n<< /Size 4 /Root 1 0 R >>\n%%EOF\n"


def make_pdf(name: str = "合同盖章页.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def make_packed(name: str, *members: str) -> SimpleUploadedFile:
    """A zip file with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return SimpleUploadedFile(name, stream.getvalue())


def make_image(
    name: str = "现场照片.jpg", size: tuple[int, int] = (40, 20), turned: bool = False
) -> SimpleUploadedFile:
    """A picture in the format of its name; `turned` says in its EXIF data that the camera was held upright."""
    stream = io.BytesIO()
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    kind = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[name.rsplit(".", 1)[1]]
    Image.new("RGB", size, "steelblue").save(stream, kind, exif=exif)
    return SimpleUploadedFile(name, stream.getvalue())


def make_workbook(name: str = "台账.xlsx", rows: int = 2, sheets: int = 1) -> SimpleUploadedFile:
    """A workbook whose cells tell their row and column."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = f"表{number + 1}"
        for row in range(1, rows + 1):
            sheet.append([f"{row}-1", row, None])
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())
