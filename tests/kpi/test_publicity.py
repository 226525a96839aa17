"""The publicity of a year: two persons, a frozen run, answers within the window, and the final list that decisions stand on."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.actions.publicity import announce_publicity, confirm_result, draft_publicity, withdraw_publicity
from kpi.actions.publicity_final import finalise_publicity
from kpi.actions.publicity_history import date_back
from kpi.models import Acknowledgement, AssessmentYear, Publicity, Run, ScoreObjection, Standing
from kpi.queries.course import course_of, decisive_run
from kpi.queries.publicity import Reply, own_standings, shown_publicity, tally_of
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from promotion.working_days import working_calendar
from staff.models import Account
from tests.factories.publicity import (
    YEAR,
    assess,
    calculate,
    object_to,
    pass_window,
    publicise,
    sign_for,
    standing_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(officer: Account, outsider: Account, leader: Account, manager: Account) -> Run:
    return assess(officer, outsider, leader, manager=manager)


def test_one_drafts_another_announces_and_everybody_concerned_is_told(
    assessed: Run, hr: Account, manager: Account, officer: Account, outsider: Account, leader: Account
) -> None:
    drafted = draft_publicity(actor=hr, year=YEAR, days=3, contact="人事科", note="请核对")
    with pytest.raises(Refused, match="由另一位"):
        announce_publicity(actor=hr, publicity=drafted)
    with pytest.raises(NotAllowed):
        announce_publicity(actor=officer, publicity=drafted)

    found = announce_publicity(actor=manager, publicity=drafted, seen=drafted.version)

    today = timezone.localdate()
    assert (found.state, found.run, found.opens_on, found.is_interim) == ("open", assessed, today, False)
    assert found.closes_on == working_calendar().after(today, 3)
    told = set(Notice.objects.filter(text__contains="公示至").values_list("recipient", flat=True))
    assert told == {officer.pk, outsider.pk, leader.pk}
    assert AuditEntry.objects.filter(verb="publicity.announce").count() == 1
    with pytest.raises(Conflict, match="不能再发布"):
        announce_publicity(actor=manager, publicity=found)
    with pytest.raises(Refused, match="正在公示"):
        draft_publicity(actor=hr, year=YEAR)


def test_who_may_not_and_what_does_not_exist_is_refused(
    hr: Account, officer: Account, auditor: Account
) -> None:
    with pytest.raises(NotAllowed):
        draft_publicity(actor=officer, year=YEAR)
    with pytest.raises(NotAllowed):
        draft_publicity(actor=auditor, year=YEAR)
    with pytest.raises(Refused, match="还没有核算结果"):
        draft_publicity(actor=hr, year=YEAR)


@pytest.mark.parametrize("days", [0, 31])
def test_the_window_has_a_sensible_length(assessed: Run, hr: Account, days: int) -> None:
    with pytest.raises(Refused) as refused:
        draft_publicity(actor=hr, year=YEAR, days=days)
    assert "days" in refused.value.fields


def test_undecided_items_and_a_result_that_changed_keep_a_draft_from_being_announced(
    assessed: Run, hr: Account, manager: Account, officer: Account
) -> None:
    drafted = draft_publicity(actor=hr, year=YEAR)
    item = assessed.standings.get(person=officer.person).items.get(indicator="signing")
    type(item).objects.filter(pk=item.pk).update(status="undecided")
    with pytest.raises(Refused, match=r"不能公示：项目签约（1）"):
        announce_publicity(actor=manager, publicity=drafted)
    type(item).objects.filter(pk=item.pk).update(status="scored")
    sign_for(officer, manager)
    calculate()

    with pytest.raises(Refused, match="拟定之后结果有变"):
        announce_publicity(actor=manager, publicity=drafted)

    again = draft_publicity(actor=hr, year=YEAR, seen=drafted.version)
    assert (again.pk, again.version) == (drafted.pk, drafted.version + 1)
    with pytest.raises(Conflict):
        draft_publicity(actor=hr, year=YEAR, seen=drafted.version)
    assert announce_publicity(actor=manager, publicity=again).run != assessed


def test_a_run_that_found_the_same_does_not_hinder(assessed: Run, hr: Account, manager: Account) -> None:
    drafted = draft_publicity(actor=hr, year=YEAR)
    calculate()
    assert announce_publicity(actor=manager, publicity=drafted).run == assessed


def test_each_confirms_the_own_result_and_a_leader_that_of_the_team(
    assessed: Run, hr: Account, manager: Account, officer: Account, outsider: Account, leader: Account
) -> None:
    found = publicise(hr, manager)
    mine = standing_of(found, officer)
    team = Standing.objects.get(run=assessed, team=mine.home_team)

    made = confirm_result(actor=officer, publicity=found, standing=mine)
    assert confirm_result(actor=officer, publicity=found, standing=mine) == made
    with pytest.raises(NotFound):
        confirm_result(actor=outsider, publicity=found, standing=mine)
    with pytest.raises(NotFound):
        confirm_result(actor=officer, publicity=found, standing=team)
    confirm_result(actor=leader, publicity=found, standing=team)

    assert AuditEntry.objects.filter(verb="publicity.confirm").count() == 2
    assert [one.reply for one in own_standings(leader, found)] == ["confirmed", "silent"]
    assert tally_of(found) == {
        Reply.CONFIRMED: 2,
        Reply.OBJECTED: 0,
        Reply.ANSWERED: 0,
        Reply.SILENT: Standing.objects.filter(run=assessed).count() - 2,
    }


def test_nobody_answers_outside_the_window_not_even_past_the_actions(
    assessed: Run, hr: Account, manager: Account, officer: Account
) -> None:
    found = pass_window(publicise(hr, manager))
    mine = standing_of(found, officer)
    with pytest.raises(Refused, match="公示期已过"):
        confirm_result(actor=officer, publicity=found, standing=mine)
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        Acknowledgement.objects.create(publicity=found, standing=mine, confirmed_by=officer)
    with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
        ScoreObjection.objects.create(
            publicity=found, standing=mine, text="晚了", asked="补", raised_by=officer
        )


def test_a_publicity_is_withdrawn_with_a_reason_and_the_year_may_be_made_public_anew(
    assessed: Run, hr: Account, manager: Account
) -> None:
    found = publicise(hr, manager)
    with pytest.raises(Refused, match="写明撤回的原因"):
        withdraw_publicity(actor=hr, publicity=found, reason=" ")
    withdraw_publicity(actor=hr, publicity=found, reason="漏了一队")
    assert shown_publicity(hr, YEAR) is None
    assert Notice.objects.filter(text__contains="漏了一队").exists()
    assert publicise(hr, manager).pk != found.pk


def test_the_final_list_waits_for_the_end_and_decisions_stand_on_it(
    assessed: Run, hr: Account, manager: Account, deputy: Account, officer: Account
) -> None:
    found = publicise(hr, manager)
    assert decisive_run(YEAR) == assessed
    with pytest.raises(Refused, match="期满后才能定案"):
        finalise_publicity(actor=manager, publicity=found)
    pass_window(found)
    with pytest.raises(Refused, match="由另一位"):
        finalise_publicity(actor=hr, publicity=found)
    with pytest.raises(NotAllowed):
        finalise_publicity(actor=officer, publicity=found)

    final = finalise_publicity(actor=manager, publicity=found, seen_run=assessed.public_id)

    assert (final.state, final.final_run) == ("final", assessed)
    sign_for(officer, manager)
    later = calculate()
    assert (AssessmentYear.objects.get(year=YEAR).current_run, decisive_run(YEAR)) == (later, assessed)
    entry = AuditEntry.objects.get(verb="publicity.finalise")
    assert entry.detail["silent"] == Standing.objects.filter(run=assessed).count()
    with pytest.raises(Refused, match="已经定案"):
        draft_publicity(actor=hr, year=YEAR)
    with pytest.raises(Conflict, match="不能定案"):
        finalise_publicity(actor=manager, publicity=final)
    with pytest.raises(Conflict, match="不能撤回"):
        withdraw_publicity(actor=manager, publicity=final, reason="晚了")


def test_the_final_list_needs_a_run_that_counts_everything(
    assessed: Run, hr: Account, manager: Account, officer: Account
) -> None:
    found = pass_window(publicise(hr, manager))
    sign_for(officer, manager)
    with pytest.raises(Refused, match="请先核算一次"):
        finalise_publicity(actor=manager, publicity=found)
    calculate()
    with pytest.raises(Conflict, match="又核算过一次"):
        finalise_publicity(actor=manager, publicity=found, seen_run=assessed.public_id)
    final = finalise_publicity(actor=manager, publicity=found)
    assert final.final_run != final.run


def test_the_database_itself_keeps_the_frozen_run_and_open_objections(
    assessed: Run, hr: Account, manager: Account, officer: Account
) -> None:
    found = publicise(hr, manager)
    object_to(found, officer)
    pass_window(found)
    later = calculate()
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Publicity.objects.filter(pk=found.pk).update(run=later)
    final = {"state": "final", "final_run": later, "finalised_by": manager, "finalised_at": timezone.now()}
    with pytest.raises(IntegrityError, match="open objections"), transaction.atomic():
        Publicity.objects.filter(pk=found.pk).update(**final)
    ScoreObjection.objects.update(state="withdrawn")
    Publicity.objects.filter(pk=found.pk).update(closes_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(IntegrityError, match="still runs"), transaction.atomic():
        Publicity.objects.filter(pk=found.pk).update(**final)


def test_an_interim_publicity_decides_nothing(assessed: Run, hr: Account, manager: Account) -> None:
    Run.objects.filter(pk=assessed.pk).update(as_of=assessed.as_of - timedelta(days=90))
    found = pass_window(publicise(hr, manager))
    finalise_publicity(actor=manager, publicity=found)
    later = calculate()
    assert (found.is_interim, decisive_run(YEAR)) == (True, later)
    assert publicise(hr, manager).is_interim is False


def test_a_closed_year_is_not_made_public(assessed: Run, hr: Account) -> None:
    AssessmentYear.objects.filter(year=YEAR).update(closed_at=timezone.now())
    with pytest.raises(Refused, match="已关账"):
        draft_publicity(actor=hr, year=YEAR)


def test_drafts_are_seen_by_those_who_run_the_assessment_and_the_step_tells_how_far_it_is(
    assessed: Run, hr: Account, manager: Account, officer: Account, auditor: Account
) -> None:
    def step() -> tuple[str, str]:
        found = next(one for one in course_of(hr, YEAR) if one.code == "publicity")
        return found.progress.value, found.detail

    assert step() == ("ahead", "还没有公示。")
    drafted = draft_publicity(actor=hr, year=YEAR)
    assert (shown_publicity(officer, YEAR), shown_publicity(auditor, YEAR)) == (None, drafted)
    assert step()[1].endswith("待另一位发布。")
    found = announce_publicity(actor=manager, publicity=drafted)
    assert shown_publicity(officer, YEAR) == found
    object_to(found, officer)
    assert "公示中" in step()[1]
    assert "1 条异议待处理" in step()[1]
    ScoreObjection.objects.update(state="withdrawn")
    finalise_publicity(actor=manager, publicity=pass_window(found))
    assert step()[0] == "done"


def test_the_pages_follow_the_steps(
    assessed: Run,
    hr: Account,
    manager: Account,
    officer: Account,
    client_as: Callable[[Account], Client],
) -> None:
    at_hr, at_manager, at_officer = client_as(hr), client_as(manager), client_as(officer)
    empty = at_officer.get(f"/year/publicity/?year={YEAR}")
    assert "还没有公示" in empty.text
    assert at_officer.get(f"/year/publicity/draft/?year={YEAR}").status_code == 403
    wrong = at_hr.post(
        f"/year/publicity/draft/?year={YEAR}", {"days": 99, "body_name": "centre", "note": "说明"}
    )
    assert wrong.status_code == 422
    assert "说明" in wrong.text
    given = {"days": 5, "body_name": "centre", "contact": "人事科"}
    assert at_hr.post(f"/year/publicity/draft/?year={YEAR}", given).status_code == 302
    found = Publicity.objects.get()
    here = f"/year/publicity/{found.public_id}/"
    assert at_officer.get(here).status_code == 404
    assert "等另一位" in at_hr.get(here).text
    assert at_manager.post(f"{here}announce/", {"seen": found.version}).status_code == 302
    shown = at_officer.get(f"/year/publicity/?year={YEAR}").text
    assert "请您核对" in shown
    mine = standing_of(found, officer)
    assert at_officer.post(f"{here}standings/{mine.pk}/confirm/").status_code == 302
    assert "已确认" in at_officer.get(here).text
    replies = at_manager.get(f"{here}replies/?reply=confirmed")
    assert (officer.person.name in replies.text, at_officer.get(f"{here}replies/").status_code) == (True, 403)  # type: ignore[union-attr]
    pass_window(found)
    found.refresh_from_db()
    assert "定案" in at_manager.get(here).text
    assert at_manager.post(f"{here}finalise/", {"seen": found.version}).status_code == 302
    assert "为准" in at_officer.get(here).text


def test_only_a_demo_is_dated_back(assessed: Run, hr: Account, manager: Account, officer: Account) -> None:
    real = publicise(hr, manager)
    with pytest.raises(Refused, match="只有演示数据"):
        date_back(actor=hr, publicity=real, opens_on=date(2026, 1, 5))
    withdraw_publicity(actor=hr, publicity=real, reason="换成演示")
    demo = publicise(hr, manager, is_demo=True)
    confirm_result(actor=officer, publicity=demo, standing=standing_of(demo, officer))
    with pytest.raises(Refused, match="已经过去"):
        date_back(actor=hr, publicity=demo, opens_on=timezone.localdate())
    found = date_back(actor=hr, publicity=demo, opens_on=date(2026, 1, 5))
    assert (found.closes_on, found.is_over_on(timezone.localdate())) == (date(2026, 1, 12), True)
    said = Acknowledgement.objects.get()
    assert timezone.localdate(said.confirmed_at) == date(2026, 1, 7)


def test_the_pages_cost_the_same_with_more_results_and_objections(
    assessed: Run,
    hr: Account,
    manager: Account,
    officer: Account,
    outsider: Account,
    leader: Account,
    client_as: Callable[[Account], Client],
) -> None:
    found = publicise(hr, manager)
    at_manager, counts = client_as(manager), []
    for account in (officer, outsider, leader):
        object_to(found, account)
        for place in ("", "replies/"):
            with CaptureQueriesContext(connection) as asked:
                assert at_manager.get(f"/year/publicity/{found.public_id}/{place}").status_code == 200
            counts.append(len(asked))
    assert counts[2:4] == counts[4:6]
