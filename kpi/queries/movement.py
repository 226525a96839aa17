"""Who moved between two runs: standings with what they gained, for lists and for the page of a run."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DecimalField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Abs, Cast, Coalesce

from kpi import access
from kpi.models import Run, Standing
from staff.models import Account

POINTS = DecimalField(max_digits=12, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Movement:
    """How many rose, fell, gained and lost in a run, and how many are new; who moved most."""

    gained: int
    lost: int
    rose: int
    fell: int
    new: int
    largest: tuple[Standing, ...]

    @property
    def is_still(self) -> bool:
        """Whether the run changed nothing."""
        return not (self.gained or self.lost or self.rose or self.fell or self.new)


def moved_standings(actor: Account, run: Run | None) -> QuerySet[Standing]:
    """The run's standings with the points (`size` without sign) and places gained since the run before."""
    found = access.standings_visible_to(actor)
    found = found.none() if run is None or run.previous_id is None else found.filter(run=run)
    gain = F("total") - Coalesce(F("previous_total"), Value(0), output_field=POINTS)
    moved = Cast("previous_rank", IntegerField()) - Cast("rank", IntegerField())
    return found.annotate(size=Abs(gain, output_field=POINTS), moved=moved).select_related(
        "run", "person", "team", "home_team"
    )


def movement_of(actor: Account, run: Run, *, most: int = 8) -> Movement | None:
    """What a run moved; None for the first run of a year, which has nothing to compare with."""
    if run.previous_id is None:
        return None
    found: QuerySet[Any] = moved_standings(actor, run)
    counts = found.aggregate(
        gained=Count("pk", filter=Q(total__gt=F("previous_total"))),
        lost=Count("pk", filter=Q(total__lt=F("previous_total"))),
        rose=Count("pk", filter=Q(rank__lt=F("previous_rank"))),
        fell=Count("pk", filter=Q(rank__gt=F("previous_rank"))),
        new=Count("pk", filter=Q(previous_rank=None)),
    )
    changed = found.filter(~Q(size=0) | ~Q(rank=F("previous_rank"))).order_by("-size", "rank", "pk")
    return Movement(**counts, largest=tuple(changed[:most]))
