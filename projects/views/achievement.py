"""Reporting: the form, the achievement's page, mending and withdrawing, the list behind every figure."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects import access, actions, queries
from projects.actions.reporting import in_cny
from projects.forms.achievement import ReportForm, initial_of
from projects.forms.document import EvidenceForm
from projects.models import Achievement, AchievementKind, Currency, DocumentType, Project, Recognition
from projects.queries.evidence import checklist_of
from promotion.errors import NotAllowed, Refused
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

# What a project's page offers to report; milestones come with the move that needs them.
REPORTABLE = (
    AchievementKind.ANNOUNCED,
    AchievementKind.INCREASE,
    AchievementKind.PAID_IN,
    AchievementKind.FIXED_ASSET,
    AchievementKind.OUTPUT,
    AchievementKind.TAX,
    AchievementKind.JOBS,
    AchievementKind.WIN,
)
ALONE = (AchievementKind.WIN, AchievementKind.OUTPUT)


@require_http_methods(["GET", "POST"])
def achievement_new(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Report something for a project; `kind` in the address."""
    project = get_object_or_404(access.projects_visible_to(request.user), public_id=public_id)
    if not access.can_change(request.user, project):
        raise NotAllowed(_("您可以查看这个项目，但不能申报；请联系服务专员或队长。"))
    kind = _asked_kind(request, AchievementKind.values, AchievementKind.PAID_IN)
    return _report(request, kind, project, REPORTABLE if kind in REPORTABLE else ())


@require_http_methods(["GET", "POST"])
def achievement_alone(request: SignedInRequest) -> HttpResponse:
    """Report one's own win (or output) that belongs to no project."""
    if request.user.person is None:
        raise NotAllowed(_("您的账号没有对应的人员，不能申报个人业绩。"))
    return _report(request, _asked_kind(request, ALONE, AchievementKind.WIN), None, ALONE)


@require_http_methods(["GET", "POST"])
def incident_new(request: SignedInRequest) -> HttpResponse:
    """Record what costs points: of a project (`project` in the address), or of a person."""
    if not access.can_record_incidents(request.user):
        raise NotAllowed(_("扣分事项由队长或分管领导登记。"))
    asked = request.GET.get("project")
    visible = access.projects_visible_to(request.user)
    project = get_object_or_404(visible, public_id=asked) if asked else None
    return _report(request, AchievementKind.INCIDENT, project, ())


def _asked_kind(request: SignedInRequest, known: Any, otherwise: str) -> str:
    kind = request.GET.get("kind", otherwise)
    if kind not in known:
        raise Refused(_("没有“%(kind)s”这种业绩；请从项目页重新打开。") % {"kind": kind[:20]})
    return kind


