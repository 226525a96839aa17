"""Who is late with the clocks, by team and by officer; every figure with the list that sums to it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.models import ClockKind, Project
from projects.queries.clock import RUNNING_STAGES, ClockBook, late, pressing
from projects.workflow import Status
from staff.models import Account

# Column key → what the list's `clock` filter is called there.
COLUMNS = ("answer", "judgement", "feedback", "report", "late", "soon")


@dataclass(frozen=True)
class Figure:
    count: int
    url: str
    alarm: bool


@dataclass(frozen=True)
class LatenessRow:
    """A team, an officer or everybody: how many run, and how many are late with what."""

    name: str
    detail: str
    running: Figure
    figures: list[Figure]
    person: str = ""

    @property
    def late(self) -> int:
        return self.figures[COLUMNS.index("late")].count


def headings() -> list[str]:
    """What the columns are called."""
    return [*(str(kind.label) for kind in ClockKind), _("任一已超"), _("将到或已超")]


def lateness(actor: Account, book: ClockBook) -> tuple[LatenessRow, list[LatenessRow], list[LatenessRow]]:
    """Everybody, the teams and the officers who run clocks; three queries over the visible set."""
    running = projects_visible_to(actor).filter(status=Status.ACTIVE, stage__in=RUNNING_STAGES).order_by()
    counts: dict[str, Any] = {f"n_{key}": Count("pk", filter=_rule(book, key)) for key in COLUMNS}
    whole = running.aggregate(running=Count("pk"), **counts)
    teams = _grouped(running, counts, "team__public_id", "team__name", "team__position")
    people = _grouped(running, counts, "owner__public_id", "owner__name", "team__name", "owner__pinyin")
    return (
        _row(whole, {}, _("合计"), ""),
        [_row(one, {"team": one["team__public_id"]}, one["team__name"], "") for one in teams],
        [
            _row(
                one,
                {"owner": one["owner__public_id"]},
                one["owner__name"],
                one["team__name"],
                one["owner__public_id"],
            )
            for one in people
        ],
    )


def _rule(book: ClockBook, key: str) -> Any:
    if key == "soon":
        return pressing(book)
    return late(book, "" if key == "late" else key)


def _grouped(running: QuerySet[Project], counts: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    rows: Any = running.values(*names).annotate(running=Count("pk"), **counts)
    return list(rows.order_by("-n_late", "-n_soon", names[-1]))


def _row(
    one: dict[str, Any], narrowed: dict[str, str], name: str, detail: str, person: str = ""
) -> LatenessRow:
    base = reverse("projects:list")
    stages = [("stage", stage.value) for stage in RUNNING_STAGES]
    figures = [
        Figure(
            one[f"n_{key}"],
            f"{base}?{urlencode([*narrowed.items(), ('clock', key)])}",
            key != "soon" and one[f"n_{key}"] > 0,
        )
        for key in COLUMNS
    ]
    whole = Figure(one["running"], f"{base}?{urlencode([*narrowed.items(), *stages])}", alarm=False)
    return LatenessRow(name, detail, whole, figures, person)
