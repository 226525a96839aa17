"""Standing still counts working days since the last verified progress, by stage and class."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.actions.ageing import drop_ageing_rule, settle_ageing
from projects.models import AgeingRule, Project
from projects.queries.ageing import ageing_cutoffs, ageing_days, stalled_on
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.projects import make_project

MONDAY = date(2026, 3, 16)


def stalled() -> list[str]:
    rule = stalled_on(ageing_cutoffs(MONDAY, working_calendar()))
    return list(Project.objects.filter(rule).order_by("pk").values_list("name", flat=True))


def test_a_lead_stalls_after_ten_working_days_and_a_rule_of_its_class_comes_first(officer: Account) -> None:
    for name, day, size in (
        ("新", date(2026, 3, 2), "ordinary"),
        ("旧", date(2026, 2, 27), "ordinary"),
        ("重大", date(2026, 3, 9), "major"),
    ):
        make_project(officer, name=name, stage_since=day, reported_on=day, project_class=size)
    assert stalled() == ["旧"]

    AgeingRule.objects.create(
        stage="lead", project_class="major", working_days=3, holds_from=date(2026, 1, 1)
    )
    assert stalled() == ["旧", "重大"]

    AgeingRule.objects.create(
        stage="lead", project_class="major", working_days=30, holds_from=date(2026, 3, 1)
    )
    assert stalled() == ["旧"]


def test_a_settled_rule_counts_from_its_day_and_a_withdrawn_one_no_longer(manager: Account) -> None:
    today = timezone.localdate()
    later = today + timedelta(30)

    rules = settle_ageing(actor=manager, stage="lead", working_days=7, holds_from=later, note=" 试行 ")

    sizes = ("ordinary", "major", "strategic")
    assert [(rule.project_class, rule.note, rule.set_by) for rule in rules] == [
        (size, "试行", manager) for size in sizes
    ]
    assert [ageing_days(today)[("lead", size)] for size in sizes] == [10, 10, 10]
    assert [ageing_days(later)[("lead", size)] for size in sizes] == [7, 7, 7]
    drop_ageing_rule(actor=manager, rule=rules[1])
    assert [ageing_days(later)[("lead", size)] for size in sizes] == [7, 10, 7]
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["ageing.settle", "ageing.drop"]


def test_what_cannot_be_settled_says_why_and_writes_nothing(manager: Account, officer: Account) -> None:
    today = timezone.localdate()
    given = {"stage": "lead", "project_class": "major", "working_days": 7, "holds_from": today}
    for wrong, name in (
        ({"stage": "produced"}, "stage"),
        ({"project_class": "huge"}, "project_class"),
        ({"working_days": 0}, "working_days"),
        ({"working_days": 1001}, "working_days"),
        ({"holds_from": today - timedelta(1)}, "holds_from"),
        ({"note": "长" * 201}, "note"),
    ):
        with pytest.raises(Refused) as refusal:
            settle_ageing(actor=manager, **given | wrong)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [name]
    with pytest.raises(NotAllowed):
        settle_ageing(actor=officer, **given)  # type: ignore[arg-type]
    assert (AgeingRule.objects.count(), AuditEntry.objects.count()) == (0, 0)

    [rule] = settle_ageing(actor=manager, **given)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="请先撤销那一条"):
        settle_ageing(actor=manager, **given | {"project_class": ""})  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        drop_ageing_rule(actor=officer, rule=rule)
    assert AgeingRule.objects.count() == 1


def test_the_page_settles_shows_and_withdraws(
    manager: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(manager), "/supervision/ageing/"
    typed = {
        "stage": "signed",
        "project_class": "",
        "working_days": "45",
        "holds_from": timezone.localdate().isoformat(),
        "note": "试行办法",
    }

    wrong = client.post(url, {**typed, "working_days": "0"})
    right = client.post(url, typed)
    again = client.post(url, typed)
    shown = client_as(officer).get(url).content.decode()
    rule = AgeingRule.objects.get(project_class="major")
    dropped = client.post(f"{url}{rule.pk}/drop/")

    assert (wrong.status_code, "试行办法" in wrong.content.decode()) == (422, True)
    assert (right.status_code, again.status_code, dropped.status_code) == (302, 422, 302)
    assert "请先撤销那一条" in again.content.decode()
    assert ("45 个工作日" in shown, "设定停滞标准" in shown) == (True, False)
    assert client_as(officer).post(url, typed).status_code == 403
    assert client.post(f"{url}{rule.pk}/drop/").status_code == 404
    assert AgeingRule.objects.count() == 2


def test_rules_over_the_api(
    manager: Account, officer: Account, client_as: Callable[[Account], Client]
) -> None:
    client, url = client_as(manager), "/api/ageing-rules/"
    body = {"stage": "lead", "working_days": 8, "holds_from": timezone.localdate().isoformat()}

    made = client.post(url, body, content_type="application/json")
    clash = client.post(url, {**body, "project_class": "major"}, content_type="application/json")
    never = client.post(url, {**body, "stage": "produced"}, content_type="application/json")
    refused = client_as(officer).post(url, body, content_type="application/json")
    listed = client_as(officer).get(url).json()["results"]
    dropped = client.delete(f"{url}{listed[0]['id']}/")

    assert (made.status_code, clash.status_code, never.status_code) == (201, 409, 422)
    assert (refused.status_code, dropped.status_code) == (403, 204)
    assert [one["working_days"] for one in listed] == [8, 8, 8]
    assert AgeingRule.objects.count() == 2