def _report(request: SignedInRequest, kind: str, project: Project | None, kinds: Any) -> HttpResponse:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    prepared = {"person": request.GET.get("person"), "incident_reason": request.GET.get("reason")}
    form = ReportForm(
        data,
        files,
        kind=kind,
        actor=request.user,
        project=project,
        alone=project is None,
        initial=prepared,
    )
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.report_achievement(
                actor=request.user, kind=kind, project=project, **form.report()
            ),
        )
        if made is not None:
            return done(request, queries.address_of(made), said_of(made, _("已提交，等待认定。")))
    tabs = [
        {"label": AchievementKind(each).label, "url": f"?kind={each.value}", "active": each == kind}
        for each in kinds
    ]
    context = {"form": form, "kind": AchievementKind(kind), "project": project, "tabs": tabs}
    return page(
        request,
        "projects/achievement_form.html",
        context,
        fragment="panel",
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def achievement_correct(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Mend a returned report and submit it again."""
    achievement = visible_achievement(request, public_id)
    if not access.can_correct(request.user, achievement):
        raise NotAllowed(_("只有申报人可以修改后重新提交；其他同事请另行申报。"))
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    proven = achievement.documents.exists()
    form = ReportForm(
        data,
        files,
        kind=achievement.kind,
        actor=request.user,
        project=achievement.project,
        proven=proven,
        initial=initial_of(achievement),
    )
    form.fields.pop("person", None)
    if form.is_valid():
        seen = form.cleaned_data["version"]
        perform = lambda: actions.resubmit_achievement(  # noqa: E731 the one call that attempt makes
            actor=request.user, achievement=achievement, seen=seen, **form.report()
        )
        if attempt(form, perform) is not None:
            said = said_of(achievement, _("已重新提交，等待认定。"))
            return done(request, queries.address_of(achievement), said)
    context = {
        "form": form,
        "kind": AchievementKind(achievement.kind),
        "project": achievement.project,
        "achievement": achievement,
    }
    return page(
        request,
        "projects/achievement_form.html",
        context,
        fragment="panel",
        status=422 if form.errors else 200,
    )


@require_GET
def amount_preview(request: SignedInRequest) -> HttpResponse:
    """What the typed amount makes in 元 at the typed rate, said while typing."""
    form = ReportForm(request.GET, kind=AchievementKind.PAID_IN, actor=request.user)
    form.is_valid()
    amount, rate = form.cleaned_data.get("amount"), form.cleaned_data.get("exchange_rate")
    foreign = request.GET.get("currency") == Currency.USD
    converted = in_cny(amount, rate) if foreign and amount and rate and rate.is_finite() else None
    return page(request, "projects/achievement_preview.html", {"converted": converted})


def said_of(achievement: Achievement, sentence: str) -> str:
    """What is said after a report: that it waits, and which required papers are still missing."""
    missing = checklist_of(achievement).missing
    if not missing:
        return sentence
    return _("%(sentence)s还缺%(papers)s，补齐后才能认定。") % {
        "sentence": sentence,
        "papers": "、".join(missing),
    }


def visible_achievement(request: SignedInRequest, public_id: str) -> Achievement:
    """The achievement, if this account may see it; 404 otherwise."""
    visible = access.achievements_visible_to(request.user).select_related(
        "project", "project__company", "project__team", "person", "submitted_by", "decided_by"
    )
    return get_object_or_404(visible, public_id=public_id)


@require_GET
def achievement(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One achievement: its facts and dates, both amounts, evidence, history, and what this account may do."""
    found = visible_achievement(request, public_id)
    waits = found.state == Recognition.SUBMITTED
    open_to_change = found.state in (Recognition.SUBMITTED, Recognition.RETURNED)
    decides = access.can_recognise(request.user, found)
    own = access.can_withdraw(request.user, found)
    hints = queries.recognition_hints([found]) if waits and access.sees_hints(request.user) else {}
    context = {
        "achievement": found,
        "title": queries.title_of(found),
        "marks": [(found.get_state_display(), queries.STATE_TONES[Recognition(found.state)])],
        "steps": queries.steps_of(found),
        "checklist": checklist_of(found),
        "decisions": queries.decisions_of(found),
        "version_query": f"?version={found.version}",
        "hints": hints.get(found.pk, []),
        "may_decide": waits and decides,
        "may_reverse": found.state == Recognition.RECOGNISED and decides,
        "may_correct": found.state == Recognition.RETURNED and access.can_correct(request.user, found),
        "may_withdraw": open_to_change and own,
        "evidence_form": EvidenceForm(auto_id="more_%s") if open_to_change and own else None,
        "may_sort": open_to_change and (own or decides),
        "document_types": DocumentType.choices,
    }
    return page(request, "projects/achievement_detail.html", context)


@require_POST
def achievement_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back a report that nobody has recognised."""
    found = visible_achievement(request, public_id)
    seen = request.GET.get("version", "")
    actions.withdraw_achievement(
        actor=request.user, achievement=found, seen=int(seen) if seen.isdecimal() else None
    )
    return done(request, queries.address_of(found), _("已撤回申报。"))


@require_POST
def achievement_attach(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Add evidence to an achievement that nobody has recognised."""
    found = visible_achievement(request, public_id)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(_("请先选择要上传的文件。"))
    document_type = form.cleaned_data["document_type"]
    for upload in form.cleaned_data["evidence"]:
        actions.attach_document(
            actor=request.user, achievement=found, upload=upload, document_type=document_type
        )
    url = reverse("projects:achievement", args=[public_id])
    return done(request, f"{url}#evidence", _("佐证已保存。"))
