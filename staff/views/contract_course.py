"""What HR does with a contract: each a form in the shared dialog or on a page of its own."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from promotion.web.pages import attempt, done
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import people_visible_to
from staff.forms.contract import (
    ContractChangeForm,
    ContractForm,
    EndContractForm,
    PaperForm,
    ProbationForm,
    SignForm,
    renewal_of,
)
from staff.models import BodyName, Contract, ContractKind
from staff.queries import appointments_of
from staff.views.contract import contract_url, visible_contract
from staff.views.permits import for_roster_keepers
from staff.views.person import form_page
from staff.views.profile import holds_today


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Draft a contract for a person, beginning with the post held today."""
    person = get_object_or_404(people_visible_to(request.user), public_id=public_id)
    post = next((each for each in appointments_of(request.user, person) if holds_today(each)), None)
    begin = {"kind": ContractKind.POST, "body_name": BodyName.CENTRE, "starts_on": timezone.localdate()}
    begin |= {"grade": post.grade, "team": post.team} if post else {}
    form = ContractForm(request.POST or None, actor=request.user, initial=begin)
    title = _("拟订合同：%(name)s") % {"name": person.name}
    back = reverse("staff:person", args=[person.public_id])
    return _drafted(request, form, title, back, person=person)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_renew(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Draft the contract that follows this one."""
    found = visible_contract(request, public_id)
    form = ContractForm(request.POST or None, actor=request.user, initial=renewal_of(found))
    del form.fields["end_earlier"]
    title = _("续签：%(name)s，%(number)s") % {"name": found.person.name, "number": found.number}
    return _drafted(request, form, title, contract_url(found), person=found.person, renews=found)


def _drafted(
    request: SignedInRequest, form: ContractForm, title: str, back: str, **given: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.values().items() if name != "seen"}
        drafted = attempt(form, lambda: actions.draft_contract(actor=request.user, **given, **values))
        if drafted is not None:
            return done(request, contract_url(drafted), _("合同已拟好。下一步：打印签字，再登记签订。"))
    return form_page(request, form, title, back)


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_change(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Change a draft."""
    found = visible_contract(request, public_id)
    form = ContractChangeForm(request.POST or None, actor=request.user, contract=found)
    return _course(request, found, form, _("修改合同稿：%(number)s"), actions.change_contract, _("已保存。"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_sign(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put a draft into force, with the signed scan where it is at hand."""
    found = visible_contract(request, public_id)
    begin = {"signed_on": timezone.localdate(), "seen": found.version}
    form = SignForm(request.POST or None, request.FILES or None, initial=begin)
    return _course(request, found, form, _("登记签订：%(number)s"), actions.sign_contract, _("合同已签订。"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_attach(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Keep the signed scan."""
    found = visible_contract(request, public_id)
    form = PaperForm(request.POST or None, request.FILES or None)
    title = _("登记签字件：%(number)s")
    return _course(request, found, form, title, actions.attach_contract_paper, _("签字件已登记。"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_probation(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Say that the probation was passed."""
    found = visible_contract(request, public_id)
    begin = {"passed_on": timezone.localdate(), "seen": found.version}
    form = ProbationForm(request.POST or None, initial=begin)
    return _course(request, found, form, _("办理转正：%(number)s"), actions.confirm_probation, _("已转正。"))


@require_http_methods(["GET", "POST"])
@for_roster_keepers
def contract_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """End a contract on a day, or say that it is not renewed."""
    found = visible_contract(request, public_id)
    begin = {"last_day": found.last_day or timezone.localdate(), "seen": found.version}
    form = EndContractForm(request.POST or None, initial=begin)
    return _course(request, found, form, _("终止合同：%(number)s"), actions.end_contract, _("已登记终止。"))


@require_POST
@for_roster_keepers
def contract_drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Put a draft aside."""
    found = visible_contract(request, public_id)
    actions.drop_contract(actor=request.user, contract=found)
    back = reverse("staff:person", args=[found.person.public_id])
    return done(request, back, _("合同稿 %(number)s 已作废。") % {"number": found.number})


def _course(
    request: SignedInRequest, found: Contract, form: Form, title: str, perform: Callable[..., Any], text: str
) -> HttpResponse:
    """One step of a contract by its form; what is refused comes back in it."""
    if request.method == "POST" and form.is_valid():
        values = form.values() if hasattr(form, "values") else form.cleaned_data
        if attempt(form, lambda: perform(actor=request.user, contract=found, **values)):
            return done(request, contract_url(found), text)
    return form_page(request, form, title % {"number": found.number}, contract_url(found))
