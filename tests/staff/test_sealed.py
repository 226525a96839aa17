"""Sealed archives: clear text is nowhere but in the one dialog, every opening is kept, and the product runs without the key."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry, ImportBatch, Notice
from promotion.sealing import KeyTrouble
from staff.actions import sealed as actions
from staff.checks import check_sealing_keys
from staff.models import Account, Role, SealedOpening, SealedRecord
from staff.queries.sealed import key_state
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db
CLEAR = "正科级十九档暗语"
KEYS = [Fernet.generate_key().decode() for _ in range(2)]


@pytest.fixture
def record(hr: Account, officer: Account) -> SealedRecord:
    assert officer.person is not None
    return actions.write_sealed(
        actor=hr, person=officer.person, subject="post", text=CLEAR, starts_on=date(2021, 1, 1)
    )


def tables_with(text: str) -> list[str]:
    """Every table of the database that holds the text in any column of any row, history and trail included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}" AS row WHERE row::text LIKE %s', [f"%{text}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_clear_text_is_in_no_table_before_and_after_opening(hr: Account, record: SealedRecord) -> None:
    actions.open_sealed(actor=hr, sealed=record, reason="干部人事档案核查")
    actions.end_sealed(actor=hr, sealed=record, ends_on=date(2025, 1, 1), reason="另行封存")

    assert tables_with(CLEAR) == []
    # The search itself finds what is there.
    assert "staff_sealedopening" in tables_with("干部人事档案核查")


