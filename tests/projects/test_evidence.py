"""Checklists of evidence: which papers hold on which day, what recognition waits for, how papers are typed and replaced."""

import io
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.actions import (
    add_evidence_requirement,
    attach_document,
    change_evidence_requirement,
    classify_document,
    end_evidence_requirement,
    recognise_achievement,
    replace_document,
    report_achievement,
    write_default_checklist,
)
from projects.models import Achievement, Document, EvidenceRequirement, Project
from projects.queries.evidence import checklist_of, checklists_of, editions_of, second_uses_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account, Role
from tests.factories.files import PDF, make_image, make_packed, make_pdf, make_workbook
from tests.factories.projects import make_achievement, make_project, make_recognised
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, stage="registered", capital_source="foreign", project_class="major")


def require(actor: Account, document_type: str, **fields: Any) -> EvidenceRequirement:
    return add_evidence_requirement(
        actor=actor,
        **{
            "kind": "paid_in",
            "document_type": document_type,
            "holds_from": date(2026, 1, 1),
            **fields,
        },
    )


def paid_in(officer: Account, project: Project, *papers: tuple[str, str]) -> Achievement:
    return report_achievement(
        actor=officer,
        kind="paid_in",
        project=project,
        happened_on=DAY,
        amount=Decimal(1_000_000),
        certificate="FDI-1",
        evidence=[make_pdf(name, PDF + f"% {name}\n".encode()) for name, _type in papers],
        evidence_types=[document_type for _name, document_type in papers],
    )


def asked(achievement: Achievement) -> list[tuple[str, bool, int]]:
    return [(s.document_type, s.is_required, len(s.documents)) for s in checklist_of(achievement).slots]


def test_narrower_lines_stand_above_wider_ones_and_the_day_of_the_fact_decides(
    officer: Account, manager: Account, project: Project
) -> None:
    require(manager, "capital_proof")
    require(manager, "capital_proof", project_class="ordinary", necessity="recommended")
    require(manager, "exchange_registration", capital_source="foreign")
    require(manager, "foreign_filing", capital_source="domestic")
    require(manager, "bank_advice", necessity="recommended", holds_until=date(2026, 3, 1))
    require(manager, "contract", holds_from=date(2026, 3, 2))
    require(manager, "contract", kind="signed")

    made = paid_in(officer, project, ("凭证.pdf", "capital_proof"), ("别的.pdf", "other"))

    assert asked(made) == [("capital_proof", True, 1), ("exchange_registration", True, 0)]
    checklist = checklist_of(made)
    assert (checklist.count_text, checklist.missing_text) == ("1/2", "缺外汇业务登记凭证")
    assert [one.title for one in checklist.others] == ["别的.pdf"]


def test_what_a_name_speaks_of_is_its_type_until_somebody_says_otherwise(
    officer: Account, manager: Account, outsider: Account, project: Project
) -> None:
    require(manager, "capital_proof")
    made = paid_in(officer, project, ("第三笔验资报告.pdf", ""), ("扫描件01.pdf", ""))
    scan = made.documents.get(title="扫描件01.pdf")

    assert asked(made) == [("capital_proof", True, 1)]
    assert scan.document_type == "other"
    with pytest.raises(NotFound):
        classify_document(actor=outsider, document=scan, document_type="bank_advice")
    with pytest.raises(Refused):
        classify_document(actor=officer, document=scan, document_type="nothing")
    classify_document(actor=manager, document=scan, document_type="bank_advice")
    scan.refresh_from_db()
    assert scan.document_type == "bank_advice"
    entry = AuditEntry.objects.get(verb="document.classify")
    assert entry.detail == {"before": "other", "after": "bank_advice"}


def test_recognition_waits_for_the_required_papers_or_for_a_reason(
    officer: Account, manager: Account, deputy: Account, project: Project
) -> None:
    require(manager, "capital_proof")
    require(manager, "bank_advice", necessity="recommended")
    made = paid_in(officer, project, ("说明.pdf", "other"))

    with pytest.raises(Refused, match="缺验资报告，不能认定") as refusal:
        recognise_achievement(actor=manager, achievement=made)
    assert list(refusal.value.fields) == ["exception_reason"]
    made.refresh_from_db()
    assert made.state == "submitted"

    done = recognise_achievement(
        actor=manager, achievement=made, exception_reason="银行系统升级，报告下周补，先按进账单认定"
    )
    assert (done.state, done.exception_reason) == ("recognised", "银行系统升级，报告下周补，先按进账单认定")
    entry = AuditEntry.objects.get(verb="achievement.recognise")
    assert entry.detail["missing"] == ["验资报告"]
    assert entry.detail["exception_reason"] == done.exception_reason

    proved = paid_in(officer, project, ("验资报告.pdf", "capital_proof"))
    kept = recognise_achievement(actor=deputy, achievement=proved, exception_reason="用不着")
    assert (kept.state, kept.exception_reason) == ("recognised", "")


