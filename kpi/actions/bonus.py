"""Opening a team bonus (招引团队奖励) for a recognised key project, setting its pool, and ending it."""

from decimal import Decimal
from typing import NoReturn

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access import bonus as access
from kpi.bonus_arithmetic import pool_of
from kpi.models import BonusPhase, BonusPlan, BonusRate, BonusState, PlanState, TeamBonus
from kpi.queries.bonus import rate_on
from projects.access.key_project import key_recognitions_visible_to
from projects.actions.review_parts import fitting, save_row, words
from projects.models import KeyProjectRecognition, KeyState, Project
from projects.queries.key_project import figures_of
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.money import CENT
from staff.access import in_force
from staff.models import Account, Appointment

# A larger pool is a slip of the unit (assumption).
LARGEST = Decimal(100_000_000)


@action("bonus.open", gettext_lazy("设立招引团队奖励"))
def open_bonus(
    *,
    actor: Account,
    recognition: KeyProjectRecognition,
    pool: Decimal | None = None,
    reason: str = "",
) -> TeamBonus:
    """Open the bonus of a recognised key project by the standard of the day of its recognition; `pool` in 元.

    A project that had a bonus in a lower class gets what is more. Another pool than the standard's is a manager's, with a
    reason. Raises Refused without a standard, Conflict when it is open already.
    """
    if not access.can_open_bonuses(actor):
        raise NotAllowed(_("团队奖励由人事或分管领导设立。"))
    held = _locked_recognition(actor, recognition)
    rate = rate_on(held.project_class, held.recognised_on or timezone.localdate())
    if rate is None:
        raise Refused(
            _("认定之日（%(day)s）没有%(class)s项目的奖励标准；请先设定标准。")
            % {"day": held.recognised_on, "class": held.get_project_class_display()}
        )
    base, computed = _computed(held, rate)
    wanted = computed if pool is None else _checked_pool(pool)
    reason = _checked_departure(actor, wanted, computed, reason)
    bonus = TeamBonus.objects.create(
        project=held.project,
        recognition=held,
        team=held.project.team,
        year=(held.recognised_on or timezone.localdate()).year,
        rate=rate,
        base=base,
        computed=computed,
        pool=wanted,
        pool_reason=reason,
        opened_by=actor,
    )
    BonusPhase.objects.bulk_create(
        BonusPhase(bonus=bonus, position=one.position, milestone=one.milestone, percent=one.percent)
        for one in rate.phases.all()
    )
    detail = {"pool": str(wanted), "computed": str(computed), "base": str(base), "rate": rate.pk}
    record(actor=actor, verb="bonus.open", target=bonus, reason=reason, detail=detail)
    tell(leaders_of(bonus), bonus, _("“%(project)s”设立了团队奖励，请组织团队研究分配方案。"), but=actor)
    return bonus


@action("bonus.set-pool", gettext_lazy("调整奖励总额"))
def set_pool(
    *, actor: Account, bonus: TeamBonus, pool: Decimal, reason: str, seen: int | None = None
) -> TeamBonus:
    """Set another pool, by a manager with a reason, before a plan is approved; a plan in course has to be made anew.

    Raises NotAllowed for a manager who has a share of the plan, Conflict once it is approved or ended.
    """
    row = locked_bonus(actor, bonus)
    need_manager(actor, row)
    check_version(seen=seen, current=row)
    if row.state not in (BonusState.PLANNING, BonusState.CONFIRMING) or plan_approved(row):
        raise_state(row)
    wanted = _checked_pool(pool)
    before, row.pool = row.pool, wanted
    row.pool_reason = _checked_departure(actor, wanted, row.computed, reason, always=True)
    drop_plan(row)
    row.state = BonusState.PLANNING
    save_row(row, "pool", "pool_reason", "state")
    detail = {"before": str(before), "after": str(wanted)}
    record(actor=actor, verb="bonus.set-pool", target=row, reason=row.pool_reason, detail=detail)
    tell(leaders_of(row), row, _("“%(project)s”的团队奖励总额有调整，请重新提出分配方案。"), but=actor)
    return row


@action("bonus.end", gettext_lazy("终止招引团队奖励"))
def end_bonus(*, actor: Account, bonus: TeamBonus, reason: str, seen: int | None = None) -> TeamBonus:
    """Nothing more falls due; what is due or paid stays. By a manager without a share, with the reason."""
    row = locked_bonus(actor, bonus)
    need_manager(actor, row)
    check_version(seen=seen, current=row)
    if row.state == BonusState.ENDED:
        raise_state(row)
    drop_plan(row)
    row.state, row.ended_by, row.ended_on = BonusState.ENDED, actor, timezone.localdate()
    row.end_reason = words(reason, "reason", _("请写明终止的理由，它会留在操作记录里。"))
    save_row(row, "state", "ended_by", "ended_on", "end_reason")
    record(actor=actor, verb="bonus.end", target=row, reason=row.end_reason)
    tell(leaders_of(row), row, _("“%(project)s”的团队奖励已终止。"), but=actor)
    return row


