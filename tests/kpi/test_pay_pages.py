"""The pages and the API of pay: what each role finds there, and that single amounts are nowhere else."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi import actions
from kpi.models import PayRule, PayScale, PaySheet
from promotion.models import AuditEntry
from staff.models import Account, Person, Role, Team
from tests.factories.rewards import SCALE_ROWS, make_year, paid_months, pay_terms, release_pay
from tests.factories.staff import make_account, make_appointment, make_person
from tests.projects.test_evidence_api import Caller

pytestmark = pytest.mark.django_db
Browser = Callable[[Account], Client]
BOTH = ["kpi:read", "kpi:write"]
# What the one person is paid for January, with a correction that makes it nobody else's.
AMOUNTS = ("12,234.56", "12234.56", "1,234.56", "1234.56")


@pytest.fixture
def paid_person(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


@pytest.fixture
def sheet(hr: Account, manager: Account, paid_person: Person) -> PaySheet:
    release_pay(hr, manager)
    made = actions.make_pay_sheet(actor=hr, year=2025, month=1)
    actions.correct_pay(
        actor=hr, sheet=made, person=paid_person, kind="base", amount=Decimal("1234.56"), note="驻点"
    )
    actions.confirm_pay_sheet(actor=make_account(Role.HR), sheet=made, approve=True)
    return actions.pay_out(actor=hr, sheet=made)


def test_two_of_hr_carry_a_month_through_in_the_browser(
    client_as: Browser, hr: Account, manager: Account, paid_person: Person
) -> None:
    release_pay(hr, manager)
    desk, boss = client_as(hr), client_as(make_account(Role.HR))
    assert "编制" in desk.get("/year/pay/?year=2025").content.decode()
    desk.post("/year/pay/make/", {"year": 2025, "month": 1})
    sheet = PaySheet.objects.get()
    address = f"/year/pay/sheets/{sheet.public_id}/"
    person = f"{address}lines/{paid_person.public_id}/"
    wrong = desk.post(person, {"kind": "base", "amount": "0", "reason": "驻点补贴"})
    assert (wrong.status_code, "驻点补贴" in wrong.content.decode()) == (422, True)
    desk.post(person, {"kind": "base", "amount": "500", "reason": "驻点补贴"})
    given_back = boss.post(f"{address}confirm/", {"approve": "no"})
    assert (given_back.status_code, "请写明退回的原因" in given_back.content.decode()) == (422, True)

    boss.post(f"{address}confirm/", {"approve": "yes", "seen": PaySheet.objects.get().version})
    desk.post(f"{address}pay/")

    sheet.refresh_from_db()
    assert sheet.state == "paid"
    assert "11,500.00" in desk.get(f"{address}lines/").content.decode()
    assert "驻点补贴" in desk.get(person).content.decode()


def test_the_person_sees_the_own_pay_and_how_it_came_about(
    client_as: Browser, sheet: PaySheet, officer: Account
) -> None:
    text = client_as(officer).get("/year/pay/?year=2025").content.decode()
    assert "12,234.56" in text
    assert "一级招商专员 5,000.00 元 × 31/31 天" in text
    assert "我的标准" in text
    slip = client_as(officer).get(f"/year/pay/slips/{sheet.lines.get().pk}/?body=bureau")
    assert (slip.status_code, slip.content[:5]) == (200, b"%PDF-")
    assert slip["Cache-Control"].startswith("no-store, private")


def test_nobody_else_finds_an_amount_anywhere(
    client_as: Browser,
    sheet: PaySheet,
    hr: Account,
    manager: Account,
    auditor: Account,
    administrator: Account,
    leader: Account,
    colleague: Account,
    outsider: Account,
    paid_person: Person,
) -> None:
    actions.open_pay_lines(actor=hr, sheet=sheet)
    line = sheet.lines.get(person=paid_person)
    base = f"/year/pay/sheets/{sheet.public_id}/"
    pages = [
        "/year/pay/?year=2025", "/year/pay/own/?year=2025", "/year/pay/rules/", "/year/?year=2025", base, f"{base}lines/",
        f"{base}lines/{paid_person.public_id}/", f"{base}workbook/", f"{base}slips/", f"/year/pay/slips/{line.pk}/",
        f"/teams/people/{paid_person.public_id}/", "/audit/", f"/search/?q={paid_person.name}",
        "/administration/kpi/paysheet/", "/administration/kpi/payline/", f"/administration/kpi/payline/{line.pk}/change/",
        "/api/pay-sheets/", f"/api/pay-sheets/{sheet.public_id}/", f"/api/pay-sheets/{sheet.public_id}/totals/",
    ]  # fmt: skip
    for account in (manager, auditor, administrator, leader, colleague, outsider):
        browser = client_as(account)
        for address in pages:
            # The scale itself, which managers release and auditors read.
            if account in (manager, auditor) and address == "/year/pay/rules/":
                continue
            answer = browser.get(address)
            text = answer.content.decode(errors="ignore") if answer.status_code == 200 else ""
            assert not [amount for amount in AMOUNTS if amount in text], (account.role, address)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADER, Role.OFFICER])
def test_single_amounts_answer_hr_only(
    client_as: Browser, sheet: PaySheet, paid_person: Person, role: Role
) -> None:
    browser = client_as(make_account(role))
    base = f"/year/pay/sheets/{sheet.public_id}/"
    for address in (
        f"{base}workbook/",
        f"{base}slips/",
        f"{base}lines/{paid_person.public_id}/",
        f"/year/pay/slips/{sheet.lines.get().pk}/",
    ):
        assert browser.get(address).status_code == 404, address
    assert browser.get(f"{base}lines/").status_code in (403, 404) or role == Role.AUDITOR


def test_an_auditor_writes_a_reason_first(client_as: Browser, sheet: PaySheet, auditor: Account) -> None:
    browser = client_as(auditor)
    address = f"/year/pay/sheets/{sheet.public_id}/lines/"
    assert "12,234.56" not in browser.get(address).content.decode()
    assert browser.post(address, {"reason": "查"}).status_code == 422
    opened = browser.post(address, {"reason": "专项审计第 3 号"})
    assert "12,234.56" in opened.content.decode()
    assert "明细与摘要一致" in opened.content.decode()
    assert opened["Cache-Control"].startswith("no-store, private")
    assert AuditEntry.objects.get(verb="pay.open").reason == "专项审计第 3 号"
    assert "专项审计第 3 号" in browser.get(f"/year/pay/sheets/{sheet.public_id}/").content.decode()


def test_workbook_and_slips_hold_each_person(
    client_as: Browser, sheet: PaySheet, hr: Account, paid_person: Person
) -> None:
    desk, base = client_as(hr), f"/year/pay/sheets/{sheet.public_id}/"
    book = openpyxl.load_workbook(BytesIO(desk.get(f"{base}workbook/").content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert {paid_person.name, 12234.56} <= set(cells)
    with zipfile.ZipFile(io.BytesIO(desk.get(f"{base}slips/").content)) as archive:
        names = archive.namelist()
    assert names == [f"{paid_person.staff_number}-{paid_person.name}-2025 年 1 月工资表.pdf"]
    assert list(AuditEntry.objects.filter(verb="pay.open").values_list("detail__form", flat=True)) == [
        "slips",
        "workbook",
    ]


def test_scales_and_rules_in_the_browser(
    client_as: Browser, hr: Account, manager: Account, officer: Account
) -> None:
    desk, boss = client_as(hr), client_as(manager)
    scale = {"title": "标准", "holds_from": "2025-01-01"} | {
        f"{grade}_{part}": amount
        for grade in ("senior", "first", "second")
        for part, amount in (("base", "5000"), ("performance", "9000"))
    }
    refused = desk.post("/year/pay/scales/new/", scale)
    assert (refused.status_code, "底薪 5000 元时至少 10000 元" in refused.content.decode()) == (422, True)
    desk.post(
        "/year/pay/scales/new/",
        scale | {f"{grade}_performance": "10000" for grade in ("senior", "first", "second")},
    )
    rule = {
        "title": "办法",
        "holds_from": 2025,
        "method": "linear",
        "points": "0 0.4\n60",
        "advance_percent": "60",
        "day_basis": "calendar",
    }
    assert "第 2 行看不懂" in desk.post("/year/pay/rules/new/", rule).content.decode()
    desk.post("/year/pay/rules/new/", rule | {"points": "0 0.4\n60，1\n100 1.2"})

    boss.post(f"/year/pay/scales/{PayScale.objects.get().public_id}/release/")
    boss.post(f"/year/pay/rules/{PayRule.objects.get().public_id}/release/")

    assert "66.7%" in boss.get("/year/pay/rules/").content.decode()
    seen = client_as(officer).get("/year/pay/rules/").content.decode()
    assert ("60 → 1" in seen, "10,000.00" in seen) == (True, False)


def test_drafts_are_changed_and_dropped(client_as: Browser, hr: Account, manager: Account) -> None:
    desk = client_as(hr)
    desk.get("/year/pay/scales/new/")
    scale = actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2025, 1, 1), rows=SCALE_ROWS)
    rule = actions.draft_pay_rule(actor=hr, terms=pay_terms())
    assert 'value="6000.00"' in desk.get(f"/year/pay/scales/{scale.public_id}/").content.decode()
    assert "60 1" in desk.get(f"/year/pay/rules/{rule.public_id}/").content.decode()
    desk.post(f"/year/pay/scales/{scale.public_id}/drop/")
    desk.post(f"/year/pay/rules/{rule.public_id}/drop/")
    assert (PayScale.objects.count(), PayRule.objects.count()) == (0, 0)


def test_a_trial_of_the_bill_keeps_nothing(
    client_as: Browser,
    hr: Account,
    manager: Account,
    officer: Account,
    paid_person: Person,
    colleague: Account,
) -> None:
    release_pay(hr, manager)
    make_year({paid_person: "80", colleague.person: "30"}, year=2025)  # type: ignore[dict-item]
    boss, desk = client_as(manager), client_as(hr)
    assert "33.60" not in boss.get("/year/pay/what-if/?year=2025").content.decode()
    text = desk.get("/year/pay/what-if/?year=2025").content.decode()
    # Twice 60 000 base; 120 000 × 1.1 and × 0.7.
    assert "33.60" in text
    query = "year=2025&scores=target&points=0+0.4%0A60+1%0A100+1.2" + "".join(
        f"&{grade}_base=5000&{grade}_performance=10000" for grade in ("senior", "first", "second")
    )
    assert "36.00" in desk.get(f"/year/pay/what-if/?{query}").content.decode()
    wrong = boss.get(f"/year/pay/what-if/?{query.replace('0+0.4%0A60+1', '0+2')}")
    assert wrong.status_code == 422
    assert client_as(officer).get("/year/pay/what-if/").status_code == 403
    assert PaySheet.objects.count() == 0


def test_pages_ask_as_often_for_three_as_for_one(
    client_as: Browser, hr: Account, manager: Account, officer: Account, paid_person: Person, first_team: Team
) -> None:
    release_pay(hr, manager)
    desk, own, counts = client_as(hr), client_as(officer), []
    for month, more in ((1, 0), (2, 2)):
        for _each in range(more):
            make_appointment(make_person(), first_team)
        paid_months(hr, make_account(Role.HR), 2025, first=month, last=month)
        sheet = PaySheet.objects.get(month=month)
        addresses = (
            "/year/pay/?year=2025",
            f"/year/pay/sheets/{sheet.public_id}/",
            f"/year/pay/sheets/{sheet.public_id}/lines/",
        )
        desk.get(addresses[2])
        with CaptureQueriesContext(connection) as queries:
            for address in addresses:
                assert desk.get(address).status_code == 200
            assert own.get("/year/pay/?year=2025").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pay_in_the_api(hr: Account, manager: Account, officer: Account, paid_person: Person) -> None:
    desk, boss, other = Caller(hr, BOTH), Caller(manager, BOTH), Caller(officer, BOTH)
    second = Caller(make_account(Role.HR), BOTH)
    rows = [
        {"grade": grade, "base": "5000", "performance": "10000"} for grade in ("senior", "first", "second")
    ]
    scale = desk.post("/api/pay-scales/", {"title": "标准", "holds_from": "2025-01-01", "rows": rows}).json()
    points = [{"score": "0", "factor": "0.4"}, {"score": "60", "factor": "1"}]
    rule = desk.post(
        "/api/pay-rules/",
        {"title": "办法", "holds_from": 2025, "method": "linear", "points": points, "advance_percent": "60"},
    ).json()
    assert desk.post(f"/api/pay-scales/{scale['public_id']}/release/", {}).status_code == 422
    boss.post(f"/api/pay-scales/{scale['public_id']}/release/", {})
    assert boss.post(f"/api/pay-rules/{rule['public_id']}/release/", {}).json()["state"] == "released"

    made = desk.post("/api/pay-sheets/", {"year": 2025, "month": 1})
    address = f"/api/pay-sheets/{made.json()['public_id']}/"
    stale = second.post(f"{address}confirm/", {"approve": True, "seen": 99})
    second.post(f"{address}confirm/", {"approve": True})
    pay = f"{address.removeprefix('/api/')}pay/"
    paid, again = (desk("post", pay, {}, idempotency_key="pay-1") for _turn in range(2))
    anew = desk.post(f"{address}pay/", {})

    assert (made.status_code, stale.status_code, paid.json()["state"]) == (201, 409, "paid")
    assert (again.json(), again["Idempotency-Replayed"]) == (paid.json(), "true")
    assert (anew.status_code, PaySheet.objects.get().state) == (409, "paid")
    assert desk.get(f"{address}totals/").json()["teams"][0]["totals"]["whole"] == "11000.00"
    assert boss.get(f"{address}totals/").json()["teams"][0]["totals"] is None
    assert desk.post("/api/pay-sheets/", {"year": 2025}).status_code == 422
    assert [other.get(each).json()["results"] for each in ("/api/pay-sheets/", "/api/pay-scales/")] == [
        [],
        [],
    ]
    assert other.get(f"{address}totals/").status_code == 404
    assert "lines" not in paid.json()