def test_newer_edition_takes_the_place_and_the_older_stays_readable(
    officer: Account, manager: Account, outsider: Account, project: Project
) -> None:
    require(manager, "capital_proof")
    made = paid_in(officer, project, ("验资报告.pdf", "capital_proof"))
    first = made.documents.get()
    upload = make_pdf("验资报告（盖章）.pdf", PDF + b"% stamped\n")

    with pytest.raises(NotFound):
        replace_document(actor=outsider, document=first, upload=upload, reason="补盖公章")
    with pytest.raises(NotAllowed):
        replace_document(actor=make_account(Role.AUDITOR), document=first, upload=upload, reason="补盖公章")
    with pytest.raises(Refused, match="为什么替换"):
        replace_document(actor=officer, document=first, upload=upload, reason=" ")
    same = make_pdf("又一次.pdf", PDF + "% 验资报告.pdf\n".encode())
    with pytest.raises(Refused, match="内容相同"):
        replace_document(actor=officer, document=first, upload=same, reason="补盖公章")
    second = replace_document(actor=officer, document=first, upload=upload, reason="补盖公章")

    first.refresh_from_db()
    assert (second.edition, second.replaces, second.document_type) == (2, first, "capital_proof")
    assert first.replaced_at is not None
    assert first.file.size > 0
    assert asked(made) == [("capital_proof", True, 1)]
    assert [(one.edition, one.replace_reason) for one in editions_of(first)] == [(2, "补盖公章"), (1, "")]
    with pytest.raises(Conflict, match="第 2 版"):
        replace_document(
            actor=officer, document=first, upload=make_pdf("三.pdf", PDF + b"% 3\n"), reason="再换"
        )
    entry = AuditEntry.objects.get(verb="document.replace")
    assert entry.reason == "补盖公章"
    assert (entry.detail["replaces"], entry.detail["edition"]) == (first.public_id, 2)
    assert entry.detail["before"]["digest"] == first.digest != entry.detail["after"]["digest"]


def test_evidence_of_what_was_recognised_is_neither_replaced_nor_sorted(
    officer: Account, manager: Account, project: Project
) -> None:
    made = paid_in(officer, project, ("验资报告.pdf", "capital_proof"))
    recognise_achievement(actor=manager, achievement=made)
    paper = made.documents.get()

    for refused in (
        lambda: replace_document(actor=officer, document=paper, upload=make_pdf(), reason="换"),
        lambda: classify_document(actor=officer, document=paper, document_type="other"),
    ):
        with pytest.raises(Refused, match="佐证不能再变"):
            refused()


def test_same_paper_elsewhere_is_told(officer: Account, project: Project) -> None:
    made, other = (make_achievement(make_project(officer), officer, kind="tax") for _ in range(2))
    for one in (made, other):
        attach_document(actor=officer, achievement=one, upload=make_pdf("完税证明.pdf"))

    uses = second_uses_of([made])

    (use,) = uses[made.pk]
    assert use.title == "完税证明.pdf"
    assert str(other.project) in use.elsewhere
    assert other.public_id in use.url


def test_checklists_cost_the_same_for_one_and_for_three(
    officer: Account, manager: Account, project: Project
) -> None:
    require(manager, "capital_proof")
    listed, counts = [], []
    for number in range(3):
        listed.append(paid_in(officer, project, (f"验资报告{number}.pdf", "")))
        if number in (0, 2):
            with CaptureQueriesContext(connection) as captured:
                assert len(checklists_of(listed)) == number + 1
            counts.append(len(captured))

    assert counts == [2, 2]


