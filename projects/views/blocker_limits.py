"""The limits and the ladder, as managers settle them; everybody may read them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from projects import actions
from projects.access.blocker import can_set_time_limits
from projects.forms.blocker import RungFormSet, TimeLimitForm
from projects.models import BlockerRule, ProjectClass
from projects.queries.blocker import ladder, time_limit
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

SPARE_RUNGS = 2


@require_http_methods(["GET", "POST"])
def blocker_limits(request: SignedInRequest) -> HttpResponse:
    """What holds today, what was settled, and two forms: a limit from a day on, the ladder as a whole."""
    may_settle = can_set_time_limits(request.user)
    if request.method == "POST" and not may_settle:
        raise NotAllowed(_("堵点时限和升级阶梯由分管领导设定。"))
    part = request.POST.get("part", "")
    limits = TimeLimitForm(request.POST if part == "limits" else None)
    held = [{"level": r.level, "after_days": r.after_days, "audience": r.audience} for r in ladder()]
    rungs = RungFormSet(request.POST if part == "ladder" else None, initial=[*held, *([{}] * SPARE_RUNGS)])
    if _settled(request, part, limits, rungs):
        return done(request, reverse("projects:blocker-limits"), _("已保存，之后开始的时钟按新规定走。"))
    wrong = bool(limits.errors) or (
        part == "ladder" and bool(rungs.total_error_count() or rungs.non_form_errors())
    )
    context = {
        "today": [(cls.label, time_limit(cls, timezone.localdate())) for cls in ProjectClass],
        "rules": BlockerRule.objects.order_by("-holds_from", "project_class"),
        "rungs_now": ladder(),
        "may_settle": may_settle,
        "limits": limits,
        "rungs": rungs,
    }
    return page(request, "projects/blocker_limits.html", context, status=422 if wrong else 200)


def _settled(request: SignedInRequest, part: str, limits: TimeLimitForm, rungs: Any) -> bool:
    if part == "limits" and limits.is_valid():
        given = limits.cleaned_data
        return attempt(limits, lambda: actions.settle_time_limit(actor=request.user, **given)) is not None
    if part == "ladder" and rungs.is_valid():
        lines = rungs.rungs()
        return attempt(limits, lambda: actions.settle_ladder(actor=request.user, rungs=lines)) is not None
    return False
