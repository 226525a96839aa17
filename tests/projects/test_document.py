"""Files: what is kept, what is refused by its content, who may open what, and how it is sent."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.actions import attach_document
from projects.models import Document
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.files.upload import cleaned_title
from staff.models import Account
from tests.factories.files import PDF, make_image, make_packed, make_pdf, make_workbook
from tests.factories.projects import make_achievement, make_project, make_recognised

pytestmark = pytest.mark.django_db
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200


@pytest.mark.parametrize(
    ("upload", "content_type"),
    [
        (make_pdf("协议.PDF"), "application/pdf"),
        (make_image("照片.png"), "image/png"),
        (make_image("照片.jpg"), "image/jpeg"),
        (make_image("照片.webp"), "image/webp"),
        (make_packed("纪要.docx", "word/document.xml"), "word"),
        (make_workbook("台账.xlsx"), "sheet"),
        (make_packed("汇报.pptx", "ppt/presentation.xml"), "presentation"),
        (make_packed("发票.ofd", "OFD.xml"), "application/ofd"),
        (SimpleUploadedFile("说明.txt", "情况说明".encode("gb18030")), "text/plain"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_file_is_kept_when_its_content_is_what_its_name_says(
    officer: Account, upload: SimpleUploadedFile, content_type: str
) -> None:
    project = make_project(officer)
    upload.seek(0)

    made = attach_document(actor=officer, project=project, upload=upload)

    upload.seek(0)
    assert content_type in made.content_type
    assert (made.project, made.size, made.digest) == (
        project,
        upload.size,
        hashlib.sha256(upload.read()).hexdigest(),
    )
    assert made.title == upload.name
    assert made.public_id in made.file.name
    assert "协议" not in made.file.name


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("改名.pdf", EXE),
        SimpleUploadedFile("病毒.exe", EXE),
        SimpleUploadedFile("网页.html", b"<script>alert(1)</script>"),
        SimpleUploadedFile("图形.svg", b"<svg/>"),
        SimpleUploadedFile("空.pdf", b""),
        SimpleUploadedFile("没有扩展名", PDF),
        SimpleUploadedFile("文本.txt", EXE),
        SimpleUploadedFile("图.png", b"\xff\xd8\xff\xe0"),
        SimpleUploadedFile("坏的.docx", b"PK\x03\x04broken"),
        make_packed("压缩.zip", "a.txt"),
        make_packed("其实是压缩包.docx", "a.txt"),
        make_packed("其实是表格.docx", "xl/workbook.xml"),
    ],
    ids=lambda upload: upload.name,
)
def test_file_of_another_content_is_refused(officer: Account, upload: SimpleUploadedFile) -> None:
    upload.seek(0)

    with pytest.raises(Refused) as refusal:
        attach_document(actor=officer, project=make_project(officer), upload=upload)

    assert list(refusal.value.fields) == ["evidence"]
    assert Document.objects.count() == 0


def test_file_over_the_limit_is_refused(officer: Account, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = len(PDF)
    project = make_project(officer)

    attach_document(actor=officer, project=project, upload=make_pdf())
    with pytest.raises(Refused, match="MB"):
        attach_document(actor=officer, project=project, upload=make_pdf(content=PDF + b" "))


def test_same_content_is_kept_once_per_achievement(officer: Account) -> None:
    made = make_achievement(make_project(officer), officer)
    attach_document(actor=officer, achievement=made, upload=make_pdf("甲.pdf"))

    with pytest.raises(Refused, match="已经在佐证里"):
        attach_document(actor=officer, achievement=made, upload=make_pdf("乙.pdf"))

    assert [d.title for d in made.documents.all()] == ["甲.pdf"]


def test_evidence_of_what_was_recognised_stays_as_it_was(officer: Account, manager: Account) -> None:
    made = make_recognised(make_project(officer), officer, manager)

    with pytest.raises(Refused, match="佐证不能再变"):
        attach_document(actor=officer, achievement=made, upload=make_pdf())


def test_files_are_added_by_the_team_only(
    officer: Account, outsider: Account, auditor: Account, colleague: Account
) -> None:
    project = make_project(officer)

    with pytest.raises(NotFound):
        attach_document(actor=outsider, project=project, upload=make_pdf())
    for reader in (auditor, colleague):
        with pytest.raises(NotAllowed):
            attach_document(actor=reader, project=project, upload=make_pdf())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("..\\..\\合同.pdf", "合同.pdf"),
        ("/etc/合同.pdf", "合同.pdf"),
        ("合\u202efdp.exe.pdf", "合fdp.exe.pdf"),
        ('a"<b>\r\nX.pdf', "abX.pdf"),
        ("长" * 300 + ".pdf", "长" * 156 + ".pdf"),
        ("", "未命名"),
    ],
)
def test_name_is_kept_without_what_could_mislead(name: str, title: str) -> None:
    assert cleaned_title(name) == title


def test_file_opens_under_its_chinese_name_and_runs_nothing(officer: Account, client_as: Any) -> None:
    project = make_project(officer)
    pdf = attach_document(actor=officer, project=project, upload=make_pdf("投资协议.pdf"))
    sheet = attach_document(actor=officer, project=project, upload=make_workbook("台账.xlsx"))
    image = attach_document(actor=officer, project=project, upload=make_image("图.png"))
    client = client_as(officer)

    answers = {
        d.title: client.get(reverse("projects:document", args=[d.public_id])) for d in (pdf, sheet, image)
    }
    saved = client.get(reverse("projects:document", args=[pdf.public_id]) + "?download=1")

    assert b"".join(answers["投资协议.pdf"].streaming_content) == PDF
    for answer in (*answers.values(), saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'none'" in answer["Content-Security-Policy"] or (
            "default-src 'none'" in answer["Content-Security-Policy"]
            and "sandbox" in answer["Content-Security-Policy"]
        )
    coded = "%E6%8A%95%E8%B5%84%E5%8D%8F%E8%AE%AE.pdf"
    assert answers["投资协议.pdf"]["Content-Disposition"] == f"inline; filename*=utf-8''{coded}"
    assert answers["台账.xlsx"]["Content-Disposition"].startswith("attachment;")
    assert answers["图.png"]["Content-Disposition"].startswith("inline;")
    assert saved["Content-Disposition"].startswith("attachment;")


def test_file_is_not_there_for_those_who_may_not_see_it(
    officer: Account, outsider: Account, auditor: Account, client_as
) -> None:
    made = make_achievement(make_project(officer), officer)
    document = attach_document(actor=officer, achievement=made, upload=make_pdf())
    url = reverse("projects:document", args=[document.public_id])

    statuses = {who: client_as(who).get(url).status_code for who in (officer, auditor, outsider)}

    assert statuses == {officer: 200, auditor: 200, outsider: 404}
