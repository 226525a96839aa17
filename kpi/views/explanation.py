"""Where a point comes from: an item down to its evidence, and one line of the ledger."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpi.models import Standing
from kpi.queries.explain import Explanation, explain_item
from kpi.queries.ledger_line import line_detail
from kpi.queries.publicity import answerable_publicity
from kpi.queries.run import current_run
from kpi.queries.standing_words import stage_words
from kpi.views.owing import owing_rows
from promotion.web.formats import number
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest


@require_GET
def explanation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a point comes from: rule, arithmetic, facts, credit, evidence; and what did not count, and why."""
    found = explain_item(request.user, pk)
    run = found.item.standing.run
    context = {
        "standing": found.item.standing,
        "run": run,
        "is_current": current_run(run.year) == run,
        **path_context(found, owing_rows(request, found.item.standing, [found.item])),
        **objection_link(request, found.item.standing),
    }
    return page(request, "kpi/explanation.html", context, fragment="path")


def objection_link(request: SignedInRequest, standing: Standing) -> dict[str, str]:
    """Where one objects to a published result that one answers for, and where one confirms it; nothing else."""
    found = answerable_publicity(request.user, standing, timezone.localdate())
    if found is None:
        return {}
    return {
        "objection_url": reverse("kpi:publicity-object", args=[found.public_id, standing.pk]),
        "answer_url": f"{reverse('kpi:publicity-of', args=[found.public_id])}#own",
    }


def path_context(explanation: Explanation, owing: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
    """What the path card shows: the item in a line, the stages of its points where there is more than the rule, and what an
    undecided one waits for (`owing`, by item).
    """
    item = explanation.item
    shown = _("待定") if item.points is None else _("%(points)s 分") % {"points": number(item.points)}
    return {
        "explanation": explanation,
        "path_detail": f"{item.title} → {shown}",
        "stage_rows": stage_words(explanation.stages),
        "waits": item.pk in owing,
        "owing_rows": owing.get(item.pk, []),
    }


@require_GET
def ledger_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """One line of the ledger with its proof, and the items that read it."""
    detail = line_detail(request.user, pk)
    marks = []
    if detail.line.reverses_id:
        marks.append((_("冲销"), "attention"))
    if detail.reversal:
        marks.append((_("已冲销"), "attention"))
    return page(request, "kpi/ledger_line.html", {"detail": detail, "marks": marks})
