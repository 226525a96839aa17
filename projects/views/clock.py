"""时限督办: who is late with what; and the rules that say how long there is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import access
from projects.actions.clock import drop_clock_rule, set_clock_rule
from projects.forms.clock import ClockRuleForm
from projects.models import ClockKind, ClockRule, ProjectClass
from projects.queries.clock import DEFAULT_DAYS, clock_book
from projects.queries.lateness import headings, lateness
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


@require_GET
def clocks(request: SignedInRequest) -> HttpResponse:
    """Lateness by team and by officer among the projects one sees."""
    whole, teams, people = lateness(request.user, clock_book())
    context = {
        "whole": whole,
        "teams": teams,
        "pressing": [row for row in people if row.figures[-1].count],
        "calm": [row for row in people if not row.figures[-1].count],
        "headings": headings(),
        "can_record": access.can_record_incidents(request.user),
        "can_set": access.can_set_clocks(request.user),
    }
    return page(request, "projects/clocks.html", context)


@require_http_methods(["GET", "POST"])
def clock_rules(request: SignedInRequest) -> HttpResponse:
    """How many working days there are, today and from other days on; managers and administrators set them."""
    can_set = access.can_set_clocks(request.user)
    form = ClockRuleForm(request.POST or None, initial={"holds_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: set_clock_rule(actor=request.user, **values)):
            return done(request, reverse("projects:clock-rules"), _("时限已设定。"))
    book = clock_book()
    table = [
        (
            kind,
            DEFAULT_DAYS[kind],
            [book.allowed(kind, each, book.today) for each in ProjectClass.values],
        )
        for kind in ClockKind
    ]
    context = {
        "table": table,
        "classes": ProjectClass.choices,
        "rules": ClockRule.objects.select_related("set_by"),
        "form": form if can_set else None,
    }
    return page(request, "projects/clock_rules.html", context, status=422 if form.errors else 200)


@require_POST
def clock_rule_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a rule back."""
    drop_clock_rule(actor=request.user, rule=get_object_or_404(ClockRule, pk=pk))
    return done(request, reverse("projects:clock-rules"), _("时限已撤销，按之前的时限计算。"))
