"""Work lent during an absence: given, received, begun and ended."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import people_visible_to
from staff.access.delegation import can_delegate_for_others, can_end_delegation, delegations_visible_to
from staff.authentication import STANDING_IN
from staff.forms.delegation import DelegationForm
from staff.models import Person
from staff.queries.delegation import delegations_of


@require_GET
def delegations(request: SignedInRequest) -> HttpResponse:
    """What the account's person lends and stands in for; HR, managers, auditors and administrators read all."""
    today, actor = timezone.localdate(), request.user
    lines = [
        {
            "delegation": each,
            "holds": each.holds_on(today),
            "comes": each.starts_on > today and each.ends_on > each.starts_on,
            "mine": each.delegate_id == actor.person_id,
            "ends": each.ends_on > today and can_end_delegation(actor, each),
        }
        for each in delegations_of(actor)[:200]
    ]
    return page(request, "staff/delegations.html", {"lines": lines, "may_lend": actor.person is not None})


@require_http_methods(["GET", "POST"])
def delegation_new(request: SignedInRequest, public_id: str = "") -> HttpResponse:
    """Lend the own work; HR and administrators enter it for another."""
    principal = _principal(request, public_id)
    form = DelegationForm(request.POST or None, actor=request.user, principal=principal)
    back = reverse("staff:person", args=[public_id]) if public_id else reverse("delegations")
    if request.method == "POST" and form.is_valid():
        given = {"principal": principal, **form.values()}
        made = attempt(form, lambda: actions.delegate_work(actor=request.user, **given))
        if made is not None:
            said = _("已委托%(name)s代办，对方收到了通知。") % {"name": made.delegate.name}
            return done(request, reverse("delegations"), said)
    title = _("离岗委托：%(name)s") % {"name": principal.name} if public_id else _("委托我的工作")
    context = {"form": form, "title": title, "back_url": back}
    return page(request, "staff/form.html", context, fragment="panel", status=422 if form.errors else 200)


@require_POST
def delegation_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the work back from today on."""
    found = get_object_or_404(delegations_visible_to(request.user), public_id=public_id)
    actions.end_delegation(actor=request.user, delegation=found)
    return done(request, reverse("delegations"), _("委托已结束。"))


@require_POST
def stand_in(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Begin to work in the absent one's place."""
    found = get_object_or_404(delegations_visible_to(request.user), public_id=public_id)
    actions.stand_in(actor=request.user, delegation=found)
    request.session[STANDING_IN] = found.public_id
    return done(request, reverse("home"), _("正在代%(name)s办理。") % {"name": found.principal.name})


@require_POST
def stand_in_stop(request: SignedInRequest) -> HttpResponse:
    """Go on as oneself."""
    request.session.pop(STANDING_IN, None)
    return done(request, reverse("home"), _("已结束代办，现在是您自己的权限。"))


def _principal(request: SignedInRequest, public_id: str) -> Person:
    if public_id:
        if not can_delegate_for_others(request.user):
            raise NotAllowed(_("只能委托自己的工作；替别人办理请找人事。"))
        return get_object_or_404(people_visible_to(request.user), public_id=public_id)
    if request.user.person is None:
        raise NotAllowed(_("这个账号没有人员资料，没有可以委托的工作。"))
    return request.user.person
