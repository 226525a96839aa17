"""Clock rules and the page of lateness, in the browser and in the API."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.actions import log_lead
from projects.actions.clock import drop_clock_rule, set_clock_rule
from projects.models import ClockRule, Project
from projects.queries.clock import clock_book
from projects.queries.lateness import COLUMNS, lateness
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from promotion.working_days import working_calendar
from staff.models import Account

ClientAs = Callable[[Account], Client]
TODAY = timezone.localdate()


def late_lead(officer: Account, name: str, days: int = 5) -> Project:
    return log_lead(
        actor=officer,
        name=name,
        company_name=f"演示{name}有限公司",
        channel="fund",
        next_step="联系",
        on=working_calendar().before(TODAY, days),
    )


def test_managers_set_and_withdraw_rules(manager: Account, officer: Account) -> None:
    rule = set_clock_rule(actor=manager, kind="judgement", working_days=5, holds_from=TODAY, note="内部通知")

    assert AuditEntry.objects.get().detail == {
        "kind": "judgement",
        "class": "",
        "days": 5,
        "from": TODAY.isoformat(),
    }
    with pytest.raises(Conflict, match="已有同一等级"):
        set_clock_rule(actor=manager, kind="judgement", working_days=4, holds_from=TODAY)
    with pytest.raises(Refused) as refusal:
        set_clock_rule(actor=manager, kind="nothing", working_days=0, holds_from=TODAY, project_class="huge")
    assert set(refusal.value.fields) == {"kind", "working_days", "project_class"}
    with pytest.raises(NotAllowed):
        set_clock_rule(actor=officer, kind="answer", working_days=9, holds_from=TODAY)
    drop_clock_rule(actor=manager, rule=rule)
    with pytest.raises(NotFound):
        drop_clock_rule(actor=manager, rule=rule)


def test_figures_lead_to_lists_that_sum_to_them(
    officer: Account, colleague: Account, outsider: Account, manager: Account, client_as: ClientAs
) -> None:
    for account, name in ((officer, "甲厂"), (officer, "乙厂"), (colleague, "丙厂"), (outsider, "丁厂")):
        late_lead(account, name)
    late_lead(colleague, "戊厂", days=1)

    whole, teams, people = lateness(manager, clock_book())

    assert [figure.count for figure in whole.figures] == [4, 4, 0, 0, 4, 5]
    assert sum(row.late for row in teams) == sum(row.late for row in people) == 4
    client = client_as(manager)
    for row in (whole, *teams, *people):
        for figure in (row.running, *row.figures):
            assert client.get(figure.url).context["list"].total_count == figure.count, figure.url
    assert len(COLUMNS) == len(whole.figures)


def test_the_page_shows_what_one_sees_at_a_constant_price(
    officer: Account, outsider: Account, leader: Account, client_as: ClientAs
) -> None:
    client = client_as(leader)
    late_lead(officer, "甲厂")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/supervision/clocks/").status_code == 200
        return len(captured)

    queries()
    one = queries()
    late_lead(officer, "乙厂"), late_lead(outsider, "丁厂")

    assert queries() == one
    page = client.get("/supervision/clocks/").content.decode()
    assert (str(officer.person) in page, str(outsider.person) in page) == (True, False)
    assert f"?person={officer.person.public_id}&amp;reason=late_report" in page  # type: ignore[union-attr]


def test_an_incident_is_recorded_by_hand_with_what_is_known(
    officer: Account, leader: Account, client_as: ClientAs
) -> None:
    assert officer.person
    url = f"/incidents/new/?person={officer.person.public_id}&reason=late_report"

    page = client_as(leader).get(url).content.decode()

    assert f'value="{officer.person.public_id}" selected' in page
    assert 'value="late_report" selected' in page


def test_rules_on_the_page(manager: Account, officer: Account, client_as: ClientAs) -> None:
    client, day = client_as(manager), (TODAY + timedelta(1)).isoformat()
    typed = {
        "kind": "answer",
        "project_class": "strategic",
        "working_days": "2",
        "holds_from": day,
        "note": "试行",
    }

    wrong = client.post("/supervision/clocks/rules/", {**typed, "working_days": "0"})
    right = client.post("/supervision/clocks/rules/", typed)
    rule = ClockRule.objects.get()
    dropped = client.post(f"/supervision/clocks/rules/{rule.pk}/drop/")

    assert (wrong.status_code, "试行" in wrong.content.decode()) == (422, True)
    assert (right.status_code, rule.working_days, dropped.status_code) == (302, 2, 302)
    assert client_as(officer).post("/supervision/clocks/rules/", typed).status_code == 403
    assert "设定时限" not in client_as(officer).get("/supervision/clocks/rules/").content.decode()


def test_clocks_rules_and_due_things_over_the_api(
    manager: Account, officer: Account, client_as: ClientAs
) -> None:
    project = late_lead(officer, "甲厂", days=2)
    client = client_as(manager)
    body = {"kind": "report", "working_days": 10, "holds_from": TODAY.isoformat()}

    made = client.post("/api/clock-rules/", body, content_type="application/json")
    listed = client.get("/api/clock-rules/").json()["results"]
    running = client_as(officer).get(f"/api/projects/{project.public_id}/clocks/").json()
    due = client_as(officer).get("/api/due/").json()
    refused = client_as(officer).post("/api/clock-rules/", body, content_type="application/json")
    dropped = client.delete(f"/api/clock-rules/{listed[0]['id']}/")

    assert (made.status_code, refused.status_code, dropped.status_code) == (201, 403, 204)
    assert [(one["kind"], one["left"]) for one in running] == [
        ("answer", -1),
        ("judgement", 1),
        ("feedback", 5),
        ("report", 12),
    ]
    assert [one["kind"] for one in due] == ["clock-answer"]
    assert client_as(officer).get("/api/due/?until=bald").status_code == 422
