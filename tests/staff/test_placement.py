"""The decision: seats, ties, reasons, a second person, publicity, and the whole staff appointed on one day."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry, Notice
from promotion.working_days import working_calendar
from staff.access.placement import placements_visible_to
from staff.actions.placement import (
    accept_proposal,
    answer_objection,
    approve_decision,
    place_candidate,
    raise_objection,
    reconsider_decision,
    submit_decision,
)
from staff.actions.round_appointment import appoint_round
from staff.actions.round_role import settle_due_roles
from staff.exports.placement import letter_of
from staff.models import (
    Account,
    Application,
    Appointment,
    Competition,
    CompetitionPost,
    Contract,
    Placement,
    Role,
    Score,
    ScoreSheet,
)
from staff.queries.placement import consequences_of, months_after
from tests.factories.competition import (
    make_application,
    make_competition,
    make_judges,
    make_post,
    make_session,
)
from tests.factories.staff import make_account, make_appointment, make_person, make_team
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db


def scored(marks: list[int], *, seats: int = 2, **fields: Any) -> Competition:
    """A scored round with one post and a candidate for each mark."""
    competition = make_competition(closes_at=timezone.now() - timedelta(hours=1), **fields)
    post = make_post(competition, seats=seats)
    judges = make_judges(competition)
    applications = [make_application(competition, post) for _each in marks]
    session = make_session(competition, judges, *applications)
    for interview, mark in zip(session.interviews.all(), marks, strict=True):
        sheet = ScoreSheet.objects.create(
            interview=interview, panelist=competition.panel.get(), state="submitted"
        )
        for criterion in competition.criteria.all():
            Score.objects.create(sheet=sheet, criterion=criterion, points=Decimal(mark))
    session.state, session.closed_at = "closed", timezone.now()
    session.save()
    competition.state = "scored"
    competition.save()
    return competition


def roles_of(*accounts: Account) -> list[str]:
    """The roles as the database has them now."""
    return [Account.objects.get(pk=each.pk).role for each in accounts]


def candidates(competition: Competition) -> list[Application]:
    return list(competition.applications.order_by("interview__position"))


def approved(competition: Competition, hr: Account, manager: Account) -> Competition:
    accept_proposal(actor=hr, competition=competition)
    submit_decision(actor=hr, competition=competition)
    return approve_decision(actor=manager, competition=competition, approve=True)


def over(competition: Competition) -> Competition:
    """The publicity ended yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Competition.objects.filter(pk=competition.pk).update(publicity_until=yesterday)
    return Competition.objects.get(pk=competition.pk)


def test_the_proposal_is_accepted_and_the_rest_stays_out(hr: Account) -> None:
    competition = scored([90, 80, 70, 50])
    first, second, third, fourth = candidates(competition)

    made = accept_proposal(actor=hr, competition=competition)

    assert [each.application for each in made] == [first, second]
    with pytest.raises(Refused, match="名额已满"):
        place_candidate(
            actor=hr,
            competition=competition,
            application=third,
            post=competition.posts.get(),
            reason="更合适",
        )
    with pytest.raises(Refused, match="没有达到合格线"):
        place_candidate(
            actor=hr,
            competition=competition,
            application=fourth,
            post=competition.posts.get(),
            reason="更合适",
        )


def test_a_departure_from_the_ranking_needs_a_reason(hr: Account) -> None:
    competition = scored([90, 80], seats=1)
    _first, second = candidates(competition)
    post = competition.posts.get()
    with pytest.raises(Refused, match="与排名建议不同"):
        place_candidate(actor=hr, competition=competition, application=second, post=post)

    placed = place_candidate(
        actor=hr, competition=competition, application=second, post=post, reason="第一名放弃"
    )

    assert placed is not None
    assert (placed.is_proposed, placed.reason) == (False, "第一名放弃")


