"""Many targets planned at once, to be looked at before they are written: last year's, or a year spread over its parts."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpi import access
from kpi.models import TargetLevel
from kpi.queries.measures import SubjectKey
from kpi.queries.target import TargetLine
from kpi.scoring.goals import GRAINS, Grain, digits_of, scaled, spread_year
from kpi.scoring.periods import MEASURED, YEAR
from kpi.scoring.rounding import plain, rounded
from kpi.scoring.scheme import Target as WantedTarget
from kpi.scoring.scheme import in_unit
from promotion.working_days import WorkingCalendar
from staff.models import Account

#: How many digits after the point a target may have.
MOST_DIGITS = 4


@dataclass
class TargetPreview:
    """What would be written: `accepted` cells with old and new values, `rejected` rows with their reasons."""

    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def put(
        self, line: TargetLine, target: WantedTarget, period: str, level: str, new: Decimal, *, row: int = 0
    ) -> None:
        """Plan one cell."""
        present = line.at(target.code, period, level)
        old = plain(present.amount) if present else ""
        in_this_unit = present is not None and present.unit in ("", target.unit)
        self.accepted.append(
            {
                "line": row,
                "code": target.code,
                "title": target.title,
                "unit": target.unit,
                "person": line.person.pk if line.person else None,
                "team": line.team.pk if line.team and not line.person else None,
                "subject": line.code,
                "name": line.name,
                "period": period,
                "level": level,
                "old": old,
                "new": plain(new),
                "same": in_this_unit and old == plain(new),
            }
        )

    def skip(self, line: TargetLine, target: WantedTarget, level: str, reason: str) -> None:
        """Say why a subject's target is left alone."""
        title = target.title if level == TargetLevel.BASE else f"{target.title} · {TargetLevel(level).label}"
        cells = {"名称": line.name, "目标": title}
        self.rejected.append({"line": 0, "cells": cells, "reasons": [reason]})


@dataclass(frozen=True, slots=True)
class Spread:
    """How a year is spread: over which parts, by which weights of the finest of them, with how many digits."""

    grains: tuple[Grain, ...]
    weights: Mapping[str, Decimal]
    digits: int
    replaces: bool = False


def finest(grains: Collection[Grain]) -> Grain:
    """The smallest parts among those asked for."""
    return [grain for grain in GRAINS if grain in grains][-1]


def even_weights(grain: Grain) -> dict[str, Decimal]:
    return dict.fromkeys(GRAINS[grain], Decimal(1))


def working_day_weights(grain: Grain, year: int, days: WorkingCalendar) -> dict[str, Decimal]:
    """How many working days each part of the year has."""
    found = {}
    for name in GRAINS[grain]:
        period = MEASURED[name]
        before = date(year, period.first, 1) - timedelta(days=1)
        last = date(year, period.last, calendar.monthrange(year, period.last)[1])
        found[name] = Decimal(days.between(before, last))
    return found


def plan_spread(
    lines: Sequence[TargetLine], targets: Sequence[WantedTarget], levels: Sequence[str], how: Spread
) -> TargetPreview:
    """Spread each year's target over its parts. Who has parts already keeps them unless they are to be replaced.

    An amount with more digits than asked for keeps its own, because the parts must add up to it exactly.
    """
    preview = TargetPreview()
    names = [name for grain in how.grains for name in GRAINS[grain]]
    for line in lines:
        for target in targets:
            for level in levels:
                _spread_one(preview, line, target, level, names, how)
    return preview


def _spread_one(
    preview: TargetPreview,
    line: TargetLine,
    target: WantedTarget,
    level: str,
    names: Sequence[str],
    how: Spread,
) -> None:
    present = line.at(target.code, YEAR, level)
    amount = in_unit(present.amount, present.unit, target.unit) if present else None
    if amount is None:
        if line.is_ranked and level == TargetLevel.BASE:
            preview.skip(line, target, level, _("没有下达全年目标，无从分解。"))
        return
    if not how.replaces and any(line.at(target.code, name, level) for name in names):
        preview.skip(line, target, level, _("已有分期目标，没有覆盖。"))
        return
    digits = max(how.digits, digits_of(amount))
    if digits > MOST_DIGITS:
        preview.skip(
            line,
            target,
            level,
            _("全年目标按另一单位下达，折算后除不尽；请先按“%(unit)s”改好。") % {"unit": target.unit},
        )
        return
    for period, part in spread_year(amount, how.grains, how.weights, digits).items():
        preview.put(line, target, period, level, part)


@dataclass(frozen=True, slots=True)
class Copy:
    """What is taken from an earlier year: with its parts or without, times a factor, with how many digits."""

    year: int
    factor: Decimal
    digits: int
    with_parts: bool = True
    replaces: bool = False


def plan_copy(
    actor: Account,
    lines: Sequence[TargetLine],
    targets: Sequence[WantedTarget],
    levels: Sequence[str],
    how: Copy,
) -> TargetPreview:
    """Take over the targets of an earlier year, in this year's units. Who has a target already keeps it unless replaced."""
    earlier: dict[tuple[SubjectKey, str, str], dict[str, tuple[Decimal, str]]] = defaultdict(dict)
    for one in access.targets_visible_to(actor).filter(year=how.year):
        if one.period == YEAR or how.with_parts:
            key: SubjectKey = ("person", one.person_id) if one.person_id else ("team", one.team_id or 0)
            earlier[key, one.indicator, one.level][one.period] = (one.amount, one.unit)
    preview = TargetPreview()
    for line in lines:
        for target in targets:
            for level in levels:
                held = earlier.get((line.key, target.code, level), {})
                _copy_one(preview, line, target, level, held, how)
    return preview


def _copy_one(
    preview: TargetPreview,
    line: TargetLine,
    target: WantedTarget,
    level: str,
    held: Mapping[str, tuple[Decimal, str]],
    how: Copy,
) -> None:
    if not held:
        if line.is_ranked and level == TargetLevel.BASE:
            preview.skip(line, target, level, _("%(year)s 年没有这项目标。") % {"year": how.year})
        return
    turned = {period: in_unit(amount, unit, target.unit) for period, (amount, unit) in held.items()}
    amounts = {
        period: rounded(amount, MOST_DIGITS) for period, amount in turned.items() if amount is not None
    }
    if len(amounts) < len(turned):
        preview.skip(line, target, level, _("那一年用的单位不能折算成“%(unit)s”。") % {"unit": target.unit})
        return
    if not how.replaces and any(line.at(target.code, period, level) for period in amounts):
        preview.skip(line, target, level, _("今年已有目标，没有覆盖。"))
        return
    for period, amount in scaled(amounts, how.factor, how.digits).items():
        preview.put(line, target, period, level, amount)
