"""The team bonus: opened by the standard, distributed by the team, confirmed by everybody, approved, due and paid by phase, taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kpi.access.bonus import bonuses_visible_to
from kpi.actions.bonus import end_bonus, open_bonus, set_pool
from kpi.actions.bonus_pay import follow_bonus, pay_bonus
from kpi.actions.bonus_plan import (
    approve_plan,
    confirm_share,
    object_to_share,
    propose_plan,
    record_answer,
    reply_to_objection,
    return_plan,
    submit_plan,
)
from kpi.actions.bonus_rate import adopt_bonus_rates, end_bonus_rate, settle_bonus_rate
from kpi.models import BonusLine, BonusPart, BonusPlan, BonusRatePhase, BonusShare, TeamBonus
from kpi.queries.bonus import payment_table, phases_to_come, rate_on, suggestion
from kpi.queries.course import course_of
from kpi.tasks import follow_bonuses
from projects.actions import reverse_achievement
from projects.actions.key_project import revoke_key_project
from projects.models import Achievement
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Person, Role, Team
from tests.factories.bonus import PHASES, approve, make_bonus, make_key_project, make_plan, make_rate
from tests.factories.projects import make_recognised, make_share
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db
POOL = Decimal("100000.01")


@pytest.fixture
def bonus(officer: Account, leader: Account, manager: Account, hr: Account) -> TeamBonus:
    return make_bonus(officer, manager, hr)


@pytest.fixture
def shares(officer: Account, colleague: Account, leader: Account) -> list[tuple[Account, str]]:
    return [(officer, "33.33"), (colleague, "33.33"), (leader, "33.34")]


def reach(bonus: TeamBonus, officer: Account, manager: Account, *kinds: str) -> None:
    for kind in kinds:
        make_recognised(bonus.project, officer, manager, kind=kind, amount=None, amount_cny=None)


def committed(change: Callable[[], Any]) -> None:
    """Make the change and let the database look at it as it does when a transaction commits."""
    with transaction.atomic():
        change()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def amounts(bonus: TeamBonus) -> list[Decimal]:
    return [line.amount for line in BonusLine.objects.filter(part__share__plan__bonus=bonus).order_by("pk")]


def fresh(bonus: TeamBonus) -> TeamBonus:
    return TeamBonus.objects.get(pk=bonus.pk)


def test_standards_are_dated_and_whole(manager: Account, hr: Account) -> None:
    rates = adopt_bonus_rates(actor=manager, holds_from=date(2026, 1, 1))
    assert [sum(phase.percent for phase in rate.phases.all()) for rate in rates] == [100, 100]
    later = make_rate(manager, holds_from=date(2026, 6, 1))
    assert [rate_on("major", day) for day in (date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1))] == [
        None, rates[0], later,
    ]  # fmt: skip
    end_bonus_rate(actor=manager, rate=later, on=date(2026, 9, 1), reason="办法废止")
    assert rate_on("major", date(2026, 9, 1)) is None
    with pytest.raises(Refused, match="已经有奖励标准"):
        adopt_bonus_rates(actor=manager)
    with pytest.raises(NotAllowed):
        make_rate(hr)
    with pytest.raises(NotFound):
        end_bonus_rate(actor=manager, rate=later, on=date(2026, 10, 1), reason="再停")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phases": (("registered", Decimal(40)), ("started", Decimal(59)))}, "phases"),
        ({"phases": (("registered", Decimal(40)), ("registered", Decimal(60)))}, "phases"),
        ({"phases": (("output", Decimal(100)),)}, "phases"),
        ({"phases": ()}, "phases"),
        ({"amount": None}, "amount"),
        ({"measure": "rate", "per_mille": None}, "per_mille"),
        ({"measure": "rate", "per_mille": Decimal(1000)}, "per_mille"),
        ({"measure": "rate", "per_mille": Decimal(1), "cap": Decimal(0)}, "cap"),
        ({"project_class": "ordinary"}, "project_class"),
    ],
)
def test_a_wrong_standard_is_refused_at_its_field(
    manager: Account, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make_rate(manager, **change)
    assert list(refusal.value.fields) == [field]


def test_a_bonus_is_opened_by_the_standard_of_the_day_of_recognition(
    officer: Account, manager: Account, hr: Account, leader: Account
) -> None:
    held = make_key_project(officer, manager)
    with pytest.raises(Refused, match="没有重大项目的奖励标准"):
        open_bonus(actor=hr, recognition=held)
    settle_bonus_rate(
        actor=manager, project_class="major", measure="rate", per_mille=Decimal("0.5"), cap=Decimal(40_000),
        phases=PHASES, holds_from=date(2026, 1, 1),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        open_bonus(actor=leader, recognition=held)
    with pytest.raises(Refused, match="按标准是") as refusal:
        open_bonus(actor=hr, recognition=held, pool=Decimal(50_000), reason="多给")
    assert list(refusal.value.fields) == ["pool"]

    bonus = open_bonus(actor=hr, recognition=held)

    assert (bonus.base, bonus.computed, bonus.pool, bonus.year) == (100_000_000, 40_000, 40_000, 2026)
    assert [(one.milestone, one.percent) for one in bonus.phases.all()] == list(PHASES)
    assert Notice.objects.filter(recipient=leader, text__contains="团队奖励").count() == 1
    with pytest.raises(Refused, match="不大于 0"):
        open_bonus(actor=hr, recognition=held)


def test_a_manager_departs_with_a_reason_and_a_higher_class_brings_what_is_more(
    officer: Account, manager: Account, deputy: Account, hr: Account, bonus: TeamBonus
) -> None:
    with pytest.raises(Refused, match="写明理由"):
        set_pool(actor=manager, bonus=bonus, pool=Decimal(90_000), reason="")
    changed = set_pool(actor=manager, bonus=bonus, pool=Decimal(90_000), reason="部分工作由外部机构完成")
    assert (changed.pool, changed.computed, changed.pool_reason) == (90_000, POOL, "部分工作由外部机构完成")
    for wrong in (Decimal(0), Decimal("1.001"), Decimal(200_000_000)):
        with pytest.raises(Refused):
            set_pool(actor=manager, bonus=bonus, pool=wrong, reason="试")

    bonus.recognition.state, bonus.recognition.ended_on = "replaced", date(2026, 5, 1)
    bonus.recognition.end_reason = "调整为重特大"
    bonus.recognition.save()
    higher = make_key_project(
        officer, manager, project_class="strategic", class_before="major", recognised_on=date(2026, 5, 1)
    )
    higher.project = bonus.project
    higher.save()
    make_rate(manager, project_class="strategic", amount=Decimal(300_000))
    assert open_bonus(actor=hr, recognition=higher).pool == 210_000


def test_the_team_distributes_and_everybody_confirms(
    officer: Account, colleague: Account, leader: Account, manager: Account, bonus: TeamBonus,
    shares: list[tuple[Account, str]],
) -> None:  # fmt: skip
    plan = make_plan(leader, bonus, shares)

    told = {share.person_id: share for share in plan.shares.all()}
    assert [told[one.person_id].amount for one in (officer, colleague, leader)] == [
        Decimal("33330.00"), Decimal("33330.00"), Decimal("33340.01"),
    ]  # fmt: skip
    assert [told[one.person_id].answer for one in (officer, leader)] == ["waiting", "confirmed"]
    assert Notice.objects.filter(recipient=officer, text__contains="请您确认").count() == 1
    with pytest.raises(NotAllowed, match="自己的份额"):
        confirm_share(actor=colleague, share=told[officer.person_id])
    with pytest.raises(Refused, match="没有确认"):
        submit_plan(actor=leader, bonus=bonus)
    confirm_share(actor=officer, share=told[officer.person_id], seen=1)
    with pytest.raises(Conflict):
        confirm_share(actor=officer, share=told[officer.person_id])
    confirm_share(actor=colleague, share=told[colleague.person_id])
    with pytest.raises(NotAllowed):
        submit_plan(actor=officer, bonus=bonus)
    submit_plan(actor=leader, bonus=bonus)
    with pytest.raises(NotAllowed):
        approve_plan(actor=leader, bonus=bonus)
    assert approve_plan(actor=manager, bonus=bonus, note="同意").state == "approved"
    assert fresh(bonus).state == "approved"
    verbs = (
        AuditEntry.objects.filter(target_type="kpi.teambonus").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "bonus.open", "bonus.propose", "bonus.confirm", "bonus.confirm", "bonus.submit", "bonus.approve",
    ]  # fmt: skip


def test_an_objection_is_answered_and_a_changed_plan_asks_anew(
    officer: Account, colleague: Account, leader: Account, bonus: TeamBonus, shares: list[tuple[Account, str]]
) -> None:
    plan = make_plan(leader, bonus, shares)
    own = plan.shares.get(person=officer.person)
    other = plan.shares.get(person=colleague.person)
    confirm_share(actor=officer, share=own)
    confirm_share(actor=colleague, share=other)
    submit_plan(actor=leader, bonus=bonus)
    with pytest.raises(Refused, match="异议的理由"):
        object_to_share(actor=officer, share=own, reason=" ")
    object_to_share(actor=officer, share=own, reason="落地由我协调")
    assert (fresh(bonus).state, BonusPlan.objects.get(pk=plan.pk).state) == ("confirming", "open")

    answered = reply_to_objection(actor=leader, share=own, reply="已计入")
    assert (answered.answer, answered.objection) == ("waiting", "落地由我协调")
    object_to_share(actor=officer, share=own, reason="仍不同意")
    wanted = [(officer.person, Decimal(50)), (colleague.person, Decimal(50))]
    with pytest.raises(Refused, match="请先答复") as refusal:
        propose_plan(actor=leader, bonus=bonus, shares=wanted)  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [f"reply_{own.pk}"]
    changed = propose_plan(actor=leader, bonus=bonus, shares=wanted, replies={own.pk: "采纳"})  # type: ignore[arg-type]

    own.refresh_from_db()
    assert (own.reply, BonusPlan.objects.get(pk=plan.pk).state, changed.number) == ("采纳", "changed", 2)
    assert {share.answer for share in changed.shares.all()} == {"waiting"}
    with pytest.raises(Conflict):
        confirm_share(actor=officer, share=own)


@pytest.mark.parametrize(
    "percents",
    [("50", "49.99"), ("50", "50.01"), ("100", "0"), ("50.005", "49.995"), ("110", "-10")],
)
def test_percentages_that_do_not_total_100_are_refused(
    officer: Account, colleague: Account, leader: Account, bonus: TeamBonus, percents: tuple[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        make_plan(leader, bonus, [(officer, percents[0]), (colleague, percents[1])])
    assert list(refusal.value.fields) == ["shares"]
    with pytest.raises(Refused, match="只能有一行"):
        make_plan(leader, bonus, [(officer, "50"), (officer, "50")])
    with pytest.raises(NotFound):
        make_plan(officer, bonus, [(officer, "100")])


def test_a_manager_with_a_share_neither_approves_nor_changes(
    officer: Account, leader: Account, manager: Account, deputy: Account, bonus: TeamBonus
) -> None:
    plan = make_plan(leader, bonus, [(officer, "90"), (manager, "10")])
    for share in plan.shares.all():
        confirm_share(actor=officer if share.person_id == officer.person_id else manager, share=share)
    submit_plan(actor=leader, bonus=bonus)
    for attempt in (
        lambda: approve_plan(actor=manager, bonus=bonus),
        lambda: return_plan(actor=manager, bonus=bonus, reason="不"),
        lambda: end_bonus(actor=manager, bonus=bonus, reason="不"),
    ):
        with pytest.raises(NotAllowed, match="有份额"):
            attempt()
    spoiled = BonusPlan.objects.filter(pk=plan.pk)
    with pytest.raises(IntegrityError):
        committed(lambda: spoiled.update(state="approved", decided_by=manager, approved_on=date(2026, 4, 1)))
    with pytest.raises(Refused, match="退回的原因"):
        return_plan(actor=deputy, bonus=bonus, reason="")
    return_plan(actor=deputy, bonus=bonus, reason="请说明依据")
    assert fresh(bonus).state == "planning"
    assert suggestion(bonus) == [(officer.person, Decimal(90)), (manager.person, Decimal(10))]


def test_the_database_keeps_plans_phases_and_lines_whole(
    officer: Account, leader: Account, manager: Account, bonus: TeamBonus, shares: list[tuple[Account, str]]
) -> None:
    plan = approve(leader, manager, bonus, shares)
    reach(bonus, officer, manager, "registered")
    follow_bonus(actor=manager, bonus=bonus)
    line = BonusLine.objects.order_by("pk").first()
    assert line is not None
    spoils: list[Callable[[], Any]] = [
        lambda: BonusShare.objects.filter(plan=plan, person=officer.person).update(percent=Decimal(30)),
        lambda: BonusShare.objects.filter(plan=plan, person=officer.person).update(amount=Decimal(1)),
        lambda: BonusPart.objects.filter(share__plan=plan).update(amount=Decimal(1)),
        lambda: BonusRatePhase.objects.filter(milestone="started").update(percent=Decimal(31)),
        lambda: BonusLine.objects.create(
            part=line.part, amount=line.amount, due_on=line.due_on, reason="再来"
        ),
        lambda: BonusLine.objects.filter(pk=line.pk).update(amount=Decimal(1)),
        lambda: BonusLine.objects.filter(pk=line.pk).delete(),
    ]
    for spoil in spoils:
        with pytest.raises(IntegrityError):
            committed(spoil)


def test_phases_fall_due_with_their_milestones_and_are_paid(
    officer: Account, leader: Account, manager: Account, hr: Account, bonus: TeamBonus,
    shares: list[tuple[Account, str]],
) -> None:  # fmt: skip
    reach(bonus, officer, manager, "registered")
    approve(leader, manager, bonus, shares)
    assert sum(amounts(bonus)) == sum(
        part.amount for part in BonusPart.objects.filter(phase__milestone="registered")
    )
    reach(bonus, officer, manager, "started", "produced")
    follow_bonuses()
    follow_bonuses()

    assert sum(amounts(bonus)) == POOL
    today = timezone.localdate()
    with pytest.raises(Refused, match="今天之后"):
        pay_bonus(actor=hr, bonus=bonus, paid_on=today + timedelta(1))
    with pytest.raises(Refused, match="没有应发未发"):
        pay_bonus(actor=hr, bonus=bonus, paid_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        pay_bonus(actor=manager, bonus=bonus, paid_on=today)
    payout = pay_bonus(actor=hr, bonus=bonus, paid_on=today, note="凭证 1")
    table = payment_table(bonus)
    assert (payout.total, sum(row.paid for row in table), sum(row.to_come for row in table)) == (
        POOL,
        POOL,
        0,
    )
    with pytest.raises(Refused, match="没有应发未发"):
        pay_bonus(actor=hr, bonus=bonus, paid_on=today)


def test_a_reversed_milestone_and_a_revoked_recognition_take_everything_back(
    officer: Account, leader: Account, manager: Account, hr: Account, bonus: TeamBonus,
    shares: list[tuple[Account, str]],
) -> None:  # fmt: skip
    approve(leader, manager, bonus, shares)
    reach(bonus, officer, manager, "registered", "started")
    follow_bonus(actor=hr, bonus=bonus)
    pay_bonus(actor=hr, bonus=bonus, paid_on=timezone.localdate())
    fact = Achievement.objects.get(project=bonus.project, kind="started")
    reverse_achievement(actor=manager, achievement=fact, reason="开工照片不实")

    back = follow_bonus(actor=manager, bonus=bonus)

    assert [line.amount for line in back] == [-line.reverses.amount for line in back if line.reverses]
    assert all("冲销" in line.reason for line in back)
    assert sum(row.open for row in payment_table(bonus)) == sum(line.amount for line in back)
    reach(bonus, officer, manager, "started")
    again = follow_bonus(actor=manager, bonus=bonus)
    assert sum(line.amount for line in back) + sum(line.amount for line in again) == 0

    revoke_key_project(actor=manager, recognition=bonus.recognition, reason="合同解除")
    follow_bonuses()
    assert sum(amounts(bonus)) == 0
    payout = pay_bonus(actor=hr, bonus=bonus, paid_on=timezone.localdate())
    assert payout.total < 0
    assert sum(one.total for one in bonus.payouts.all()) == 0


def test_an_ended_bonus_lets_nothing_more_fall_due_and_keeps_what_is_due(
    officer: Account, leader: Account, manager: Account, bonus: TeamBonus, shares: list[tuple[Account, str]]
) -> None:
    approve(leader, manager, bonus, shares)
    reach(bonus, officer, manager, "registered")
    follow_bonus(actor=manager, bonus=bonus)
    due = sum(amounts(bonus))
    with pytest.raises(Conflict, match="已批准"):
        set_pool(actor=manager, bonus=bonus, pool=Decimal(1), reason="少给")
    end_bonus(actor=manager, bonus=bonus, reason="政策调整")
    reach(bonus, officer, manager, "started")
    assert follow_bonus(actor=manager, bonus=bonus) == []
    assert sum(amounts(bonus)) == due
    with pytest.raises(Conflict):
        make_plan(leader, fresh(bonus), shares)


def test_after_an_approval_a_new_plan_divides_what_is_to_come_and_who_left_keeps_the_earned_part(
    officer: Account, colleague: Account, leader: Account, manager: Account, hr: Account, bonus: TeamBonus,
    shares: list[tuple[Account, str]],
) -> None:  # fmt: skip
    approve(leader, manager, bonus, shares)
    reach(bonus, officer, manager, "registered")
    follow_bonus(actor=manager, bonus=bonus)
    earned = {row.person.pk: row.due for row in payment_table(bonus)}
    Person.objects.filter(pk=colleague.person_id).update(left_on=timezone.localdate())

    phases, whole = phases_to_come(bonus)
    assert ([phase.milestone for phase in phases], whole) == (
        ["started", "produced"],
        POOL - sum(earned.values()),
    )
    plan = approve(leader, manager, bonus, [(officer, "60"), (leader, "40")])
    reach(bonus, officer, manager, "started", "produced")
    follow_bonus(actor=manager, bonus=bonus)

    table = {row.person.pk: row for row in payment_table(bonus)}
    assert (plan.whole, sum(row.due for row in table.values())) == (whole, POOL)
    assert table[colleague.person_id].due == earned[colleague.person_id]  # type: ignore[index]
    with pytest.raises(Conflict, match="都已到期"):
        make_plan(leader, fresh(bonus), shares)


def test_a_phase_that_fell_due_meanwhile_stops_the_approval(
    officer: Account, leader: Account, manager: Account, bonus: TeamBonus, shares: list[tuple[Account, str]]
) -> None:
    approve(leader, manager, bonus, shares)
    plan = make_plan(leader, fresh(bonus), [(officer, "60"), (leader, "40")])
    confirm_share(actor=officer, share=plan.shares.get(person=officer.person))
    submit_plan(actor=leader, bonus=bonus)
    reach(bonus, officer, manager, "registered")
    follow_bonus(actor=manager, bonus=bonus)
    with pytest.raises(Conflict, match="又有阶段到期"):
        approve_plan(actor=manager, bonus=bonus)
    assert sum(amounts(bonus)) < POOL


def test_hr_writes_down_what_somebody_says_who_has_left(
    officer: Account, colleague: Account, leader: Account, hr: Account, bonus: TeamBonus
) -> None:
    plan = make_plan(leader, bonus, [(officer, "50"), (colleague, "50")])
    share = plan.shares.get(person=colleague.person)
    with pytest.raises(Refused, match="还在职"):
        record_answer(actor=hr, share=share, confirmed=True, reason="书面确认")
    Person.objects.filter(pk=colleague.person_id).update(left_on=timezone.localdate())
    with pytest.raises(NotAllowed):
        record_answer(actor=leader, share=share, confirmed=True, reason="书面确认")
    assert (
        record_answer(actor=hr, share=share, confirmed=True, reason="11 月 3 日书面确认").answer
        == "confirmed"
    )


def test_amounts_are_seen_by_members_leader_and_those_who_decide_pay_and_watch(
    officer: Account, colleague: Account, outsider: Account, leader: Account, manager: Account, hr: Account,
    auditor: Account, administrator: Account, second_team: Team, bonus: TeamBonus,
) -> None:  # fmt: skip
    make_plan(leader, bonus, [(officer, "100")])
    other = make_account(Role.LEADER, team=second_team)
    api = make_account(Role.API_CLIENT)
    seen = [
        bonuses_visible_to(one).exists()
        for one in (officer, leader, manager, hr, auditor, colleague, outsider, other, administrator, api)
    ]
    assert seen == [True] * 5 + [False] * 5
    with pytest.raises(NotFound):
        object_to_share(actor=colleague, share=BonusShare.objects.get(), reason="看不到")


def test_the_suggestion_starts_from_the_shares_of_the_credit(
    officer: Account, colleague: Account, bonus: TeamBonus
) -> None:
    assert suggestion(bonus) == []
    make_share(bonus.project, officer.person, 30)  # type: ignore[arg-type]
    make_share(bonus.project, colleague.person, 50, role="landing")  # type: ignore[arg-type]
    make_share(bonus.project, officer.person, 20, role="capture")  # type: ignore[arg-type]
    assert sorted((person.pk, percent) for person, percent in suggestion(bonus)) == sorted(
        [(officer.person_id, Decimal(50)), (colleague.person_id, Decimal(50))]
    )


def test_the_step_of_the_year_counts_what_is_open_and_approved(
    officer: Account, leader: Account, manager: Account, hr: Account, outsider: Account, bonus: TeamBonus,
    shares: list[tuple[Account, str]],
) -> None:  # fmt: skip
    make_key_project(officer, manager)

    def told(actor: Account) -> tuple[str, str]:
        step = next(one for one in course_of(actor, 2026) if one.code == "bonuses")
        return step.progress.value, step.detail

    assert told(hr) == ("open", "1 项奖励，0 项分配方案已批准。1 个已认定项目待设立。")
    assert told(outsider) == ("ahead", "还没有团队奖励。")
    approve(leader, manager, bonus, shares)
    assert told(officer) == ("done", "1 项奖励，1 项分配方案已批准。")