def test_a_tie_for_the_last_seat_is_broken_by_people_with_a_reason(hr: Account) -> None:
    competition = scored([80, 80], seats=1)
    first, _second = candidates(competition)
    assert accept_proposal(actor=hr, competition=competition) == []
    with pytest.raises(Refused, match="还没有拟聘任何人"):
        submit_decision(actor=hr, competition=competition)
    with pytest.raises(Refused, match="理由"):
        place_candidate(actor=hr, competition=competition, application=first, post=competition.posts.get())
    place_candidate(
        actor=hr, competition=competition, application=first, post=competition.posts.get(), reason="日语一级"
    )

    assert submit_decision(actor=hr, competition=competition).state == "decided"


def test_a_free_seat_that_is_due_to_somebody_holds_the_decision(hr: Account) -> None:
    competition = scored([90, 80])
    first, _second = candidates(competition)
    place_candidate(actor=hr, competition=competition, application=first, post=competition.posts.get())

    with pytest.raises(Refused, match="还有名额可以给"):
        submit_decision(actor=hr, competition=competition)


def test_the_database_has_no_seat_beyond_the_posts(hr: Account) -> None:
    competition = scored([90, 80], seats=1)
    first, second = candidates(competition)
    given: dict[str, Any] = {
        "competition": competition,
        "post": competition.posts.get(),
        "decided_by": hr,
        "is_proposed": True,
    }
    Placement.objects.create(application=first, seat=1, **given)

    for seat in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.create(application=second, seat=seat, **given)

    assert Placement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_for_the_last_seat_at_once(hr: Account) -> None:
    competition = scored([90, 80], seats=1)
    post = competition.posts.get()

    said = at_once(
        *(
            lambda who=who: place_candidate(
                actor=hr, competition=competition, application=who, post=post, reason="当面商定"
            )
            for who in candidates(competition)
        )
    )

    assert sorted(said) == ["Refused", "done"]
    assert Placement.objects.count() == 1


def test_a_second_person_approves_and_the_list_is_public_for_working_days(
    hr: Account, manager: Account, officer: Account
) -> None:
    competition = scored([90, 80], publicity_days=3)
    accept_proposal(actor=hr, competition=competition)
    submit_decision(actor=hr, competition=competition)
    with pytest.raises(NotAllowed, match="分管领导审批"):
        approve_decision(actor=hr, competition=competition, approve=True)
    with pytest.raises(Refused, match="退回请写明理由"):
        approve_decision(actor=manager, competition=competition, approve=False)
    assert not placements_visible_to(officer).exists()

    shown = approve_decision(actor=manager, competition=competition, approve=True)

    assert shown.publicity_until == working_calendar().after(timezone.localdate(), 3)
    assert placements_visible_to(officer).count() == 2


def test_who_stands_for_a_post_neither_decides_nor_approves(hr: Account, manager: Account) -> None:
    competition = scored([90, 80])
    first, second = candidates(competition)
    Application.objects.filter(pk=first.pk).update(person=hr.person)
    Application.objects.filter(pk=second.pk).update(person=manager.person)
    with pytest.raises(NotAllowed, match="报了名"):
        accept_proposal(actor=hr, competition=competition)
    other = make_account(Role.HR)
    accept_proposal(actor=other, competition=competition)
    submit_decision(actor=other, competition=competition)
    with pytest.raises(NotAllowed):
        approve_decision(actor=manager, competition=competition, approve=True)
    shown = approve_decision(actor=make_account(Role.MANAGER), competition=competition, approve=True)
    assert shown.state == "publicity"


def test_objections_are_answered_by_another_before_anybody_is_appointed(
    hr: Account, manager: Account, officer: Account
) -> None:
    competition = approved(scored([90]), hr, manager)
    with pytest.raises(Refused, match="期满后才能聘任"):
        appoint_round(actor=hr, competition=competition)
    objection = raise_objection(actor=officer, competition=competition, text="面试未回避")
    competition = over(competition)
    with pytest.raises(Refused, match="没有答复"):
        appoint_round(actor=hr, competition=competition)
    with pytest.raises(NotAllowed):
        answer_objection(actor=officer, objection=objection, answer="没有")
    answer_objection(actor=hr, objection=objection, answer="经核实已回避")

    assert len(appoint_round(actor=hr, competition=competition)) == 1


