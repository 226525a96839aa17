"""Disputes over first receptions: the list, a case with its statements and papers, and the decision."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import actions
from projects.access import protection as access
from projects.filters.protection import ArbitrationFilter
from projects.forms.protection import DecisionForm, ReleaseForm, StatementForm
from projects.models import Arbitration, ArbitrationPaper, ArbitrationState, Party
from projects.queries import arbitration as queries
from promotion.errors import NotAllowed
from promotion.files.serving import file_response
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

TONES = {ArbitrationState.OPEN: "alarm", ArbitrationState.DECIDED: "done"}


def _state(row: Arbitration) -> SafeString:
    return badge(row.get_state_display(), TONES.get(ArbitrationState(row.state), "plain"))


LAYOUT = (
    Column("number", gettext_lazy("案号"), lambda row: row.label, sort="id"),
    Column("state", gettext_lazy("状态"), _state, sort="state"),
    Column("claimant", gettext_lazy("申请方"), lambda row: f"{row.claimant_team.name} {row.claimant.name}"),
    Column(
        "respondent",
        gettext_lazy("被申请方"),
        lambda row: f"{row.respondent_team.name} {row.respondent.name}",
    ),
    Column(
        "opened_at",
        gettext_lazy("提起"),
        lambda row: day(row.opened_at),
        align="day",
        sort="opened_at",
        wide=True,
    ),
    Column(
        "due",
        gettext_lazy("陈述期限"),
        lambda row: day(row.statements_due),
        align="day",
        sort="statements_due",
    ),
    Column("outcome", gettext_lazy("裁决结果"), lambda row: row.get_outcome_display() or "—", sort="outcome"),
)


@require_GET
def arbitrations(request: SignedInRequest) -> HttpResponse:
    """The cases that one is party to; managers and auditors read all."""
    listing = ListPage(
        request,
        queries.arbitrations_listed(request.user),
        LAYOUT,
        row_url=_url,
        default_sort="-number",
        filterset=ArbitrationFilter,
        url_name="projects:arbitrations",
        empty={
            "title": _("没有首报仲裁"),
            "text": _("对首报首接有异议时，在登记簿的那一行提起仲裁。"),
            "action_url": reverse("projects:receptions"),
            "action_label": _("看首报首接登记簿"),
        },
    )
    return list_page(request, "projects/arbitration_list.html", listing, {"title": _("首报仲裁")})


@require_GET
def arbitration(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One case: the dispute, both statements with their papers, the decision and what follows."""
    case = queries.visible_arbitration(request.user, public_id)
    open_now = case.state == ArbitrationState.OPEN
    mine = access.parties_of(request.user, case) if open_now else []
    named = queries.company_is_named_to(request.user, case)
    context = {
        "case": case,
        "named": named,
        "sides": queries.sides_of(case, mine),
        "can_decide": open_now and access.can_decide(request.user, case),
        "can_withdraw": open_now and access.can_withdraw_arbitration(request.user, case),
        "late": (timezone.localdate() - case.statements_due).days if open_now else 0,
        "marks": [(case.get_state_display(), TONES.get(ArbitrationState(case.state), "plain"))],
    }
    return page(request, "projects/arbitration_detail.html", context)


@require_http_methods(["GET", "POST"])
def statement(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write, or write over, the statement of one's own side."""
    case = queries.visible_arbitration(request.user, public_id)
    sides = access.parties_of(request.user, case)
    if not sides:
        raise NotAllowed(_("只有当事人和当事团队的队长可以陈述。"))
    party = request.GET.get("party", "")
    side = Party(party) if party in sides else sides[0]
    written = case.statements.filter(party=side).first()
    initial = {"text": written.text if written else ""}
    form = StatementForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = attempt(
            form,
            lambda: actions.state_case(
                actor=request.user, arbitration=case, party=side, text=given["text"], papers=given["papers"]
            ),
        )
        if saved is not None:
            return done(request, _url(case), _("陈述已提交，裁决前可以修改。"))
    note = _("每方一份陈述，裁决前可以修改；对方和分管领导能看到。")
    return _panel(request, case, form, _("%(party)s陈述") % {"party": side.label}, _("提交陈述"), note)


@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The written decision; what follows is carried out in the same step."""
    case = queries.visible_arbitration(request.user, public_id)
    if not access.can_decide(request.user, case):
        raise NotAllowed(_("首报仲裁由与本案无关的分管领导裁决；当事人和提起人不能裁决。"))
    form = DecisionForm(request.POST or None, initial={"seen": case.version})
    if request.method == "POST" and form.is_valid():
        decided = attempt(
            form,
            lambda: actions.decide_arbitration(actor=request.user, arbitration=case, **form.cleaned_data),
        )
        if decided is not None:
            return done(request, _url(case), _("%(case)s 已裁决。") % {"case": case.label})
    note = _("裁决后不能改动。转移时首报首接随裁决转到申请方名下；项目不随之移动，已认定的业绩不变。")
    return _panel(request, case, form, _("裁决"), _("作出裁决"), note)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    case = queries.visible_arbitration(request.user, public_id)
    if not access.can_withdraw_arbitration(request.user, case):
        raise NotAllowed(_("只有提起人和申请人可以撤回仲裁。"))
    form = ReleaseForm(request.POST or None)
    form.fields["reason"].label = _("撤回原因")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        taken = attempt(
            form,
            lambda: actions.withdraw_arbitration(actor=request.user, arbitration=case, reason=reason),
        )
        if taken is not None:
            return done(request, _url(case), _("%(case)s 已撤回。") % {"case": case.label})
    return _panel(request, case, form, _("撤回仲裁"), _("撤回"), _("撤回后首报首接维持现状。"))


@require_GET
def paper(request: SignedInRequest, public_id: str) -> FileResponse:
    """A file of a case that the account may see."""
    visible = access.arbitrations_visible_to(request.user).values("pk")
    found = ArbitrationPaper.objects.filter(public_id=public_id, arbitration__in=visible).first()
    if found is None:
        raise Http404
    return file_response(request, found)


def _panel(
    request: SignedInRequest, case: Arbitration, form: Any, title: str, label: str, note: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "detail": case.label,
        "label": label,
        "note": note,
        "back": _url(case),
        "draft": f"arbitration-{case.public_id}",
    }
    status = 422 if form.errors else 200
    return page(request, "projects/protection_form.html", context, fragment="panel", status=status)


def _url(row: Arbitration) -> str:
    return reverse("projects:arbitration", args=[row.public_id])