def test_clear_text_is_on_no_other_page_list_search_export_or_api(
    hr: Account, officer: Account, auditor: Account, administrator: Account, record: SealedRecord,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    assert officer.person is not None
    actions.open_sealed(actor=hr, sealed=record, reason="干部人事档案核查")
    addresses = [
        "/teams/sealed/", f"/teams/people/{officer.person.public_id}/", f"/teams/people/{officer.person.public_id}/sealed/",
        f"/teams/sealed/{record.public_id}/open/", "/teams/people/", "/search/?q=正科级", "/audit/",
        "/notices/", "/teams/roster/export.xlsx", f"/api/people/{officer.person.public_id}/", "/health/", "/",
        f"/administration/staff/person/{officer.person.pk}/change/",
    ]  # fmt: skip
    asked = 0
    for account in (hr, officer, auditor, administrator):
        client = Client(raise_request_exception=False)
        client.force_login(account)
        for address in addresses:
            reply = client.get(address)
            body = b"".join(reply.streaming_content) if reply.streaming else reply.content  # type: ignore[attr-defined]
            assert CLEAR not in body.decode(errors="replace"), address
            asked += reply.status_code == 200
    assert asked > 30


def test_only_hr_opens_with_a_reason_and_auditor_and_person_see_that(
    hr: Account, officer: Account, auditor: Account, record: SealedRecord, client_as: Callable[..., Client]
) -> None:
    address = f"/teams/sealed/{record.public_id}/open/"
    statuses = {
        role: client_as(make_account(Role(role))).post(address, {"reason": "想看一看"}).status_code
        for role in ("officer", "leader", "manager", "administrator", "auditor")
    }
    own = client_as(officer).post(address, {"reason": "我自己的档案"}).status_code
    short = client_as(hr).post(address, {"reason": "看"})
    none_yet = SealedOpening.objects.count()
    opened = client_as(hr).post(address, {"reason": "干部人事档案核查"})

    assert statuses == {"officer": 404, "leader": 404, "manager": 404, "administrator": 404, "auditor": 403}
    assert (own, short.status_code, none_yet) == (403, 422, 0)
    assert CLEAR in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert CLEAR not in client_as(hr).get(address).content.decode()
    opening = SealedOpening.objects.get()
    assert (opening.opened_by, opening.reason) == (hr, "干部人事档案核查")
    assert AuditEntry.objects.get(verb="sealed.open").detail["subject"] == "post"
    assert "干部人事档案核查" in Notice.objects.get(recipient=officer).text
    for reader in (auditor, officer):
        page = client_as(reader).get(f"/teams/people/{record.person.public_id}/sealed/").content.decode()
        assert ("干部人事档案核查" in page, hr.display_name in page, CLEAR in page) == (True, True, False)
    other = client_as(make_account()).get(f"/teams/people/{record.person.public_id}/sealed/")
    assert other.status_code == 404


def test_openings_are_never_changed_or_deleted(hr: Account, record: SealedRecord) -> None:
    actions.open_sealed(actor=hr, sealed=record, reason="干部人事档案核查")
    for change in (
        lambda: SealedOpening.objects.update(reason="别的"),
        lambda: SealedOpening.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert SealedOpening.objects.get().reason == "干部人事档案核查"


def test_facts_are_dated_apart_and_only_hr_seals(hr: Account, manager: Account, record: SealedRecord) -> None:
    given: dict[str, Any] = {
        "person": record.person,
        "subject": "post",
        "text": "新的",
        "starts_on": date(2024, 1, 1),
    }
    with pytest.raises(NotAllowed):
        actions.write_sealed(actor=manager, **given)
    with pytest.raises(Refused):
        actions.write_sealed(actor=hr, **given | {"text": "字" * 501})

    actions.write_sealed(actor=hr, **given)
    actions.write_sealed(actor=hr, **given | {"subject": "wage"})
    with pytest.raises(Conflict, match="同一事项"):
        actions.write_sealed(actor=hr, **given | {"starts_on": date(2023, 1, 1)})

    spans = SealedRecord.objects.order_by("subject", "starts_on").values_list(
        "subject", "starts_on", "ends_on"
    )
    assert list(spans) == [
        ("post", date(2021, 1, 1), date(2024, 1, 1)),
        ("post", date(2024, 1, 1), None),
        ("wage", date(2024, 1, 1), None),
    ]


def test_without_a_key_sealed_pages_say_so_and_the_rest_runs(
    hr: Account, record: SealedRecord, client_as: Callable[..., Client], settings: Any
) -> None:
    settings.SEALED_KEYS = []
    client = client_as(hr)
    seal = {"subject": "wage", "text": "仍在框里", "starts_on": "2024-01-01"}

    page = client.get("/teams/sealed/").content.decode()
    opened = client.post(f"/teams/sealed/{record.public_id}/open/", {"reason": "干部人事档案核查"})
    sealed = client.post(f"/teams/people/{record.person.public_id}/sealed/new/", seal)

    assert "密钥没有配置" in page
    assert (opened.status_code, sealed.status_code) == (422, 422)
    assert "仍在框里" in sealed.content.decode()
    assert (SealedOpening.objects.count(), SealedRecord.objects.count()) == (0, 1)
    assert client.get(f"/teams/people/{record.person.public_id}/").status_code == 200
    health = client.get("/health/").json()
    assert health["sealed_archives"] == "missing"
    assert [one.id for one in check_sealing_keys()] == ["staff.W001"]


def test_a_wrong_key_is_noticed_before_anybody_opens(
    record: SealedRecord, hr: Account, settings: Any
) -> None:
    settings.SEALED_KEYS = [KEYS[0]]

    assert key_state().state == "wrong"
    assert [one.id for one in check_sealing_keys()] == ["staff.E003"]
    with pytest.raises(KeyTrouble):
        actions.open_sealed(actor=hr, sealed=record, reason="干部人事档案核查")
    assert SealedOpening.objects.count() == 0


def test_a_row_moved_to_somebody_else_does_not_open(hr: Account, record: SealedRecord) -> None:
    SealedRecord.objects.filter(pk=record.pk).update(person=make_person())

    with pytest.raises(KeyTrouble, match="不属于"):
        actions.open_sealed(actor=hr, sealed=record, reason="干部人事档案核查")


def test_keys_are_changed_batch_by_batch_and_taken_up_again(
    hr: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEALED_KEYS = [KEYS[0]]
    people = [make_person() for _ in range(5)]
    records = [
        actions.write_sealed(actor=hr, person=one, subject="wage", text=CLEAR, starts_on=date(2021, 1, 1))
        for one in people
    ]
    settings.SEALED_KEYS = [KEYS[1], KEYS[0]]
    monkeypatch.setattr(actions, "BATCH", 2)

    first = actions.rotate_batch()
    halfway = key_state()
    out = io.StringIO()
    call_command("rotate_sealed_keys", stdout=out)
    settings.SEALED_KEYS = [KEYS[1]]

    assert (first, halfway.state, halfway.old) == (2, "ok", 3)
    assert "3 of 3" in out.getvalue()
    assert key_state().state == "ok"
    assert [actions.open_sealed(actor=hr, sealed=one, reason="换钥后核对") for one in records] == [CLEAR] * 5
    settings.SEALED_KEYS = []
    with pytest.raises(CommandError):
        call_command("rotate_sealed_keys", stdout=out)


def upload(rows: list[list[object]]) -> SimpleUploadedFile:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [["工号", "姓名", "封存事项", "内容", "起", "最后一日"], *rows]:
        sheet.append(row)
    book.save(stream)
    return SimpleUploadedFile("封存.xlsx", stream.getvalue())


def test_an_upload_is_sealed_before_it_is_kept_and_refused_rows_come_without_content(
    hr: Account, client_as: Callable[..., Client]
) -> None:
    person = make_person(staff_number="ZS001", name="陆知远")
    client = client_as(hr)
    file = upload(
        [
            ["ZS001", "陆知远", "档案工资", CLEAR, "2021-01-01", ""],
            ["ZS999", "", "档案职务", CLEAR + "二", "2021-01-01", ""],
        ]
    )

    kept = client.post("/teams/sealed/import/", {"file": file})
    batch = ImportBatch.objects.get(kind="sealed")
    preview = client.get(kept["Location"]).content.decode()
    in_tables = tables_with(CLEAR)
    client.post(f"/teams/sealed/import/{batch.public_id}/apply/")
    batch.refresh_from_db()
    record = SealedRecord.objects.get(person=person)

    assert ("陆知远" in preview, "没有工号为 ZS999" in preview, CLEAR in preview) == (True, True, False)
    assert (in_tables, tables_with(CLEAR), batch.accepted) == ([], [], [])
    assert actions.open_sealed(actor=hr, sealed=record, reason="导入后核对") == CLEAR
    assert client_as(make_account(Role.AUDITOR)).get("/teams/sealed/import/").status_code == 403
