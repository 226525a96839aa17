"""A subject's way through the year (历次名次): rank and total in every whole run, and the years before."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from kpi import access
from kpi.models import AssessmentYear, RunState, Standing
from staff.models import Account


@dataclass(frozen=True, slots=True)
class Past:
    """The subject's standing in one run, and whether somebody shares its rank."""

    standing: Standing
    tied: bool
    is_current: bool


def history_of(actor: Account, standing: Standing) -> list[Past]:
    """Every whole run of the year that ranked the subject in its group, oldest first; ranks are open to the house."""
    found = access.standings_visible_to(actor).filter(
        run__year=standing.run.year,
        run__state=RunState.DONE,
        group=standing.group,
        person=standing.person_id,
        team=standing.team_id,
    )
    sharing = Standing.objects.filter(run=OuterRef("run"), group=OuterRef("group"), rank=OuterRef("rank"))
    found = found.annotate(tied=Exists(sharing.exclude(pk=OuterRef("pk"))))
    current = AssessmentYear.objects.filter(year=standing.run.year).values_list("current_run", flat=True)
    now = current.first()
    return [
        Past(one, bool(one.tied), one.run_id == now)
        for one in found.select_related("run__scheme", "home_team").order_by("run_id")
    ]


def years_of(actor: Account, standing: Standing) -> list[Standing]:
    """The subject's standing in the current run of each year, newest first."""
    current = AssessmentYear.objects.exclude(current_run=None).values("current_run")
    found = access.standings_visible_to(actor).filter(
        run__in=current, person=standing.person_id, team=standing.team_id
    )
    return list(found.select_related("run__scheme", "home_team").order_by("-run__year", "group"))
