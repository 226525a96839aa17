"""Contracts of employment: drafted, signed, renewed, ended; never two on one day; ends are told in time."""

import io
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Outcome, Refused
from promotion.models import AuditEntry, Notice
from staff import actions
from staff.models import Account, Contract, ContractReminder, ContractState, Role, Team
from staff.queries.contract import contracts_due
from tests.factories.contracts import make_contract
from tests.factories.files import make_pdf
from tests.factories.staff import make_account, make_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def days_of(contract: Contract) -> tuple[str, date, date | None]:
    contract.refresh_from_db()
    return contract.state, contract.starts_on, contract.ends_on


def test_a_draft_is_numbered_by_year_and_binds_nobody_until_it_is_signed(
    hr: Account, first_team: Team
) -> None:
    person = make_person(joined_on=date(2020, 1, 1))
    running = make_contract(person)
    terms: dict[str, Any] = {"starts_on": date(2025, 7, 1), "ends_on": date(2027, 1, 1), "grade": "senior"}

    with pytest.raises(Conflict) as refusal:
        actions.draft_contract(actor=hr, person=person, **terms)
    draft = actions.draft_contract(actor=hr, person=person, team=first_team, end_earlier=True, **terms)
    second = actions.draft_contract(actor=hr, person=make_person(), **terms)
    before = days_of(running)
    actions.sign_contract(actor=hr, contract=draft, signed_on=date(2025, 6, 20), paper=make_pdf())

    running.refresh_from_db()
    assert running.number in refusal.value.message
    assert (draft.number, second.number) == ("HT-2025-0001", "HT-2025-0002")
    assert before == ("signed", date(2025, 1, 1), date(2026, 1, 1))
    assert days_of(running) == ("ended", date(2025, 1, 1), date(2025, 7, 1))
    assert (running.agreed_until, running.end_reason) == (date(2026, 1, 1), "由 HT-2025-0001 接续")
    assert days_of(draft) == ("signed", date(2025, 7, 1), date(2027, 1, 1))
    assert draft.renews == running
    assert AuditEntry.objects.filter(verb="contract.sign").get().detail["ended"] == running.number


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"starts_on": date(2019, 12, 31)}, "starts_on"),
        ({"ends_on": date(2025, 1, 1)}, "last_day"),
        ({"probation_until": date(2025, 9, 1)}, "probation_last_day"),
        ({"probation_until": date(2025, 1, 1)}, "probation_last_day"),
        ({"ends_on": date(2025, 3, 1), "probation_until": date(2025, 4, 1)}, "probation_last_day"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_input(
    hr: Account, terms: dict[str, Any], field: str
) -> None:
    person = make_person(joined_on=date(2020, 1, 1))

    with pytest.raises(Refused) as refusal:
        actions.draft_contract(actor=hr, person=person, **{"starts_on": date(2025, 1, 1), **terms})

    assert list(refusal.value.fields) == [field]
    assert Contract.objects.count() == 0


def test_only_hr_and_administrators_write_contracts(hr: Account, manager: Account, officer: Account) -> None:
    contract = make_contract(officer.person)
    for actor in (manager, officer):
        with pytest.raises(NotAllowed):
            actions.end_contract(actor=actor, contract=contract, ends_on=date(2025, 7, 1), reason="调离")
    assert days_of(contract) == ("signed", date(2025, 1, 1), date(2026, 1, 1))

    actions.end_contract(actor=hr, contract=contract, ends_on=date(2025, 7, 1), reason="调离")

    assert days_of(contract) == ("ended", date(2025, 1, 1), date(2025, 7, 1))
    assert (
        Notice.objects.get(recipient=officer).text == f"您的聘用合同 {contract.number} 于 2025-06-30 终止。"
    )


def test_a_signed_contract_is_not_changed_and_two_editors_of_a_draft_are_told(hr: Account) -> None:
    draft = make_contract(state=ContractState.DRAFT)
    actions.change_contract(actor=hr, contract=draft, seen=1, grade="first")

    with pytest.raises(Conflict) as behind:
        actions.change_contract(actor=hr, contract=draft, seen=1, grade="second")
    actions.sign_contract(actor=hr, contract=draft, signed_on=date(2025, 1, 1))
    with pytest.raises(Refused):
        actions.change_contract(actor=hr, contract=draft, grade="second")
    with pytest.raises(Refused):
        actions.drop_contract(actor=hr, contract=draft)

    draft.refresh_from_db()
    assert "没有丢失" in behind.value.message
    assert (draft.grade, draft.state) == ("first", "signed")


def test_an_end_needs_a_reason_and_lies_within_the_contract(hr: Account) -> None:
    contract = make_contract()
    asked = [(date(2025, 7, 1), " "), (date(2025, 1, 1), "调离"), (date(2026, 2, 1), "调离")]

    said = []
    for ends_on, reason in asked:
        with pytest.raises(Refused) as refusal:
            actions.end_contract(actor=hr, contract=contract, ends_on=ends_on, reason=reason)
        said += list(refusal.value.fields)

    assert said == ["reason", "last_day", "last_day"]
    assert days_of(contract) == ("signed", date(2025, 1, 1), date(2026, 1, 1))


def test_ends_are_told_at_60_and_at_30_days_once_each(hr: Account, officer: Account) -> None:
    make_contract(officer.person, starts_on=date(2025, 5, 1), ends_on=date(2026, 5, 1))
    make_contract(number="转正", starts_on=date(2026, 1, 1), ends_on=None, probation_until=date(2026, 3, 15))
    renewed = make_contract(starts_on=date(2025, 4, 15), ends_on=date(2026, 4, 15))
    make_contract(renewed.person, starts_on=date(2026, 4, 15), ends_on=None, renews=renewed)

    told = [
        actions.tell_contract_ends(actor=None, today=TODAY + timedelta(days=days))
        for days in (0, 0, 29, 30, 31)
    ]

    assert told == [2, 0, 1, 0, 0]
    assert sorted(ContractReminder.objects.values_list("occasion", flat=True)) == [
        "end-30",
        "end-60",
        "probation-30",
    ]
    own = list(Notice.objects.filter(recipient=officer).order_by("pk").values_list("text", flat=True))
    number = officer.person.contracts.get().number  # type: ignore[union-attr]
    assert own == [
        f"您的合同 {number} 将于 2026-04-30 到期，还有 59 天；续签事宜请与人事联系。",
        f"您的合同 {number} 将于 2026-04-30 到期，还有 30 天；续签事宜请与人事联系。",
    ]
    assert Notice.objects.filter(recipient=hr).count() == 3


def test_hr_decides_30_days_before_an_end_and_the_person_reads_the_own_end(
    hr: Account, officer: Account
) -> None:
    contract = make_contract(officer.person, starts_on=date(2025, 5, 1), ends_on=date(2026, 5, 1))
    make_contract(starts_on=date(2026, 1, 1), ends_on=None, probation_until=date(2026, 3, 15))
    until = date(2026, 3, 31)

    def shown(actor: Account, day: date) -> list[tuple[str, date]]:
        return [(item.kind, item.on) for item in contracts_due(actor, day)]

    assert shown(hr, until) == [("contract-renewal", date(2026, 3, 31)), ("probation-end", date(2026, 3, 14))]
    assert shown(officer, date(2026, 4, 30)) == [("contract-end", date(2026, 4, 30))]
    assert shown(make_account(Role.MANAGER), date(2026, 4, 30)) == []
    actions.end_contract(actor=hr, contract=contract, ends_on=date(2026, 5, 1), reason="到期不续")
    assert shown(hr, until) == [("probation-end", date(2026, 3, 14))]
    assert shown(officer, date(2026, 4, 30)) == []


def test_a_probation_is_passed_once(hr: Account) -> None:
    contract = make_contract(probation_until=date(2025, 4, 1))
    actions.confirm_probation(actor=hr, contract=contract, passed_on=date(2025, 3, 31))

    with pytest.raises(Refused):
        actions.confirm_probation(actor=hr, contract=contract, passed_on=date(2025, 3, 31))
    with pytest.raises(Refused):
        actions.confirm_probation(actor=hr, contract=make_contract(), passed_on=date(2025, 3, 31))

    contract.refresh_from_db()
    assert contract.probation_passed_on == date(2025, 3, 31)


def test_pages_from_draft_to_signature(
    hr: Account, officer: Account, client_as: Callable[..., Client]
) -> None:
    client, person = client_as(hr), officer.person
    assert person is not None
    begun = client.get(f"/teams/people/{person.public_id}/contract/").content.decode()
    refused = client.post(
        f"/teams/people/{person.public_id}/contract/",
        {
            "kind": "post",
            "body_name": "bureau",
            "starts_on": "2026-01-01",
            "last_day": "2025-12-31",
            "grade": "first",
        },
    )
    client.post(
        f"/teams/people/{person.public_id}/contract/",
        {
            "kind": "post",
            "body_name": "bureau",
            "starts_on": "2026-01-01",
            "last_day": "2028-12-31",
            "grade": "first",
        },
    )
    contract = Contract.objects.get()
    client.post(
        f"/teams/contracts/{contract.public_id}/sign/",
        {"signed_on": "2025-12-20", "seen": 1, "paper": make_pdf()},
    )
    contract.refresh_from_db()
    shown = client_as(officer).get(f"/teams/contracts/{contract.public_id}/").content.decode()
    paper = client_as(officer).get(f"/teams/papers/{contract.paper.public_id}/")  # type: ignore[union-attr]

    assert 'value="first" selected' in begun
    assert refused.status_code == 422
    assert 'value="2025-12-31"' in refused.content.decode()
    assert (contract.state, contract.ends_on, contract.body_name) == ("signed", date(2029, 1, 1), "bureau")
    assert "招商局" in shown
    assert "登记签字件" not in shown
    assert paper.status_code == 200


def test_colleagues_do_not_read_each_others_contracts(
    officer: Account, colleague: Account, leader: Account, client_as: Callable[..., Client]
) -> None:
    contract = make_contract(officer.person, number="HT-2025-0009")
    addresses = [f"/teams/contracts/{contract.public_id}/{part}" for part in ("", "paper.pdf")]

    for actor, status in ((officer, 200), (colleague, 404), (leader, 404)):
        client = client_as(actor)
        assert [client.get(address).status_code for address in addresses] == [status, status]
        listed = client.get("/teams/contracts/").content.decode()
        person = client.get(f"/teams/people/{contract.person.public_id}/").content.decode()
        assert ("HT-2025-0009" in listed, "HT-2025-0009" in person) == (status == 200, status == 200)


def test_what_runs_out_soon_is_a_filter_and_the_workbook_holds_it(
    hr: Account, client_as: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    today = timezone.localdate()
    for number, days in (("甲-1", 20), ("甲-2", 50), ("甲-3", 200)):
        make_contract(
            number=number, starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=days)
        )
    client = client_as(hr)

    page = client.get("/teams/contracts/", {"soon": "60"}).content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/teams/contracts/export.xlsx", {"soon": "30"}).content)
    )

    assert [number in page for number in ("甲-1", "甲-2", "甲-3")] == [True, True, False]
    rows = list(book["聘用合同"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["合同编号", "甲-1"]
    assert AuditEntry.objects.get(verb="contract.export").detail["rows"] == 1


def test_the_paper_to_sign_says_what_was_agreed(hr: Account, client_as: Callable[..., Client]) -> None:
    contract = make_contract(
        make_person(name="陆知远"), number="HT-2025-0007", body_name="bureau", grade="senior"
    )

    content = client_as(hr).get(f"/teams/contracts/{contract.public_id}/paper.pdf").content

    document = pypdfium2.PdfDocument(content)
    text = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    document.close()
    for words in (
        "岗位聘用合同",
        "HT-2025-0007",
        "招商局",
        "陆知远",
        "2025年1月1日",
        "2025年12月31日",
        "高级招商专员",
    ):
        assert words in text.replace(" ", "")


def test_a_table_is_looked_at_first_and_written_at_once(
    hr: Account, first_team: Team, client_as: Callable[..., Client]
) -> None:
    first, second = make_person(staff_number="ZS001", name="陆知远"), make_person(staff_number="ZS002")
    make_contract(second, starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))
    book, stream = openpyxl.Workbook(), io.BytesIO()
    rows = [
        ["工号", "姓名", "合同类别", "级别", "团队", "合同起", "最后一日", "签订日期"],
        ["ZS001", "陆知远", "劳动合同", "高级", "GJ1", "2025-01-01", "2027-12-31", "2024-12-20"],
        ["ZS001", "陆知远", "", "", "", "2028-01-01", "", ""],
        ["ZS002", "", "", "", "", "2025-06-01", "", "2025-05-20"],
        ["ZS404", "", "", "", "没有的队", "2025-06-01", "", ""],
    ]
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(stream)
    client = client_as(hr)

    kept = client.post(
        "/teams/contracts/import/", {"file": SimpleUploadedFile("合同.xlsx", stream.getvalue())}
    )
    before = first.contracts.count()
    preview = client.get(kept["Location"]).content.decode()
    refused = client.get(kept["Location"] + "rejected.xlsx").content
    client.post(kept["Location"] + "apply/")

    assert before == 0
    assert ["重叠" in preview, "没有工号为 ZS404" in preview, "没有名为“没有的队”" in preview] == [True] * 3
    assert openpyxl.load_workbook(io.BytesIO(refused)).active.max_row == 3  # type: ignore[union-attr]
    spans = first.contracts.order_by("starts_on").values_list(
        "state", "kind", "grade", "starts_on", "ends_on"
    )
    assert list(spans) == [
        ("signed", "labour", "senior", date(2025, 1, 1), date(2028, 1, 1)),
        ("draft", "post", "", date(2028, 1, 1), None),
    ]
    assert second.contracts.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_drafts_signed_at_once_leave_one_contract_a_day(hr: Account) -> None:
    person = make_person()
    drafts = [make_contract(person, state=ContractState.DRAFT, drafted_by=hr) for _ in range(2)]
    start, said = threading.Barrier(2), ["", ""]

    def sign(place: int) -> None:
        try:
            start.wait(10)
            actions.sign_contract(actor=hr, contract=drafts[place], signed_on=date(2025, 1, 1))
            said[place] = "done"
        except Outcome as outcome:
            said[place] = type(outcome).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(said) == ["Conflict", "done"]
    assert person.contracts.filter(state="signed").count() == 1