def encrypted() -> bytes:
    """A PDF that asks for a password (RC4, as every old printer driver writes it)."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
        b"4 0 obj\n<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <"
        + b"28" * 32
        + b"> /U <"
        + b"41" * 32
        + b"> >>\nendobj\n"
        b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] >>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("断的.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "是损坏的 PDF"),
        ("加密.pdf", encrypted(), "设了打开密码"),
        ("断的.png", make_image("a.png").read()[:40], "是损坏的图片"),
        ("旧的.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加密的或旧格式"),
        ("断的.xlsx", make_packed("a.xlsx", "xl/workbook.xml").read(), "是损坏的 XLSX"),
    ],
)
def test_file_that_nobody_can_open_is_refused(
    officer: Account, project: Project, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        attach_document(actor=officer, project=project, upload=SimpleUploadedFile(name, content))
    assert not Document.objects.exists()


def test_packed_file_that_would_burst_is_refused(
    officer: Account, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promotion.files.content.MOST_UNPACKED", 10)
    with pytest.raises(Refused, match="展开后太大"):
        attach_document(actor=officer, project=project, upload=make_workbook())


def test_line_begins_changes_and_ends_on_days(manager: Account, hr: Account, officer: Account) -> None:
    line = require(hr, "capital_proof", note="本区认定办法第五条")

    with pytest.raises(NotAllowed):
        require(officer, "contract")
    with pytest.raises(Conflict, match="已有一条要求"):
        require(manager, "capital_proof", holds_from=date(2026, 6, 1))
    with pytest.raises(Refused, match="没有“nothing”"):
        require(manager, "nothing")
    newer = change_evidence_requirement(
        actor=manager, requirement=line, from_day=date(2026, 7, 1), necessity="recommended", seen=1
    )
    with pytest.raises(Conflict):
        change_evidence_requirement(
            actor=manager, requirement=line, from_day=date(2026, 5, 1), necessity="recommended", seen=1
        )
    with pytest.raises(Refused, match="停止的理由"):
        end_evidence_requirement(actor=manager, requirement=newer, on=date(2027, 1, 1), reason="")
    with pytest.raises(Refused, match="落在这段时间"):
        end_evidence_requirement(actor=manager, requirement=newer, on=date(2026, 7, 1), reason="不再要求")
    end_evidence_requirement(actor=manager, requirement=newer, on=date(2027, 1, 1), reason="不再要求")

    rows = EvidenceRequirement.objects.order_by("holds_from").values_list(
        "necessity", "holds_from", "holds_until", "note"
    )
    assert list(rows) == [
        ("required", date(2026, 1, 1), date(2026, 7, 1), "本区认定办法第五条"),
        ("recommended", date(2026, 7, 1), date(2027, 1, 1), "本区认定办法第五条"),
    ]
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["evidence.require", "evidence.change", "evidence.end"]


def test_house_begins_with_a_checklist_once(manager: Account) -> None:
    assert write_default_checklist(actor=manager) == EvidenceRequirement.objects.count() > 15
    assert not EvidenceRequirement.objects.exclude(note__contains="假设").exists()
    with pytest.raises(Refused):
        write_default_checklist(actor=manager)


def on_two_connections(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Both at once, each on a connection of its own; what each gave or raised."""
    start, results = threading.Barrier(2), [None, None]

    def run(place: int, perform: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = perform()
        except (Conflict, Refused) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_once_one_recognises_and_the_other_is_told(
    officer: Account, manager: Account, deputy: Account
) -> None:
    made = make_achievement(make_project(officer), officer)

    results = on_two_connections(
        lambda: recognise_achievement(actor=manager, achievement=made, seen=1),
        lambda: recognise_achievement(
            actor=deputy, achievement=made, recognised_amount=Decimal(1), note="核减", seen=1
        ),
    )

    losers = [one for one in results if isinstance(one, Conflict)]
    winners = [one for one in results if isinstance(one, Achievement)]
    assert (len(winners), len(losers)) == (1, 1), results
    made.refresh_from_db()
    assert (made.state, made.recognised_amount, made.version) == (
        "recognised",
        winners[0].recognised_amount,
        2,
    )
    assert made.decided_by is not None
    assert made.decided_by.display_name in losers[0].message
    assert AuditEntry.objects.filter(verb="achievement.recognise").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_replacements_at_once_one_holds(
    officer: Account, colleague: Account, manager: Account
) -> None:
    project = make_project(officer)
    made = make_achievement(project, officer)
    paper = attach_document(actor=officer, achievement=made, upload=make_pdf())

    results = on_two_connections(
        *(
            lambda who=who, n=n: replace_document(
                actor=who, document=paper, upload=make_pdf(f"{n}.pdf", PDF + b"%% %d\n" % n), reason="换"
            )
            for n, who in enumerate((officer, manager))
        )
    )

    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Document"], results
    assert sorted(made.documents.values_list("edition", flat=True)) == [1, 2]


def test_pdf_of_this_module_asks_for_a_password() -> None:
    with pytest.raises(pypdfium2.PdfiumError, match=r"(?i)password"):
        pypdfium2.PdfDocument(io.BytesIO(encrypted()))


def test_recognised_evidence_keeps_its_count(officer: Account, manager: Account) -> None:
    made = make_recognised(make_project(officer), officer, manager)

    assert checklist_of(made).count_text == "0"