def locked_bonus(actor: Account, bonus: TeamBonus) -> TeamBonus:
    """The bonus of the visible set, locked: everything about it is written one after the other. Raises NotFound."""
    row = access.bonuses_visible_to(actor).select_for_update(of=("self",)).filter(pk=bonus.pk).first()
    if row is None:
        raise NotFound(_("没有这项团队奖励，或者您看不到它。请返回列表。"))
    return row


def need_manager(actor: Account, bonus: TeamBonus) -> None:
    """Raises NotAllowed for everybody but managers without a share in any plan of the bonus."""
    if not access.can_approve_bonuses(actor):
        raise NotAllowed(_("这一步由分管领导办理。"))
    for plan in bonus.plans.exclude(state__in=(PlanState.CHANGED, PlanState.RETURNED)):
        if access.has_share(actor, plan):
            raise NotAllowed(_("您在分配方案里有份额，不能办理；请由另一位分管领导办理。"))


def plan_approved(bonus: TeamBonus) -> bool:
    """Whether a plan of the bonus was ever approved."""
    return bonus.plans.filter(state=PlanState.APPROVED).exists()


def plan_in_course(bonus: TeamBonus) -> BonusPlan | None:
    """The plan that members are asked about, or that waits for approval."""
    return bonus.plans.filter(state__in=(PlanState.OPEN, PlanState.SUBMITTED)).first()


def drop_plan(bonus: TeamBonus) -> None:
    """Put the plan in course aside; what was said about it stays readable."""
    plan = plan_in_course(bonus)
    if plan is not None:
        plan.state = PlanState.CHANGED
        plan.save(update_fields=["state"])


def raise_state(bonus: TeamBonus) -> NoReturn:
    """Raises Conflict naming where the bonus stands."""
    raise Conflict(
        _("这项奖励现在是“%(state)s”，不能这样办理；请刷新页面后再看。")
        % {"state": bonus.get_state_display()}
    )


def leaders_of(bonus: TeamBonus) -> list[Account]:
    """Who leads the team today."""
    posts = Appointment.objects.filter(in_force(), team=bonus.team_id, is_leader=True)
    return list(Account.objects.filter(person__in=posts.values("person"), is_active=True))


def tell(recipients: list[Account], bonus: TeamBonus, text: str, *, but: Account | None = None) -> None:
    """A notice about the bonus to each, except to whoever did it."""
    told = [one for one in recipients if but is None or one.pk != but.pk]
    notify(
        recipients=told,
        text=text % {"project": bonus.project},
        url=reverse("kpi:bonus", args=[bonus.public_id]),
    )


def _locked_recognition(actor: Account, recognition: KeyProjectRecognition) -> KeyProjectRecognition:
    """The recognition that holds, locked with its project. Raises NotFound, Refused when it holds no more."""
    visible = key_recognitions_visible_to(actor).filter(pk=recognition.pk)
    project = visible.values_list("project", flat=True).first()
    if project is None:
        raise NotFound(_("没有这份重大项目认定，或者您看不到它。请返回列表。"))
    Project.objects.select_for_update().get(pk=project)
    held = visible.select_for_update(of=("self",)).select_related("project__team").get()
    if held.state != KeyState.RECOGNISED:
        raise Refused(_("只有已认定的重大项目可以设立团队奖励。"))
    return held


def _computed(held: KeyProjectRecognition, rate: BonusRate) -> tuple[Decimal, Decimal]:
    """The recognised contract amount, and the pool by the standard less what the project's bonuses give already. Raises Refused."""
    base = figures_of(held.project, timezone.localdate()).amounts["contract"]
    live = TeamBonus.objects.filter(project=held.project).exclude(state=BonusState.ENDED)
    before = sum(live.values_list("pool", flat=True), Decimal(0))
    computed = pool_of(rate.measure, rate.amount, rate.per_mille, rate.cap, base) - before
    if computed <= 0:
        raise Refused(_("按标准算出的奖励总额不大于 0：没有已认定的签约额，或者已经奖励过。"))
    return base, computed


def _checked_pool(pool: Decimal) -> Decimal:
    wanted = pool.quantize(CENT)
    if wanted <= 0 or wanted != pool or wanted > LARGEST:
        sentence = _("奖励总额要大于 0、不超过一亿元，最多到分。")
        raise Refused(sentence, fields={"pool": sentence})
    return wanted


def _checked_departure(
    actor: Account, wanted: Decimal, computed: Decimal, reason: str, *, always: bool = False
) -> str:
    """The reason of a pool that is not the standard's; none where it is."""
    if wanted == computed and not always:
        return ""
    if not access.can_approve_bonuses(actor):
        sentence = _("奖励总额按标准是 %(amount)s 元；要调整请由分管领导办理。") % {"amount": f"{computed:f}"}
        raise Refused(sentence, fields={"pool": sentence})
    if wanted == computed:
        return fitting(reason, "reason")
    return words(reason, "reason", _("奖励总额与标准不同，请写明理由。"))
