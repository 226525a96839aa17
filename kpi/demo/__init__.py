"""The demo years of assessment: the default scheme published by a second person, targets, and the year's standings."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from kpi import actions
from kpi.demo.inputs import give_inputs
from kpi.models import Run, SchemeVersion, Target
from kpi.queries.scheme import carried_over, read_document
from kpi.queries.target_plan import working_day_weights
from kpi.scoring.editing import put_indicator
from kpi.scoring.goals import digits_of, spread_year
from kpi.scoring.periods import PERIODS
from kpi.scoring.rounding import total
from kpi.scoring.writing import rewritten
from promotion.working_days import working_calendar
from staff.models import Account, Appointment, Team, TeamKind

SCHEMES = Path(__file__).parents[1] / "schemes"
# Targets of a year per task force or stationed team, in the indicator's own unit (个, 万美元, 亿元, 亿元).
TEAM_TARGETS: dict[str, Decimal | int] = {
    "signing": 3,
    "foreign_capital": 900,
    "output": 6,
    "tax": Decimal("0.3"),
}
# Output and tax grow with the projects that have begun to produce: the part of them in the first and the second year.
GROWTH = {2: Decimal("0.125"), 1: Decimal("0.625")}
# A stationed team brings more and lands less; the foreign one lives from foreign capital.
FACTORS: dict[str, dict[str, Decimal]] = {
    "ZD3": {"foreign_capital": Decimal(12), "signing": Decimal(1)},
    "GJ1": {"signing": Decimal(2), "output": Decimal("1.3"), "tax": Decimal("1.3")},
}
MEMBERS = 8
# How much higher a stretch target is (assumption).
STRETCH = Decimal("1.2")
SMALLEST = Decimal("0.0001")
ZERO = Decimal(0)
# What HR adds for next year: tiers by size with a cap, and a gate.
NEXT: dict[str, Any] = {
    "code": "fixed_asset",
    "title": "固定资产投资",
    "clause": "第十一条",
    "full_marks": 10,
    "cap": "full_marks",
    "floor": 0,
    "applies_to": ["teams", "officers"],
    "measures": {
        "counted": {
            "title": "固定资产投资",
            "facts": ["fixed_asset"],
            "aggregate": "tiers",
            "amount_unit": "亿元",
            "once": "highest",
            "bands": [
                {"code": "band", "title": "0.5 亿元以下", "to": Decimal("0.5")},
                {"code": "band_2", "title": "0.5—2 亿元", "from": Decimal("0.5"), "to": 2},
                {"code": "band_3", "title": "2 亿元以上", "from": 2},
            ],
        },
        "gate": {
            "title": "开工项目",
            "facts": ["started"],
            "aggregate": "count_projects",
            "unit": "个",
            "share": "none",
        },
    },
    "rule": {
        "kind": "when",
        "if": {"title": "开工项目不少于 1 个", "of": "gate", "operator": "gte", "than": 1},
        "part": {
            "kind": "tiers",
            "of": "counted",
            "points": {"band": Decimal("0.5"), "band_2": 1, "band_3": 2},
        },
        "otherwise": 0,
    },
}


def scheme_text(year: int) -> str:
    """The default scheme of the year, or the newest one carried over to it."""
    own = SCHEMES / f"high-tech-zone-{year}.yaml"
    if own.exists():
        return own.read_text("utf-8")
    newest = max(SCHEMES.glob("high-tech-zone-*.yaml"))
    written = newest.stem.rsplit("-", 1)[1]
    return re.sub(rf"\b{written}\b", str(year), newest.read_text("utf-8"))


def open_year(*, hr: Account, manager: Account, year: int) -> Run:
    """Publish the scheme, set the targets and calculate the year; the running one at each quarter's end as well."""
    draft = actions.draft_scheme(actor=hr, year=year, text=scheme_text(year))
    actions.publish_scheme(actor=manager, scheme=draft)
    set_targets(hr, year)
    if year == timezone.localdate().year:
        give_inputs(hr=hr, manager=manager, year=year, text=scheme_text(year))
        for quarter in ("Q1", "Q2", "Q3"):
            if (day := PERIODS[quarter].days(year)[1]) < timezone.localdate():
                recalculate(actor=hr, year=year, until=day)
    return recalculate(actor=hr, year=year)


