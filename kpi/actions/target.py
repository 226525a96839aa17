"""Targets: who is to reach what, by period and level, set one by one or many at once, and withdrawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.models import AssessmentYear, Target, TargetLevel, TargetPeriod
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.scoring.periods import YEAR
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget
from kpi.scoring.scheme import in_unit
from promotion.action import action, record
from promotion.errors import NotAllowed, Refused
from staff.models import Account, Person, Team

LARGEST_TARGET = Decimal(10) ** 14
RECORDED = 50
PERIODS, LEVELS = tuple(TargetPeriod.values), tuple(TargetLevel.values)
Wanted = dict[str, WantedTarget]
Place = tuple[str, int | None, int | None, str, str]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What one person or one team is to reach in one target of the scheme, in that target's unit; None withdraws it."""

    code: str
    amount: Decimal | None
    person: Person | None = None
    team: Team | None = None
    period: str = YEAR
    level: str = TargetLevel.BASE

    @property
    def place(self) -> Place:
        """What there is one value of: target, subject, period and level."""
        person, team = self.person.pk if self.person else None, self.team.pk if self.team else None
        return self.code, person, team, self.period, self.level

    @property
    def subject(self) -> str:
        return str(self.person or self.team or "")


@action("target.set", gettext_lazy("下达目标"))
def set_target(
    *,
    actor: Account,
    year: int,
    code: str,
    amount: Decimal,
    person: Person | None = None,
    team: Team | None = None,
    period: str = YEAR,
    level: str = TargetLevel.BASE,
) -> Target:
    """Set what a person or a team is to reach; an earlier value of the same period and level is replaced."""
    row = TargetRow(code, amount, person, team, period, level)
    _write(actor, year, [row])
    target = Target.objects.get(
        year=year, indicator=code, person=person, team=team, period=period, level=level
    )
    record(actor=actor, verb="target.set", target=target, detail=_told(row))
    return target


@action("target.set-many", gettext_lazy("批量下达目标"))
def set_targets(*, actor: Account, year: int, rows: Sequence[TargetRow]) -> int:
    """Set and withdraw many targets at once, all or none; gives how many."""
    _write(actor, year, rows)
    assessed, _created = AssessmentYear.objects.get_or_create(year=year)
    detail = {"count": len(rows), "rows": [_told(row) for row in rows[:RECORDED]]}
    record(actor=actor, verb="target.set-many", target=assessed, detail=detail)
    return len(rows)


def _told(row: TargetRow) -> dict[str, Any]:
    """A row in the audit trail."""
    return {
        "subject": row.subject,
        "code": row.code,
        "period": row.period,
        "level": row.level,
        "amount": None if row.amount is None else plain(row.amount),
    }


def _write(actor: Account, year: int, rows: Sequence[TargetRow]) -> None:
    if not access.can_set_targets(actor):
        raise NotAllowed(_("只有人事和分管领导可以下达目标。"))
    refuse_closed(year)
    wanted = _wanted(year)
    for row in rows:
        _check(row, year, wanted)
    _check_once(rows)
    held = _held(year, rows)
    _check_stretch(rows, held, wanted)
    gone = [held[row.place].pk for row in rows if row.amount is None and row.place in held]
    Target.objects.filter(pk__in=gone).delete()
    Target.objects.bulk_create(
        (
            Target(
                year=year,
                indicator=row.code,
                person=row.person,
                team=row.team,
                period=row.period,
                level=row.level,
                amount=row.amount,
                unit=wanted[row.code].unit,
            )
            for row in rows
            if row.amount is not None and not _is_same(row, held.get(row.place), wanted)
        ),
        update_conflicts=True,
        unique_fields=["year", "indicator", "person", "team", "period", "level"],
        update_fields=["amount", "unit"],
        batch_size=500,
    )


def _is_same(row: TargetRow, held: Target | None, wanted: Wanted) -> bool:
    return held is not None and (held.amount, held.unit) == (row.amount, wanted[row.code].unit)


def _wanted(year: int) -> Wanted:
    """The targets that the year's scheme asks for; none when there is no published scheme yet."""
    version = scheme_in_force(year, date(year, 12, 31))
    return dict(read_scheme(version).targets) if version else {}


def _held(year: int, rows: Sequence[TargetRow]) -> dict[Place, Target]:
    """What has been set for the subjects and periods of the rows, at both levels, locked."""
    people = {row.person.pk for row in rows if row.person}
    teams = {row.team.pk for row in rows if row.team}
    found = Target.objects.select_for_update().filter(
        Q(person__in=people) | Q(team__in=teams), year=year, period__in={row.period for row in rows}
    )
    return {
        (one.indicator, one.person_id, one.team_id, one.period, one.level): one
        for one in found.order_by("pk")
    }


def _check(row: TargetRow, year: int, wanted: Wanted) -> None:
    if not wanted:
        raise Refused(_("%(year)s 年还没有已发布的考核细则；请先发布细则，再下达目标。") % {"year": year})
    if row.code not in wanted:
        listed = "、".join(sorted(wanted))
        raise Refused(
            _("细则里没有目标“%(code)s”；可用的有：%(known)s。") % {"code": row.code, "known": listed},
            fields={"code": _("没有这个目标。")},
        )
    if (row.person is None) == (row.team is None):
        raise Refused(_("目标必须属于一个人或一个团队，不能两者都是。"))
    if row.period not in PERIODS:
        raise Refused(
            _("没有时段“%(period)s”；可用的有：%(known)s。")
            % {"period": row.period, "known": "、".join(PERIODS)},
            fields={"period": _("没有这个时段。")},
        )
    if row.level not in LEVELS:
        raise Refused(
            _("没有档次“%(level)s”；可用的有：base（基本）、stretch（加压）。") % {"level": row.level},
            fields={"level": _("没有这个档次。")},
        )
    if row.amount is not None and not 0 <= row.amount < LARGEST_TARGET:
        raise Refused(
            _("目标不能是负数，也不能超过十四位；请核对单位。"), fields={"amount": _("请核对数值。")}
        )


def _check_once(rows: Sequence[TargetRow]) -> None:
    times = Counter(row.place for row in rows)
    twice = next((row for row in rows if times[row.place] > 1), None)
    if twice:
        raise Refused(_("%(name)s的同一目标写了两次；请只留一个。") % {"name": twice.subject})


def _check_stretch(rows: Sequence[TargetRow], held: dict[Place, Target], wanted: Wanted) -> None:
    """A stretch target (加压) is not below the base target of the same period."""
    amounts = {
        place: in_unit(one.amount, one.unit, wanted[one.indicator].unit)
        for place, one in held.items()
        if one.indicator in wanted
    }
    amounts |= {row.place: row.amount for row in rows}
    for row in rows:
        pair = [amounts.get((*row.place[:4], level)) for level in (TargetLevel.BASE, TargetLevel.STRETCH)]
        base, stretch = pair
        if base is not None and stretch is not None and stretch < base:
            words = {
                "name": row.subject,
                "title": wanted[row.code].title,
                "period": TargetPeriod(row.period).label,
                "base": plain(base),
                "stretch": plain(stretch),
            }
            raise Refused(
                _(
                    "%(name)s的“%(title)s”%(period)s加压目标 %(stretch)s 低于基本目标 %(base)s；加压目标不能低于基本目标。"
                )
                % words
            )


def refuse_closed(year: int) -> None:
    """Raises Refused for a year whose books are closed."""
    if AssessmentYear.objects.filter(year=year, closed_at__isnull=False).exists():
        raise Refused(_("%(year)s 年已关账，细则和目标不再变动。") % {"year": year})
