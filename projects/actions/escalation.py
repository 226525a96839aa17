"""The ladder: who is told when a blocker gets its card and stays; and the figures that managers settle."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.blocker import can_set_time_limits
from projects.actions.blocker import tell, write_entry
from projects.models import (
    RUNNING,
    Audience,
    Blocker,
    BlockerEntryKind,
    BlockerEscalation,
    BlockerRule,
    EscalationRung,
    Level,
    ProjectClass,
)
from projects.queries.blocker import Rung, ladder
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from promotion.working_days import WorkingCalendar, working_calendar
from staff.access import in_force
from staff.models import Account, Appointment, Role

MOST_DAYS = 250


@action("blocker.escalate", gettext_lazy("堵点升级"))
def escalate_blockers(*, actor: Account | None = None, on: date | None = None) -> int:
    """Climb every rung that is reached and was not climbed in this round; gives how many. Doing it twice does nothing.

    Called by the daily task with no actor. Each climb is kept, written into the course, and told to its audience.
    """
    day = on or timezone.localdate()
    calendar = working_calendar()
    if not calendar.is_working(day):
        return 0
    rungs = ladder()
    late = Blocker.objects.filter(state__in=RUNNING, yellow_on__lte=day).order_by("pk")
    climbed = 0
    for blocker in late.select_for_update(of=("self",)).select_related(
        "project__owner__account", "department"
    ):
        done = set(blocker.escalations.filter(round=blocker.round).values_list("position", flat=True))
        for rung in rungs:
            if rung.position not in done and _reached(blocker, rung, day, calendar):
                _climb(blocker, rung, day, calendar)
                climbed += 1
    return climbed


@action("blocker.settle-limits", gettext_lazy("设定堵点时限"))
def settle_time_limit(
    *,
    actor: Account,
    project_class: str,
    answer_days: int,
    solve_days: int,
    warning_days: int,
    holds_from: date,
    note: str = "",
) -> BlockerRule:
    """Working days for a class from a day on; blockers that run keep their clock. The same day again is a correction."""
    if not can_set_time_limits(actor):
        raise NotAllowed(_("堵点时限和升级阶梯由分管领导设定。"))
    wrong = {}
    if project_class and project_class not in ProjectClass.values:
        wrong["project_class"] = _("没有这个项目等级。")
    if holds_from < timezone.localdate():
        wrong["holds_from"] = _("生效日不能早于今天；已经开始的时钟不改。")
    for name, days in (("answer_days", answer_days), ("solve_days", solve_days)):
        if not 1 <= days <= MOST_DAYS:
            wrong[name] = _("请填 1 到 %(most)s 个工作日。") % {"most": MOST_DAYS}
    if not 0 <= warning_days < min(max(answer_days, 1), max(solve_days, 1)):
        wrong["warning_days"] = _("提前量要小于答复时限和办结时限。")
    if wrong:
        raise Refused(_("时限没有保存：%(what)s") % {"what": "".join(wrong.values())}, fields=wrong)
    rule, _created = BlockerRule.objects.update_or_create(
        project_class=project_class,
        holds_from=holds_from,
        defaults={
            "answer_days": answer_days,
            "solve_days": solve_days,
            "warning_days": warning_days,
            "note": note.strip()[:200],
        },
    )
    detail = {
        "class": project_class,
        "days": [answer_days, solve_days, warning_days],
        "from": str(holds_from),
    }
    record(actor=actor, verb="blocker.settle-limits", target=rule, detail=detail)
    return rule


@action("blocker.settle-ladder", gettext_lazy("设定升级阶梯"))
def settle_ladder(*, actor: Account, rungs: Sequence[tuple[str, int, str]]) -> list[EscalationRung]:
    """The whole ladder anew, as (level, working days after the card, audience), lowest first."""
    if not can_set_time_limits(actor):
        raise NotAllowed(_("堵点时限和升级阶梯由分管领导设定。"))
    if not rungs:
        raise Refused(_("阶梯至少要有一级；没有人被通知，就没有人催办。"))
    for level, days, audience in rungs:
        if (
            level not in (Level.YELLOW, Level.RED)
            or audience not in Audience.values
            or not 0 <= days <= MOST_DAYS
        ):
            raise Refused(_("有一级填写不对：请选择黄牌或红牌、0 到 250 个工作日和通知对象。"))
    order = [(Level(level) == Level.RED, days) for level, days, _audience in rungs]
    if order != sorted(order):
        raise Refused(_("阶梯要由低到高：先黄牌后红牌，天数不能倒退。"))
    EscalationRung.objects.all().delete()
    written = EscalationRung.objects.bulk_create(
        EscalationRung(position=place, level=level, after_days=days, audience=audience)
        for place, (level, days, audience) in enumerate(rungs, start=1)
    )
    record(
        actor=actor,
        verb="blocker.settle-ladder",
        target=written[0],
        detail={"rungs": [list(r) for r in rungs]},
    )
    return written


def _reached(blocker: Blocker, rung: Rung, day: date, calendar: WorkingCalendar) -> bool:
    """Whether so many working days have passed since the card: yellow from `yellow_on`, red from the day after `due_on`."""
    if rung.level == Level.YELLOW:
        return calendar.after(blocker.yellow_on, rung.after_days) <= day
    if day <= blocker.due_on:
        return False
    return calendar.after(calendar.after(blocker.due_on, 1), rung.after_days) <= day


def _climb(blocker: Blocker, rung: Rung, day: date, calendar: WorkingCalendar) -> None:
    BlockerEscalation.objects.create(
        blocker=blocker, round=blocker.round, position=rung.position, level=rung.level, audience=rung.audience
    )
    told = _audience(blocker, rung.audience)
    names = "、".join(one.display_name for one in told) or str(_("无人在岗"))
    line = _("%(level)s，已通知%(audience)s：%(names)s") % {
        "level": Level(rung.level).label,
        "audience": Audience(rung.audience).label,
        "names": names,
    }
    write_entry(blocker, BlockerEntryKind.ESCALATED, line, actor=None)
    left = calendar.between(day, blocker.due_on)
    tell(
        blocker,
        _("%(level)s堵点（%(department)s，%(rest)s）：%(title)s")
        % {
            "level": Level(rung.level).label,
            "department": blocker.department.name,
            "rest": _("剩 %(days)s 个工作日") % {"days": left}
            if left >= 0
            else _("超 %(days)s 个工作日") % {"days": -left},
            "title": blocker.title,
        },
        told,
    )
    record(
        actor=None,
        verb="blocker.escalate",
        target=blocker,
        detail={"level": rung.level, "position": rung.position, "round": blocker.round, "told": names},
    )


def _audience(blocker: Blocker, audience: str) -> list[Account]:
    """The open accounts of an audience today."""
    accounts = Account.objects.filter(is_active=True)
    if audience == Audience.MANAGER:
        return list(accounts.filter(role=Role.MANAGER).order_by("pk"))
    if audience == Audience.OWNER:
        return list(accounts.filter(person=blocker.project.owner_id))
    leading = Appointment.objects.filter(in_force(), team=blocker.project.team_id, is_leader=True)
    return list(accounts.filter(person__in=leading.values("person")).order_by("pk"))