def draft_next(*, hr: Account, year: int) -> SchemeVersion:
    """Next year's scheme as a draft that HR is working on: this year's with one indicator more."""
    draft = actions.draft_scheme(actor=hr, year=year, text=carried_over(scheme_text(year - 1), year))
    document = put_indicator(read_document(draft), NEXT)
    text = rewritten(draft.text, {**document, "total_marks": 110})
    return actions.edit_draft(actor=hr, scheme=draft, text=text, what=f"增加指标“{NEXT['title']}”")


def set_targets(hr: Account, year: int) -> None:
    """Targets of every ranked team and an equal part for each of its members; offices get those of the teams they lead.

    The last two years have them by quarter and month too, by working days, and at a stretch level a fifth higher.
    """
    rows = []
    teams = list(Team.objects.filter(kind__in=(TeamKind.TASK_FORCE, TeamKind.STATIONED)))
    for team in teams:
        rows += [
            actions.TargetRow(code, amount, team=team)
            for code, amount in team_targets(team.code, year).items()
        ]
    for office in Team.objects.filter(kind=TeamKind.DEPARTMENT):
        below = [team_targets(team.code, year) for team in teams if team.parent_id == office.pk]
        rows += [
            actions.TargetRow(code, total(one[code] for one in below), team=office)
            for code in (TEAM_TARGETS if below else ())
        ]
    # Who is lent for a time has the targets of the home team.
    posts = Appointment.objects.order_by("person_id", "starts_on").distinct("person_id")
    for post in posts.select_related("team__parent", "person"):
        code = (
            post.team.parent.code
            if post.team.kind == TeamKind.LIAISON and post.team.parent
            else post.team.code
        )
        for target, amount in team_targets(code, year).items():
            share = (amount / MEMBERS).quantize(Decimal("0.0001"))
            rows.append(actions.TargetRow(target, share, person=post.person))
    if year > timezone.localdate().year - 2:
        rows += in_parts(rows, year)
    actions.set_targets(actor=hr, year=year, rows=rows)
    if year == timezone.localdate().year:
        raise_a_quarter(hr, year)


def in_parts(rows: Sequence[actions.TargetRow], year: int) -> list[actions.TargetRow]:
    """The quarters and months of the year's targets, and everything again a fifth higher."""
    weights = working_day_weights("month", year, working_calendar())
    stretched = [
        replace(row, amount=(row.amount * STRETCH).quantize(SMALLEST), level="stretch")
        for row in rows
        if row.amount is not None
    ]
    return stretched + [
        replace(row, period=period, amount=part)
        for row in [*rows, *stretched]
        for period, part in spread_year(
            row.amount or ZERO, ["quarter", "month"], weights, digits(row.amount)
        ).items()
    ]


def digits(amount: Decimal | None) -> int:
    """Two digits for parts, or as many as the year's own."""
    return max(2, digits_of(amount or ZERO))


def raise_a_quarter(hr: Account, year: int) -> None:
    """One team's last quarter was raised in the course of the year, the year's target was not: a difference to look at."""
    team = Team.objects.get(code="GJ2")
    held = Target.objects.get(year=year, team=team, indicator="foreign_capital", period="Q4", level="base")
    for level in ("stretch", "base"):
        actions.set_target(
            actor=hr,
            year=year,
            code="foreign_capital",
            team=team,
            amount=(held.amount * STRETCH).quantize(Decimal(1)),
            period="Q4",
            level=level,
        )


def team_targets(code: str, year: int) -> dict[str, Decimal]:
    """What a team of this code is to reach in a year, by target."""
    factors = FACTORS.get(code, {})
    growth = GROWTH.get(timezone.localdate().year - year, Decimal(1))
    return {
        target: (
            Decimal(amount) * factors.get(target, Decimal(1)) * (growth if target in ("output", "tax") else 1)
        ).quantize(SMALLEST)
        for target, amount in TEAM_TARGETS.items()
    }


def recalculate(*, actor: Account, year: int, until: date | None = None) -> Run:
    """Calculate the year now, without waiting for a worker; up to a day where one is given."""
    run = actions.request_run(actor=actor, year=year, until=until)
    finished = actions.execute_run(run_id=run.pk)
    return finished or run
