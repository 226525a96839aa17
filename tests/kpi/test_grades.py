"""Next year's grades: thresholds by two people, proposals, decisions, approval, and posts changed on one day."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from kpi import actions
from kpi.access.grades import grade_proposals_visible_to
from kpi.models import AssessmentYear, GradeProposal, GradeRound, GradeRule
from kpi.queries.course import course_of
from kpi.queries.grades import grade_rule_for, round_figures
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.models import AuditEntry, Notice
from staff.actions import regrade_people
from staff.models import Account, Appointment, Person, Role, Team
from tests.factories.kpi import make_run
from tests.factories.rewards import make_result, make_year, open_round, release_grades, terms_of_grades
from tests.factories.staff import make_account, make_appointment, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def riser(officer: Account) -> Person:
    assert officer.person is not None
    return officer.person


@pytest.fixture
def faller(colleague: Account) -> Person:
    assert colleague.person is not None
    return colleague.person


@pytest.fixture
def opened(hr: Account, manager: Account, riser: Person, faller: Person) -> GradeRound:
    return open_round(hr, manager, {riser: "85", faller: "10"})


def proposal(found: GradeRound, person: Person) -> GradeProposal:
    return GradeProposal.objects.get(round=found, person=person)


def approved(found: GradeRound, hr: Account, manager: Account) -> GradeRound:
    actions.submit_grade_round(actor=hr, found=found)
    return actions.approve_grade_round(actor=manager, found=found, approve=True)


def test_a_second_person_releases_thresholds(hr: Account, manager: Account) -> None:
    draft = actions.draft_grade_rule(actor=hr, terms=terms_of_grades())
    with pytest.raises(Refused, match="您自己起草"):
        actions.release_grade_rule(actor=hr, rule=draft)

    released = actions.release_grade_rule(actor=manager, rule=draft)

    assert (released.state, grade_rule_for(2024), grade_rule_for(2023)) == ("released", released, None)
    with pytest.raises(Conflict, match="不能再改"):
        actions.draft_grade_rule(actor=hr, terms=terms_of_grades(), rule=released)


def test_a_released_rule_stays_whatever_writes(hr: Account, manager: Account) -> None:
    rule = release_grades(hr, manager)
    with pytest.raises(DatabaseError, match="released_grades_stay"), transaction.atomic():
        GradeRule.objects.filter(pk=rule.pk).update(first_at=1)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"senior_at": Decimal(50)}, {"senior_at"}),
        ({"measure": "place"}, {"senior_at"}),
        ({"measure": "place", "senior_at": Decimal(10), "first_at": Decimal(101)}, {"first_at"}),
        ({"most_up": 3}, {"most_up"}),
        ({"title": " "}, {"title"}),
    ],
)
def test_thresholds_that_cannot_be_are_refused(
    hr: Account, fields: dict[str, object], wrong: set[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.draft_grade_rule(actor=hr, terms=terms_of_grades(**fields))
    assert set(refusal.value.fields) == wrong


def test_only_hr_drafts(manager: Account, officer: Account) -> None:
    for other in (manager, officer):
        with pytest.raises(NotAllowed):
            actions.draft_grade_rule(actor=other, terms=terms_of_grades())


def test_a_round_proposes_for_everybody_with_a_post(
    opened: GradeRound, riser: Person, faller: Person
) -> None:
    rows = {each.person: (each.present, each.proposed, each.decided) for each in opened.proposals.all()}
    assert rows == {riser: ("first", "senior", "senior"), faller: ("first", "second", "second")}
    assert opened.applies_on == date(2026, 1, 1)
    assert proposal(opened, riser).basis == "总分 85.00，第 1 名（共 2 人）；达到高级招商专员的 80.00 分。"


def test_a_round_waits_for_the_whole_year(hr: Account, manager: Account, riser: Person) -> None:
    with pytest.raises(Refused, match="还没有发布"):
        actions.open_grade_round(actor=hr, year=2025)
    release_grades(hr, manager)
    make_year({riser: "85"}, as_of=date(2025, 11, 30))

    with pytest.raises(Refused, match="还没有核算到"):
        actions.open_grade_round(actor=hr, year=2025)


def test_departing_has_a_reason(opened: GradeRound, manager: Account, riser: Person) -> None:
    row = proposal(opened, riser)
    with pytest.raises(Refused, match="理由"):
        actions.decide_grade(actor=manager, proposal=row, grade="first")

    decided = actions.decide_grade(actor=manager, proposal=row, grade="first", reason="任职不满一年")

    assert (decided.decided, decided.departs, round_figures(opened).departing) == ("first", True, 1)
    entry = AuditEntry.objects.get(verb="grades.decide")
    assert (entry.reason, entry.detail["decided"]) == ("任职不满一年", "first")


def test_nobody_decides_about_himself(opened: GradeRound, riser: Person) -> None:
    own = Account.objects.get(person=riser)
    for role in (Role.HR, Role.MANAGER):
        Account.objects.filter(pk=own.pk).update(role=role)
        own.refresh_from_db()
        with pytest.raises(NotAllowed, match="不能决定自己的"):
            actions.decide_grade(actor=own, proposal=proposal(opened, riser), grade="senior")


def test_who_stands_in_a_round_or_departed_does_not_approve(
    opened: GradeRound, hr: Account, manager: Account, deputy: Account, riser: Person
) -> None:
    actions.decide_grade(
        actor=manager, proposal=proposal(opened, riser), grade="first", reason="任职不满一年"
    )
    actions.submit_grade_round(actor=hr, found=opened)
    standing_in = Account.objects.get(person=riser)
    Account.objects.filter(pk=standing_in.pk).update(role=Role.MANAGER)
    standing_in.refresh_from_db()
    for other in (hr, manager, standing_in):
        with pytest.raises(NotAllowed):
            actions.approve_grade_round(actor=other, found=opened, approve=True)

    assert actions.approve_grade_round(actor=deputy, found=opened, approve=True).state == "approved"


def test_a_round_is_given_back_with_a_reason(opened: GradeRound, hr: Account, manager: Account) -> None:
    actions.submit_grade_round(actor=hr, found=opened)
    with pytest.raises(Refused, match="退回的原因"):
        actions.approve_grade_round(actor=manager, found=opened, approve=False)

    back = actions.approve_grade_round(actor=manager, found=opened, approve=False, reason="请核对驻点人员")

    assert (back.state, back.opinion) == ("draft", "请核对驻点人员")


def test_a_newer_run_asks_for_new_proposals(
    opened: GradeRound, hr: Account, riser: Person, faller: Person
) -> None:
    actions.decide_grade(actor=hr, proposal=proposal(opened, faller), grade="first", reason="病假半年")
    newer = make_run(opened.run.scheme)
    make_result(newer, riser, "50")
    make_result(newer, faller, "20")
    AssessmentYear.objects.filter(year=2025).update(current_run=newer)
    with pytest.raises(Refused, match="重新拟定"):
        actions.submit_grade_round(actor=hr, found=opened)

    actions.renew_grade_round(actor=hr, found=opened)

    rows = {each.person: (each.proposed, each.decided, each.reason) for each in opened.proposals.all()}
    assert rows == {riser: ("second", "second", ""), faller: ("second", "first", "病假半年")}
    assert actions.submit_grade_round(actor=hr, found=opened).state == "submitted"


def test_undecided_results_keep_a_round_from_being_submitted(
    opened: GradeRound, hr: Account, riser: Person
) -> None:
    proposal(opened, riser).standing.__class__.objects.filter(person=riser).update(undecided_count=1)
    with pytest.raises(Refused, match="待定项"):
        actions.submit_grade_round(actor=hr, found=opened)


def test_carrying_out_splits_posts_on_the_day(
    opened: GradeRound, hr: Account, manager: Account, riser: Person, faller: Person
) -> None:
    approved(opened, hr, manager)

    actions.apply_grade_round(actor=hr, found=opened)

    def posts(person: Person) -> list[tuple[object, ...]]:
        rows = person.appointments.order_by("starts_on")
        return [(each.grade, each.team_id, each.starts_on, each.ends_on) for each in rows]

    team, day = riser.appointments.latest("pk").team_id, date(2026, 1, 1)
    assert posts(riser) == [("first", team, date(2021, 1, 1), day), ("senior", team, day, None)]
    assert posts(faller)[1] == ("second", team, day, None)
    assert GradeRound.objects.get(pk=opened.pk).state == "applied"


def test_carrying_out_keeps_secondments_and_later_posts(
    hr: Account, manager: Account, riser: Person, second_team: Team
) -> None:
    home = riser.appointments.get()
    home.ends_on = date(2025, 12, 1)
    home.save()
    lent = {
        "kind": "seconded",
        "home_team": home.team,
        "starts_on": home.ends_on,
        "ends_on": date(2026, 3, 1),
    }
    make_appointment(riser, second_team, **lent)
    make_appointment(riser, home.team, starts_on=date(2026, 3, 1))
    found = open_round(hr, manager, {riser: "85"})
    approved(found, hr, manager)

    actions.apply_grade_round(actor=hr, found=found)

    rows = riser.appointments.order_by("starts_on").values_list("grade", "kind", "starts_on", "ends_on")
    assert list(rows) == [
        ("first", "regular", date(2021, 1, 1), date(2025, 12, 1)),
        ("first", "seconded", date(2025, 12, 1), date(2026, 1, 1)),
        ("senior", "seconded", date(2026, 1, 1), date(2026, 3, 1)),
        ("senior", "regular", date(2026, 3, 1), None),
    ]


def test_who_left_meanwhile_is_named_and_passed_over(
    opened: GradeRound, hr: Account, manager: Account, riser: Person, faller: Person
) -> None:
    approved(opened, hr, manager)
    riser.appointments.update(ends_on=date(2025, 12, 31))

    actions.apply_grade_round(actor=hr, found=opened)

    assert AuditEntry.objects.get(verb="grades.apply").detail["without_post"] == [riser.name]
    assert faller.appointments.filter(grade="second").count() == 1


def test_an_approved_round_stays_whatever_writes(opened: GradeRound, hr: Account, manager: Account) -> None:
    approved(opened, hr, manager)
    with pytest.raises(DatabaseError, match="approved_grades_stay"), transaction.atomic():
        opened.proposals.update(decided="first", reason="x")
    with pytest.raises(Conflict, match="已批准"):
        actions.renew_grade_round(actor=hr, found=opened)


def test_each_person_is_told_the_own_grade_only(
    opened: GradeRound, hr: Account, manager: Account, riser: Person
) -> None:
    approved(opened, hr, manager)
    told = Notice.objects.filter(recipient__person=riser).values_list("text", flat=True)
    assert list(told) == ["您的职级评定为高级招商专员，自 2026-01-01 起执行。"]


def test_who_sees_proposals(
    opened: GradeRound,
    hr: Account,
    manager: Account,
    auditor: Account,
    officer: Account,
    outsider: Account,
    leader: Account,
) -> None:
    def seen(account: Account) -> int:
        return grade_proposals_visible_to(account).count()

    before = [seen(each) for each in (hr, manager, auditor, officer, outsider, leader)]
    approved(opened, hr, manager)
    after = [seen(each) for each in (hr, manager, auditor, officer, outsider, leader)]

    assert (before, after) == ([2, 2, 2, 0, 0, 0], [2, 2, 2, 1, 0, 0])


def test_the_course_tells_the_step(opened: GradeRound, hr: Account) -> None:
    step = next(each for each in course_of(hr, 2025) if each.code == "grades")
    assert (step.progress, step.detail) == (
        "open",
        "拟定：2 人，晋升 1 人，降低 1 人，自 2026-01-01 起执行。",
    )


def test_two_rounds_of_a_year_are_refused(opened: GradeRound, hr: Account) -> None:
    with pytest.raises(Conflict, match="已经开始"):
        actions.open_grade_round(actor=hr, year=2025)


def test_regrading_needs_a_post(hr: Account) -> None:
    person = make_person()
    with pytest.raises(Refused, match="没有任职"):
        regrade_people(actor=hr, grades={person.pk: "first"}, on=date(2026, 1, 1), reason="评定")
    with pytest.raises(NotAllowed):
        regrade_people(
            actor=make_account(Role.MANAGER), grades={person.pk: "first"}, on=date(2026, 1, 1), reason="评定"
        )
    assert Appointment.objects.filter(person=person).count() == 0
