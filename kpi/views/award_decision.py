"""One decision on an award with its course, and the awards of a person or a team for the slots on their pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions, exports
from kpi.access import award as access
from kpi.forms.award import RevokeForm
from kpi.models import AwardDecision, AwardState
from kpi.queries.award import RELATED, awards_of, candidacies_of
from kpi.queries.award_followed import followed_of
from kpi.queries.course import decisive_run
from kpi.views.award import awards_url, panel
from kpi.views.statement import download
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import can_change_roster, people_visible_to, teams_visible_to
from staff.access.concern import is_concerned
from staff.models import BodyName


def visible_decision(request: SignedInRequest, public_id: str) -> AwardDecision:
    """A decision that the account may see; anything else answers 404."""
    rows = access.award_decisions_visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, public_id=public_id)


@require_GET
def award_decision(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What was decided on which figures, by whom, and what follows."""
    found = visible_decision(request, public_id)
    concerned = is_concerned(request.user, {found.person_id or 0}, {found.team_id or 0})
    sees_reasons = access.sees_award_proposals(request.user) or concerned
    context = {
        "decision": found,
        "followed": followed_of([found]).get(found.pk) if sees_reasons else None,
        "may_follow": can_change_roster(request.user) and not concerned,
        "sees_reasons": sees_reasons,
        "may_drop": access.can_propose_awards(request.user)
        and found.state == AwardState.DRAFT
        and not concerned,
        "may_revoke": access.can_approve_awards(request.user)
        and found.state == AwardState.APPROVED
        and not concerned,
        "bodies": BodyName.choices,
        "back_url": awards_url(found.year),
    }
    return page(request, "kpi/award_decision.html", context)


@require_POST
def award_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take away a decision that is not submitted."""
    found = visible_decision(request, public_id)
    actions.drop_award_decision(actor=request.user, decision=found)
    return done(request, awards_url(found.year), _("已撤下，可以重新决定。"))


@require_http_methods(["GET", "POST"])
def award_revoke(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back what was approved."""
    found = visible_decision(request, public_id)
    if not access.can_approve_awards(request.user):
        raise NotAllowed(_("评奖由分管领导撤销。"))
    form = RevokeForm(request.POST or None, initial={"seen": found.version})
    back = reverse("kpi:award-decision", args=[public_id])
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        revoked = attempt(form, lambda: actions.revoke_award(actor=request.user, decision=found, **typed))
        if revoked is not None:
            return done(request, back, _("已撤销，证书作废；可以重新决定。"))
    title = _("撤销：%(decision)s") % {"decision": found}
    return panel(request, form, title, gettext_lazy("撤销"), back)


@require_GET
def award_certificate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The certificate or notice of a decision that holds, under the name of ?body=."""
    found = visible_decision(request, public_id)
    if not found.is_granted:
        raise NotFound(_("这项决定没有证书：没有授予、没有批准或已撤销。"))
    paper = exports.award_papers([found], request.GET.get("body", ""))
    response = HttpResponse(paper, content_type="application/pdf")
    download(response, exports.award_paper_name(found))
    return response


@require_GET
def award_certificates(request: SignedInRequest, year: int) -> HttpResponse:
    """All certificates and notices of a year, or of ?award=: one PDF to print, or a ZIP; taking them is recorded."""
    wanted, body = request.GET, request.GET.get("body", "")
    found = actions.export_certificates(actor=request.user, year=year, award=wanted.get("award", ""))
    as_zip = wanted.get("form") == "zip"
    paper = exports.award_archive(found, body) if as_zip else exports.award_papers(found, body)
    response = HttpResponse(paper, content_type="application/zip" if as_zip else "application/pdf")
    name = _("%(year)s年度荣誉证书和通知书") % {"year": year}
    download(response, f"{name}.{'zip' if as_zip else 'pdf'}")
    return response


@require_GET
def person_awards(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A person's awards for the slot on the personal page."""
    found = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    return _slot(request, person=found)


@require_GET
def team_awards(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A team's awards for the slot on its page."""
    found = get_object_or_404(teams_visible_to(request.user), public_id=public_id)
    return _slot(request, team=found)


def _slot(request: SignedInRequest, **subject: Any) -> HttpResponse:
    year = timezone.localdate().year
    context = {
        "year": year,
        "awards": awards_of(request.user, **subject),
        "candidacies": candidacies_of(request.user, decisive_run(year), **subject),
    }
    return page(request, "kpi/award_slot.html", context)
