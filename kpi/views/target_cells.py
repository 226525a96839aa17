"""What the pages about targets show of each value: the number, what was reached of it, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import Run, Target, TargetLevel, TargetPeriod
from kpi.queries.target import TargetLine, difference_words, people_of
from kpi.queries.target_check import TargetFault
from kpi.queries.target_progress import Reached, has_begun, ratio_of
from kpi.scoring.goals import GRAINS
from kpi.scoring.periods import MEASURED, YEAR
from kpi.scoring.scheme import Target as WantedTarget
from staff.models import Team

#: The periods as they contain one another: the year, a half, its quarters each with its months.
NESTED = tuple(
    sorted(
        TargetPeriod, key=lambda one: (MEASURED[one.value].first, -MEASURED[one.value].last, -len(one.value))
    )
)


@dataclass(frozen=True, slots=True)
class CellView:
    """A value as it is shown. `reached` and `ratio` by the current run; `warnings` are sentences with both figures."""

    target: Target | None
    url: str
    unit: str
    is_missing: bool = False
    reached: Decimal | None = None
    ratio: Decimal | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def other_unit(self) -> str:
        """The unit it was set in, where the scheme has another one by now."""
        return self.target.unit if self.target and self.target.unit not in ("", self.unit) else ""


def targets_url(
    year: int, team: Team | None = None, period: str = YEAR, level: str = TargetLevel.BASE, **more: str
) -> str:
    """The grid of a year: all teams or one, of a period and a level."""
    query = {"year": str(year)} | ({"team": team.public_id} if team else {})
    query |= ({"period": period} if period != YEAR else {}) | ({"level": level} if level != "base" else {})
    return f"{reverse('kpi:targets')}?{urlencode(query | more)}"


def subject_url(line: TargetLine, year: int, code: str = "") -> str:
    """The page of one subject's targets."""
    address = reverse("kpi:targets-of", args=[line.key[0], line.public_id])
    return f"{address}?{urlencode({'year': str(year)} | ({'code': code} if code else {}))}"


def cell_view(
    line: TargetLine,
    target: WantedTarget,
    period: str,
    level: str,
    *,
    year: int,
    reached: Reached | None = None,
) -> CellView:
    """One value of one subject, with what was reached of it."""
    present = line.at(target.code, period, level)
    actual = reached.of(line, target.code) if reached is not None else None
    same_unit = present is not None and present.unit in ("", target.unit)
    return CellView(
        target=present,
        url=subject_url(line, year, target.code),
        unit=target.unit,
        is_missing=(target.code, period, level) in line.missing,
        reached=actual,
        ratio=ratio_of(actual, present) if same_unit else None,
        warnings=tuple(
            difference_words(one) for one in line.differences(target.code, level) if one.period == period
        ),
    )


def grid_rows(
    shown: Sequence[TargetLine],
    everybody: Sequence[TargetLine],
    wanted: Sequence[WantedTarget],
    place: tuple[int, str, str],
    reached: Reached | None,
) -> list[dict[str, Any]]:
    """The rows of the grid with their cells; a team with how many people count for it and what they lack."""
    year, period, level = place
    rows = []
    for line in shown:
        people = people_of(everybody, line.team) if line.team is not None else []
        rows.append(
            {
                "line": line,
                "url": targets_url(year, line.team, period, level) if people else subject_url(line, year),
                "subject_url": subject_url(line, year),
                "people": len(people),
                "people_missing": sum(len(one.missing) for one in people),
                "cells": [
                    cell_view(line, target, period, level, year=year, reached=reached) for target in wanted
                ],
            }
        )
    return rows


def period_switch(year: int, team: Team | None, period: str, level: str) -> dict[str, Any]:
    """Links to the other grains, to the other periods of the grain, and to the other level."""
    grains: list[tuple[str, tuple[str, ...]]] = [(_("全年"), (YEAR,))]
    labels = {"half": _("半年"), "quarter": _("季度"), "month": _("月度")}
    grains += [(labels[grain], names) for grain, names in GRAINS.items()]
    own = next(names for _label, names in grains if period in names)
    return {
        "grains": [
            {"label": label, "url": targets_url(year, team, names[0], level), "active": names == own}
            for label, names in grains
        ],
        "periods": [
            {
                "label": TargetPeriod(name).label,
                "url": targets_url(year, team, name, level),
                "active": name == period,
            }
            for name in (own if len(own) > 1 else ())
        ],
        "levels": [
            {
                "label": one.label,
                "url": targets_url(year, team, period, one.value),
                "active": one.value == level,
            }
            for one in TargetLevel
        ],
    }


def subject_rows(
    line: TargetLine,
    target: WantedTarget,
    run: Run | None,
    reached: Mapping[str, Decimal],
    bound: Mapping[str, Any],
    year: int,
) -> list[dict[str, Any]]:
    """The periods of one target: both levels to be typed or shown, and what was reached."""
    rows = []
    for period in NESTED:
        cells = [cell_view(line, target, period.value, level.value, year=year) for level in TargetLevel]
        actual = reached.get(period.value) if run and has_begun(run, period.value) else None
        rows.append(
            {
                "period": period,
                "grain": "year" if period.value == YEAR else period.value[0],
                "cells": [
                    (cell, bound.get(f"{period.value}-{level.value}"))
                    for cell, level in zip(cells, TargetLevel, strict=True)
                ],
                "reached": actual,
                "ratio": ratio_of(actual, cells[0].target),
                "warnings": [sentence for cell in cells for sentence in cell.warnings],
            }
        )
    return rows


def fault_rows(faults: Iterable[TargetFault], year: int) -> list[dict[str, Any]]:
    """What is missing or does not add up, each with the place to mend it."""
    return [
        {
            "line": one.line,
            "words": one.words,
            "sentence": one.sentence,
            "url": subject_url(one.line, year, one.code),
        }
        for one in faults
    ]
