"""Pages, papers and API of the team bonus: what each person finds and can do there, and what it costs to read."""

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpi.actions.bonus_pay import follow_bonus
from kpi.models import BonusLine, BonusRate, BonusShare, TeamBonus
from kpi.queries.bonus_due import bonus_plans_due
from projects.models import Project
from staff.models import Account
from tests.factories.bonus import approve, make_bonus, make_key_project, make_plan, make_rate
from tests.factories.projects import make_recognised

pytestmark = pytest.mark.django_db
ClientAs = Callable[[Account], Client]


@pytest.fixture
def bonus(officer: Account, leader: Account, manager: Account, hr: Account) -> TeamBonus:
    return make_bonus(officer, manager, hr)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(f"kpi:{name}", args=args)).content.decode()


def lines(*pairs: tuple[Account, str], **more: str) -> dict[str, str]:
    """A plan as the form posts it, with one empty line."""
    data = {"form-TOTAL_FORMS": str(len(pairs) + 1), "form-INITIAL_FORMS": "0", **more}
    for place, (account, percent) in enumerate(pairs):
        assert account.person is not None
        data |= {f"form-{place}-person": account.person.public_id, f"form-{place}-percent": percent}
    return data


def test_a_member_confirms_from_the_list_in_two_taps(
    client_as: ClientAs, officer: Account, colleague: Account, leader: Account, bonus: TeamBonus
) -> None:
    make_plan(leader, bonus, [(officer, "40"), (leader, "60")])
    member = client_as(officer)
    assert "待您确认" in page(member, "bonuses")
    shown = page(member, "bonus", bonus.public_id)
    assert ("您的份额" in shown, "40,000.00" in shown) == (True, True)

    share = BonusShare.objects.get(person=officer.person)
    member.post(reverse("kpi:bonus-confirm", args=[bonus.public_id, share.pk]), {"seen": "1"})

    share.refresh_from_db()
    assert (share.answer, "待您确认" in page(member, "bonuses")) == ("confirmed", False)
    assert "没有您能看到的团队奖励" in page(client_as(colleague), "bonuses")
    assert client_as(colleague).get(reverse("kpi:bonus", args=[bonus.public_id])).status_code == 404


def test_what_waits_for_a_member_is_on_the_workbench(
    client_as: ClientAs, officer: Account, leader: Account, bonus: TeamBonus
) -> None:
    make_plan(leader, bonus, [(officer, "40"), (leader, "60")])
    today = timezone.localdate()
    assert [item.title for item in bonus_plans_due(officer, today)] == [
        f"待确认分配方案：{bonus.project.name}"
    ]
    assert bonus_plans_due(leader, today) == []
    assert bonus_plans_due(officer, today - timedelta(1)) == []
    assert "待确认分配方案" in client_as(officer).get("/").content.decode()


def test_a_plan_that_is_refused_keeps_what_was_typed(
    client_as: ClientAs, officer: Account, leader: Account, bonus: TeamBonus
) -> None:
    client, url = client_as(leader), reverse("kpi:bonus-plan", args=[bonus.public_id])
    answer = client.post(url, lines((officer, "60"), (leader, "39.5"), note="队务会研究"))
    shown = answer.content.decode()
    assert (answer.status_code, "现在是 99.5%" in shown, "队务会研究" in shown, 'value="39.5"' in shown) == (
        422, True, True, True,
    )  # fmt: skip
    assert client.post(url, lines((officer, "60"), (leader, "40"))).status_code == 302
    share = BonusShare.objects.get(person=officer.person)
    client_as(officer).post(
        reverse("kpi:bonus-object", args=[bonus.public_id, share.pk]), {"reason": "偏低", "seen": "1"}
    )
    answer = client.post(url, lines((officer, "70"), (leader, "30")))
    assert (answer.status_code, "请先答复" in answer.content.decode()) == (422, True)
    assert (
        client.post(url, lines((officer, "70"), (leader, "30"), **{f"reply_{share.pk}": "采纳"})).status_code
        == 302
    )


def test_the_whole_way_on_pages(
    client_as: ClientAs, officer: Account, leader: Account, manager: Account, hr: Account
) -> None:
    client_as(manager).post(reverse("kpi:bonus-rates-adopt"))
    held = make_key_project(officer, manager, recognised_on=timezone.localdate())
    asked = page(client_as(hr), "bonus-open", held.public_id)
    assert "按标准 20,000.00 元" in asked
    client_as(hr).post(reverse("kpi:bonus-open", args=[held.public_id]), {"pool": "20000"})
    bonus = TeamBonus.objects.get()
    steps = (
        (leader, "bonus-plan", lines((officer, "100"))),
        (officer, "bonus-confirm", {}),
        (leader, "bonus-submit", {}),
        (manager, "bonus-approve", {"note": "同意"}),
    )
    for account, name, data in steps:
        args: list[Any] = [bonus.public_id]
        if name == "bonus-confirm":
            args.append(BonusShare.objects.get().pk)
        assert client_as(account).post(reverse(f"kpi:{name}", args=args), data).status_code == 302, name
    make_recognised(held.project, officer, manager, kind="registered", amount=None, amount_cny=None)
    client_as(hr).post(reverse("kpi:bonus-follow", args=[bonus.public_id]))
    assert "应发未发合计 8,000.00 元" in page(client_as(hr), "bonus-pay", bonus.public_id)
    assert BonusLine.objects.get().amount == 8_000
    slot = page(client_as(officer), "project-bonus", held.project.public_id)
    assert "已到期 8,000.00" in slot


