"""What changed last night: one subject with every cause, and everybody who moved in a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kpi.filters import ChangeFilter
from kpi.models import Run, Standing
from kpi.queries.changes import Changes, changes_of, open_changes
from kpi.queries.movement import moved_standings
from kpi.queries.run import current_run, whole_run
from kpi.queries.standing_words import place_moved_words
from kpi.queries.statement import opened_standing
from kpi.views.score import asked_year
from promotion.web.formats import number, places_moved, signed
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.models import Account

#: So many causes are said in a row of the list; the others are on the subject's own page.
SHOWN = 2


def causes_of(one: Standing) -> str:
    """The main causes in a sentence; nothing for those whose items the reader may not see."""
    changes: Changes | None = getattr(one, "changes", None)
    if changes is None:
        return ""
    causes = changes.main_causes
    shown = "；".join(f"{cause.name} {cause.words}".strip().rstrip("。") for cause in causes[:SHOWN])
    more = len(causes) - SHOWN
    return _("%(causes)s；另有 %(more)s 条") % {"causes": shown, "more": more} if more > 0 else shown


COLUMNS = (
    Column("subject", gettext_lazy("对象"), lambda one: one.subject_name, sort="subject_name"),
    Column(
        "team", gettext_lazy("任职团队"), lambda one: one.home_team.name if one.home_team else "", wide=True
    ),
    Column("rank", gettext_lazy("名次"), place_moved_words, sort="rank", align="end"),
    Column(
        "moved",
        gettext_lazy("名次变化"),
        lambda one: places_moved(one.places_gained),
        sort="moved",
        align="end",
    ),
    Column("total", gettext_lazy("总分"), lambda one: number(one.total), sort="total", align="end"),
    Column("gain", gettext_lazy("总分变化"), lambda one: signed(one.gain, 2), sort="size", align="end"),
    Column("causes", gettext_lazy("原因"), causes_of),
)


@dataclass
class ChangeList(ListPage):
    """The rows of a page with their changes, asked for all of them at once where the reader may see the items."""

    run: Run | None = None

    def rows_of(self, keys: Sequence[Any]) -> list[Any]:
        rows = super().rows_of(keys)
        actor: Account = self.request.user  # type: ignore[assignment]
        found = open_changes(actor, self.run, rows)
        for row in rows:
            row.changes = found.get(row.pk)
        return rows


@require_GET
def changes(request: SignedInRequest, public_id: str = "") -> HttpResponse:
    """Who moved in the year's current run, or in any other whole run, the largest change first."""
    run = whole_run(request.user, public_id) if public_id else current_run(asked_year(request))
    listing = ChangeList(
        request=request,
        queryset=moved_standings(request.user, run),
        layout=COLUMNS,
        row_url=lambda one: reverse("kpi:standing-changes", args=[one.pk]) if one.changes else "",
        default_sort="-gain",
        filterset=ChangeFilter,
        keys_first=True,
        empty={
            "title": _("没有可比的两次核算"),
            "text": _("一年里第二次核算完成之后，这里列出谁的分数和名次变了、为什么。"),
        },
        run=run,
    )
    context = {"title": _("昨夜变化"), "run": run, "is_current": True}
    if run is not None:
        context["is_current"] = current_run(run.year) == run
        context["current_url"] = reverse("kpi:changes")
        context["previous"] = run.previous
    return list_page(request, "kpi/change_list.html", listing, context)


@require_GET
def standing_changes(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a run changed for one subject, item by item, each with its causes."""
    standing = opened_standing(request.user, pk)
    run = standing.run
    context = {
        "standing": standing,
        "run": run,
        "changes": changes_of(request.user, standing),
        "is_current": current_run(run.year) == run,
    }
    return page(request, "kpi/standing_changes.html", context)
