"""A subject's rank and total in every run of a year, and in the years before; each opens as it was."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi import access
from kpi.queries.history import Past, history_of, years_of
from kpi.queries.scheme import read_scheme
from promotion.web.formats import day, number
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """The way through the year of any subject: totals and ranks are open to the house."""
    related = ("run__scheme", "person", "team", "home_team")
    standing = get_object_or_404(access.standings_visible_to(request.user).select_related(*related), pk=pk)
    found = history_of(request.user, standing)
    context = {
        "standing": standing,
        "run": standing.run,
        "past": list(reversed(found)),
        "years": years_of(request.user, standing),
        "group": read_scheme(standing.run.scheme).groups.get(standing.group),
        "charts": [
            ("totals", _("总分"), _chart(found, _("总分"), [float(one.standing.total) for one in found])),
            ("ranks", _("名次"), _chart(found, _("名次"), [one.standing.rank for one in found], ranks=True)),
        ],
    }
    return page(request, "kpi/history.html", context)


def _chart(found: list[Past], name: str, values: list[Any], *, ranks: bool = False) -> dict[str, Any]:
    """A line over the runs; ranks count from the top."""
    runs = [one.standing.run for one in found]
    names = [_("第 %(number)s 次") % {"number": run.number} for run in runs]
    shown = [value if ranks else number(value) for value in values]
    return {
        "data": {"categories": names, "series": [{"name": name, "values": values}], "ranks": ranks},
        "table": {
            "head": [_("核算"), _("截至"), name],
            "rows": [
                [label, day(run.as_of), value] for label, run, value in zip(names, runs, shown, strict=True)
            ],
        },
    }
