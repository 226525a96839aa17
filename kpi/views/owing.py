"""Where what an undecided item waits for is entered, for those who may enter it; others are told whom to ask."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import Item, Standing
from kpi.queries.owing import Owing, owing_of
from kpi.queries.run import current_run
from promotion.web.requests import SignedInRequest


def owing_rows(
    request: SignedInRequest, standing: Standing, items: Sequence[Item]
) -> dict[int, list[dict[str, Any]]]:
    """What each undecided item waits for, in words, each with the place to enter it; nothing for a past run."""
    if current_run(standing.run.year) != standing.run:
        return {}
    found = owing_of(request.user, standing, items)
    return {pk: [_row(request, standing, one) for one in owing] for pk, owing in found.items()}


def _row(request: SignedInRequest, standing: Standing, one: Owing) -> dict[str, Any]:
    """The words with a link, or without one for whoever may not enter it."""
    url, label = "", ""
    if one.kind == "target" and access.can_set_targets(request.user):
        url, label = _target_url(standing, one), _("去下达")
    elif one.waits and access.can_confirm_inputs(request.user):
        url, label = f"{reverse('kpi:inputs-waiting')}?year={standing.run.year}", _("去确认")
    elif one.kind == "input" and not one.waits and access.can_record_inputs(request.user):
        url, label = _sheet_url(standing, one), _("去录入")
    return {"words": one.words, "url": url, "label": label}


def _target_url(standing: Standing, one: Owing) -> str:
    subject = standing.person or standing.team
    kind, public_id = ("person" if standing.person else "team"), subject.public_id if subject else ""
    query = urlencode({"year": standing.run.year, "code": one.place})
    return f"{reverse('kpi:targets-of', args=[kind, public_id])}?{query}"


def _sheet_url(standing: Standing, one: Owing) -> str:
    panel = {"panel": one.part} if one.part and one.place.startswith("rating:") else {}
    query = urlencode({"year": standing.run.year, "group": standing.group, **panel})
    return f"{reverse('kpi:input-sheet', args=[one.place])}?{query}"