def test_papers_are_under_either_name_and_payments_are_a_workbook(
    client_as: ClientAs, officer: Account, leader: Account, manager: Account, hr: Account, bonus: TeamBonus
) -> None:
    url = reverse("kpi:bonus-paper", args=[bonus.public_id])
    assert client_as(leader).get(url).status_code == 422
    approve(leader, manager, bonus, [(officer, "25"), (leader, "75")])
    make_recognised(bonus.project, officer, manager, kind="registered", amount=None, amount_cny=None)
    follow_bonus(actor=hr, bonus=bonus)
    for body in ("centre", "bureau"):
        assert client_as(officer).get(url, {"body": body}).content.startswith(b"%PDF")
    answer = client_as(hr).get(reverse("kpi:bonus-payments"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    total = sum(BonusLine.objects.values_list("amount", flat=True))
    assert float(total) in cells
    assert client_as(officer).get(reverse("kpi:bonus-payments")).status_code == 403


def test_a_wrong_standard_keeps_what_was_typed(client_as: ClientAs, manager: Account) -> None:
    data = {
        "project_class": "major", "measure": "rate", "per_mille": "0.25", "cap": "20万", "holds_from": "2026-01-01",
        "milestone_1": "registered", "percent_1": "40", "milestone_2": "started", "percent_2": "50",
    }  # fmt: skip
    client, url = client_as(manager), reverse("kpi:bonus-rates")
    answer = client.post(url, data)
    shown = answer.content.decode()
    assert (answer.status_code, "现在是 90%" in shown, 'value="20万"' in shown) == (422, True, True)
    assert client.post(url, {**data, "percent_2": "60"}).status_code == 302
    rate = BonusRate.objects.get()
    assert (rate.cap, rate.per_mille, rate.phases.count()) == (200_000, Decimal("0.25"), 2)


@pytest.mark.parametrize("name", ["bonuses", "bonus-candidates", "year"])
def test_lists_cost_the_same_with_one_and_three_rows(
    client_as: ClientAs, officer: Account, leader: Account, manager: Account, hr: Account, name: str
) -> None:
    client, url = client_as(hr), reverse(f"kpi:{name}")

    def add() -> None:
        make_plan(leader, make_bonus(officer, manager, hr), [(officer, "50"), (leader, "50")])
        make_key_project(officer, manager)

    add()
    client.get(url)
    with CaptureQueriesContext(connection) as once:
        client.get(url)
    add()
    add()
    with CaptureQueriesContext(connection) as thrice:
        client.get(url)
    assert len(thrice) == len(once)


def test_one_bonus_costs_the_same_with_one_and_three_members(
    client_as: ClientAs, officer: Account, colleague: Account, leader: Account, manager: Account, hr: Account
) -> None:
    costs = []
    for shares in ([(officer, "100")], [(officer, "50"), (colleague, "30"), (leader, "20")]):
        bonus = make_bonus(officer, manager, hr)
        approve(leader, manager, bonus, shares)
        make_recognised(bonus.project, officer, manager, kind="registered", amount=None, amount_cny=None)
        follow_bonus(actor=hr, bonus=bonus)
        client, url = client_as(hr), reverse("kpi:bonus", args=[bonus.public_id])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_secret_project_is_its_code_name_for_who_may_not_open_it(
    client_as: ClientAs, officer: Account, hr: Account, bonus: TeamBonus
) -> None:
    project = Project.objects.get(pk=bonus.project_id)
    Project.objects.filter(pk=project.pk).update(is_secret=True, code_name="青松", secrecy_reason="客商要求")
    shown = page(client_as(hr), "bonuses") + page(client_as(hr), "bonus", bonus.public_id)
    assert ("青松" in shown, project.name in shown) == (True, False)


def test_the_api_takes_the_same_steps(
    client_as: ClientAs, officer: Account, leader: Account, manager: Account, hr: Account, outsider: Account
) -> None:
    make_rate(manager)
    held = make_key_project(officer, manager)
    assert officer.person is not None

    def post(account: Account, path: str, **data: Any) -> Any:
        return client_as(account).post(f"/api/bonuses/{path}", data, "application/json")

    opened = post(hr, "", recognition=held.public_id)
    key = opened.json()["public_id"]
    wrong = post(leader, f"{key}/plan/", shares=[{"person": officer.person.staff_number, "percent": "99"}])
    planned = post(leader, f"{key}/plan/", shares=[{"person": officer.person.staff_number, "percent": "100"}])
    share = planned.json()["plans"][0]["shares"][0]
    assert (opened.status_code, wrong.status_code, wrong.json()["fields"].keys(), share["amount"]) == (
        201, 422, {"shares"}, "100000.01",
    )  # fmt: skip
    assert post(officer, f"{key}/shares/{share['id']}/object/", reason="偏低").json()["state"] == "confirming"
    assert post(leader, f"{key}/shares/{share['id']}/reply/", reply="已核").status_code == 200
    assert post(officer, f"{key}/shares/{share['id']}/confirm/").status_code == 200
    assert post(leader, f"{key}/submit/").json()["state"] == "submitted"
    assert post(leader, f"{key}/approve/").status_code == 403
    assert post(manager, f"{key}/approve/").json()["state"] == "approved"
    make_recognised(held.project, officer, manager, kind="registered", amount=None, amount_cny=None)
    assert post(hr, f"{key}/follow/").json()["due"] == "40000.01"
    assert post(hr, f"{key}/pay/", paid_on="2026-11-01").status_code in (200, 422)
    assert post(manager, f"{key}/end/", reason="政策调整").json()["state"] == "ended"
    seen = [client_as(one).get("/api/bonuses/").json()["count"] for one in (officer, outsider)]
    assert (seen, client_as(outsider).get(f"/api/bonuses/{key}/").status_code) == ([1, 0], 404)
    assert client_as(officer).get("/api/bonus-rates/").json()["count"] == 1