def test_a_list_taken_back_is_decided_anew(hr: Account, manager: Account) -> None:
    competition = approved(scored([90, 80], seats=1), hr, manager)

    again = reconsider_decision(actor=manager, competition=competition, reason="异议成立")

    assert (again.state, again.publicity_until) == ("scored", None)
    first, second = candidates(competition)
    place_candidate(actor=hr, competition=competition, application=first, post=None, reason="异议成立")
    place_candidate(
        actor=hr, competition=competition, application=second, post=competition.posts.get(), reason="递补"
    )
    assert submit_decision(actor=hr, competition=competition).state == "decided"


def test_the_whole_staff_is_appointed_on_one_day(hr: Account, manager: Account) -> None:
    competition = scored([90, 80], term_months=12)
    winner, other = candidates(competition)
    team = make_team()
    make_appointment(winner.person, team)
    loser = make_person()
    make_appointment(loser, team)
    account = make_account(Role.STAFF, person=other.person)
    falling = make_account(Role.LEADER, person=loser)
    competition = over(approved(competition, hr, manager))
    placed, losing = consequences_of(competition)
    assert ([each.person for each in placed], [each.person for each in losing]) == (
        [winner.person, other.person],
        [loser],
    )

    made = appoint_round(actor=hr, competition=competition)

    day = competition.appoint_on
    assert [(each.starts_on, each.ends_on) for each in made] == [(day, months_after(day, 12))] * 2
    assert set(Appointment.objects.filter(team=team).values_list("ends_on", flat=True)) == {day}
    assert Contract.objects.filter(state="draft", starts_on=day).count() == 2
    assert losing[0].role_before == "队长"
    assert roles_of(account, falling) == [Role.STAFF, Role.LEADER]
    assert settle_due_roles(actor=None, today=day - timedelta(days=1)) == 0
    assert settle_due_roles(actor=None, today=day) == 2
    assert roles_of(account, falling) == [Role.OFFICER, Role.STAFF]
    Account.objects.filter(pk=falling.pk).update(role=Role.OFFICER)
    assert settle_due_roles(actor=None, today=day) == 0
    assert roles_of(falling) == [Role.OFFICER]
    competition.refresh_from_db()
    assert competition.state == "appointed"


def test_an_appointment_on_its_day_settles_the_roles_at_once(hr: Account, manager: Account) -> None:
    competition = scored([90], appoint_on=timezone.localdate())
    (winner,) = candidates(competition)
    winning, losing = make_account(Role.LEADER, person=winner.person), make_account(Role.OFFICER)
    watching = make_account(Role.MANAGER)
    for each in (losing, watching):
        make_appointment(each.person, make_team())
    competition = over(approved(competition, hr, manager))

    appoint_round(actor=hr, competition=competition)

    assert roles_of(winning, losing, watching) == [Role.OFFICER, Role.STAFF, Role.MANAGER]
    kept = AuditEntry.objects.filter(verb="account.change", target_id=str(losing.pk)).get()
    assert kept.detail == {"role": ["officer", "staff"], "competition": competition.number}
    assert Notice.objects.filter(recipient=losing, text__contains="机关工作人员").exists()


def test_nothing_is_appointed_when_one_post_stands_in_the_way(hr: Account, manager: Account) -> None:
    competition = scored([90, 80])
    first, second = candidates(competition)
    make_appointment(first.person, make_team())
    make_appointment(second.person, make_team(), starts_on=competition.appoint_on + timedelta(days=3))
    competition = over(approved(competition, hr, manager))

    with pytest.raises(Conflict, match="已有其他任职"):
        appoint_round(actor=hr, competition=competition)

    assert Appointment.objects.filter(ends_on=None).count() == 2
    assert Contract.objects.count() == 0


def test_a_round_that_replaces_some_leaves_the_others(hr: Account, manager: Account) -> None:
    competition = scored([90], replaces_all=False)
    stays = make_appointment(make_person(), make_team())
    competition = over(approved(competition, hr, manager))

    appoint_round(actor=hr, competition=competition)

    stays.refresh_from_db()
    assert stays.ends_on is None


