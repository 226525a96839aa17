"""Targets: who is to reach what, by period and level, set one by one or many at once, and withdrawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.models import AssessmentYear, Target, TargetLevel, TargetPeriod
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.queries.target_history import last_writing
from kpi.scoring.periods import YEAR
from kpi.scoring.rounding import plain
from kpi.scoring.scheme import Target as WantedTarget
from kpi.scoring.scheme import in_unit
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, Refused
from promotion.web.formats import moment
from staff.models import Account, Person, Team

LARGEST_TARGET = Decimal(10) ** 14
RECORDED = 50
PERIODS, LEVELS = tuple(TargetPeriod.values), tuple(TargetLevel.values)
Wanted = dict[str, WantedTarget]
Place = tuple[str, int | None, int | None, str, str]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What one person or one team is to reach in one target of the scheme, in that target's unit; None withdraws it.

    `seen` is the value from which the change was made, as `plain` writes it and empty where there was none; None takes
    whatever is there.
    """

    code: str
    amount: Decimal | None
    person: Person | None = None
    team: Team | None = None
    period: str = YEAR
    level: str = TargetLevel.BASE
    seen: str | None = None

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
    """Set and withdraw many targets at once, all or none; gives how many.

    Raises Conflict where a row was drawn from another value than the present one.
    """
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
    lock_targets(year)
    refuse_closed(year)
    wanted = _wanted(year)
    for place, row in enumerate(rows):
        if fault := _fault(row, year, wanted):
            raise Refused(fault, fields={f"rows.{place}": fault})
    _check_once(rows)
    held = _held(year, rows)
    _check_seen(year, rows, held, wanted)
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


def lock_targets(year: int) -> None:
    """Let writers of a year's targets pass one after the other: a value that is not there yet has no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"targets:{year}"])


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


def _check_seen(year: int, rows: Sequence[TargetRow], held: dict[Place, Target], wanted: Wanted) -> None:
    """Raises Conflict for the first row that was drawn from another value than the present one."""
    for place, row in enumerate(rows):
        now = plain(held[row.place].amount) if row.place in held else ""
        if row.seen is None or row.seen == now:
            continue
        who, when = last_writing(year, row.place) or (_("他人"), None)
        words = {
            "name": row.subject,
            "title": wanted[row.code].title,
            "period": TargetPeriod(row.period).label,
            "level": TargetLevel(row.level).label,
            "who": who or _("他人"),
            "when": moment(when),
            "now": now or _("未下达"),
            "seen": row.seen or _("未下达"),
        }
        sentence = _(
            "%(name)s的“%(title)s”%(period)s%(level)s已由%(who)s于 %(when)s 改为 %(now)s，您看到的是 %(seen)s。没有写入任何一行；请核对后再提交。"
        )
        raise Conflict(sentence % words, fields={f"rows.{place}": sentence % words})


def _fault(row: TargetRow, year: int, wanted: Wanted) -> str:
    """What is wrong with a row, in a sentence; empty when it may be written."""
    if not wanted:
        return _("%(year)s 年还没有已发布的考核细则；请先发布细则，再下达目标。") % {"year": year}
    if row.code not in wanted:
        words = {"code": row.code, "known": "、".join(sorted(wanted))}
        return _("细则里没有目标“%(code)s”；可用的有：%(known)s。") % words
    if (row.person is None) == (row.team is None):
        return _("目标必须属于一个人或一个团队，不能两者都是。")
    if row.period not in PERIODS:
        words = {"period": row.period, "known": "、".join(PERIODS)}
        return _("没有时段“%(period)s”；可用的有：%(known)s。") % words
    if row.level not in LEVELS:
        return _("没有档次“%(level)s”；可用的有：base（基本）、stretch（加压）。") % {"level": row.level}
    if row.amount is not None and not 0 <= row.amount < LARGEST_TARGET:
        return _("目标不能是负数，也不能超过十四位；请核对单位。")
    return ""


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
