"""The demo years of assessment: the default scheme published by a second person, targets, and the year's standings."""

import re
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from kpi import actions
from kpi.models import Run
from staff.models import Account, Appointment, Team, TeamKind

SCHEMES = Path(__file__).parent / "schemes"
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


def scheme_text(year: int) -> str:
    """The default scheme of the year, or the newest one carried over to it."""
    own = SCHEMES / f"high-tech-zone-{year}.yaml"
    if own.exists():
        return own.read_text("utf-8")
    newest = max(SCHEMES.glob("high-tech-zone-*.yaml"))
    written = newest.stem.rsplit("-", 1)[1]
    return re.sub(rf"\b{written}\b", str(year), newest.read_text("utf-8"))


def open_year(*, hr: Account, manager: Account, year: int) -> Run:
    """Publish the scheme, set the targets and calculate the year once."""
    draft = actions.draft_scheme(actor=hr, year=year, text=scheme_text(year))
    actions.publish_scheme(actor=manager, scheme=draft)
    set_targets(hr, year)
    return recalculate(actor=hr, year=year)


def set_targets(hr: Account, year: int) -> None:
    """Targets of every ranked team, and an equal part for each of its members."""
    rows = []
    for team in Team.objects.filter(kind__in=(TeamKind.TASK_FORCE, TeamKind.STATIONED)):
        rows += [
            actions.TargetRow(code, amount, team=team)
            for code, amount in team_targets(team.code, year).items()
        ]
    for post in Appointment.objects.select_related("team__parent", "person"):
        code = (
            post.team.parent.code
            if post.team.kind == TeamKind.LIAISON and post.team.parent
            else post.team.code
        )
        for target, amount in team_targets(code, year).items():
            share = (amount / MEMBERS).quantize(Decimal("0.0001"))
            rows.append(actions.TargetRow(target, share, person=post.person))
    actions.set_targets(actor=hr, year=year, rows=rows)


def team_targets(code: str, year: int) -> dict[str, Decimal]:
    """What a team of this code is to reach in a year, by target."""
    factors = FACTORS.get(code, {})
    growth = GROWTH.get(timezone.localdate().year - year, Decimal(1))
    return {
        target: Decimal(amount)
        * factors.get(target, Decimal(1))
        * (growth if target in ("output", "tax") else 1)
        for target, amount in TEAM_TARGETS.items()
    }


def recalculate(*, actor: Account, year: int) -> Run:
    """Calculate the year now, without waiting for a worker."""
    run = actions.request_run(actor=actor, year=year)
    finished = actions.execute_run(run_id=run.pk)
    return finished or run