def test_letters_are_the_same_bytes_under_either_name(hr: Account, manager: Account) -> None:
    competition = over(approved(scored([90]), hr, manager))
    appoint_round(actor=hr, competition=competition)
    placement = Placement.objects.get()

    centre, again, bureau = (
        letter_of(placement),
        letter_of(placement, "centre"),
        letter_of(placement, "bureau"),
    )

    assert centre[:5] == b"%PDF-"
    assert (centre == again, centre == bureau) == (True, False)


def test_months_end_with_the_month() -> None:
    assert [months_after(date(2026, 1, 31), count) for count in (1, 3, 12, 25)] == [
        date(2026, 2, 28),
        date(2026, 4, 30),
        date(2027, 1, 31),
        date(2028, 2, 29),
    ]


def test_the_board_in_the_browser_from_proposal_to_letters(
    client_as: Callable[[Account], Client], hr: Account, manager: Account, officer: Account
) -> None:
    competition = scored([90, 80, 80])
    _first, second, third = candidates(competition)
    desk, chief, base = client_as(hr), client_as(manager), f"/teams/competitions/{competition.public_id}"
    assert client_as(officer).get(f"{base}/decision/").status_code == 403
    accepted = desk.post(f"{base}/decision/accept/", follow=True).content.decode()
    assert "并列待定" in accepted
    refused = desk.post(f"{base}/decision/{second.public_id}/place/", {"post": second.choices.get().post_id})
    assert (refused.status_code, "理由" in refused.content.decode()) == (422, True)
    desk.post(
        f"{base}/decision/{second.public_id}/place/",
        {"post": second.choices.get().post_id, "reason": "驻外经历"},
    )
    desk.post(f"{base}/decision/submit/")
    chief.post(f"{base}/decision/approve/", {"approve": "yes"})
    assert second.person.name in client_as(officer).get(f"{base}/publicity/").content.decode()
    sent = client_as(officer).post(f"{base}/publicity/object/", {"text": "有疑问"}, follow=True)
    assert "有疑问" in sent.content.decode()
    objection = competition.objections.get()
    desk.post(f"/teams/competitions/objections/{objection.pk}/", {"answer": "已核实"})
    over(competition)
    assert "聘任之后" in desk.get(f"{base}/decision/").content.decode()
    done = desk.post(f"{base}/decision/appoint/", follow=True).content.decode()
    assert "已聘任 2 人" in done
    packed = zipfile.ZipFile(io.BytesIO(desk.get(f"{base}/letters.zip?body=bureau").content))
    assert len(packed.namelist()) == 2
    assert third.person.name not in "".join(packed.namelist())
    assert (
        client_as(officer).get(f"/teams/competitions/letters/{Placement.objects.first().pk}.pdf").status_code
        == 404
    )  # type: ignore[union-attr]
    assert desk.get(f"{base}/placements.xlsx")["Content-Type"].endswith("sheet")


def test_the_api_decides_and_appoints(
    client_as: Callable[[Account], Client], hr: Account, manager: Account
) -> None:
    competition = scored([90, 80], seats=1)
    base = f"/api/competitions/{competition.public_id}"
    desk, chief = client_as(hr), client_as(manager)

    def post(browser: Client, path: str, given: dict[str, Any]) -> int:
        return browser.post(f"{base}/{path}/", given, "application/json").status_code

    assert post(desk, "placements/accept", {}) == 200
    assert post(desk, "placements/submit", {}) == 200
    assert post(desk, "placements/approve", {"approve": True}) == 403
    assert post(chief, "placements/approve", {"approve": True}) == 200
    assert post(chief, "objections", {"text": "请核实"}) == 201
    objection = competition.objections.get()
    assert post(desk, f"objections/{objection.pk}/answer", {"answer": "已核实"}) == 200
    over(competition)
    assert post(desk, "appoint", {}) == 200
    listed = desk.get(f"{base}/placements/").json()
    assert [each["seat"] for each in listed] == [1]
    letter = desk.get(f"{base}/letters/{listed[0]['application']}/")
    assert letter["Content-Type"] == "application/pdf"
    assert CompetitionPost.objects.count() == 1
