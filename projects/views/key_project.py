"""Key projects: the table of thresholds, what meets it without recognition, the recognitions, and the panels that decide them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.access import key_project as access
from projects.actions import keep_view
from projects.actions import key_project as actions
from projects.actions.key_threshold import adopt_key_thresholds, end_key_threshold, settle_key_threshold
from projects.filters.key_project import KeyProposalFilter, KeyRecognitionFilter
from projects.forms.key_project import (
    EndThresholdForm,
    KeyDecisionForm,
    KeyReasonForm,
    KeyRequestForm,
    ThresholdForm,
)
from projects.key_thresholds import CLASSES
from projects.models import (
    KeyProjectRecognition,
    KeyProjectThreshold,
    KeyState,
    Project,
    ProjectClass,
    ViewKind,
)
from projects.queries import key_project as queries
from projects.queries.project import visible_project
from projects.queries.record_visit import RecordVisit
from projects.views.list_cells import two_lines
from promotion.errors import NotAllowed
from promotion.web.components import badge
from promotion.web.formats import day, usd_wan, wan
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

TONES = {KeyState.SUBMITTED: "attention", KeyState.RECOGNISED: "done", KeyState.RETURNED: "alarm"}
LATEST = 50


def address_of(row: KeyProjectRecognition) -> str:
    return reverse("projects:key-recognition", args=[row.public_id])


def key_card(visit: RecordVisit) -> dict[str, Any] | None:
    """The card 项目等级 of the record: planned or recognised, by what, and the way to ask for it."""
    rows = (
        queries.course_of(visit.project) if visit.facts["key_recognised"] or visit.facts["key_asked"] else []
    )
    live = [row for row in rows if row.state in (KeyState.SUBMITTED, KeyState.RECOGNISED)]
    if not live and not (visit.may_change and visit.project.project_class in CLASSES):
        return None
    may_ask = visit.may_change and not visit.facts["key_asked"]
    return {"rows": [_told(row) for row in live], "project": visit.project, "may_ask": may_ask}


def _told(row: KeyProjectRecognition) -> dict[str, Any]:
    said = queries.said(row.threshold, row.measured) if row.threshold and row.measured is not None else ""
    return {"row": row, "said": said, "tone": TONES.get(KeyState(row.state), "plain")}


@require_http_methods(["GET", "POST"])
def key_thresholds(request: SignedInRequest) -> HttpResponse:
    """What holds today, what held before, and the form for whoever settles it."""
    can_set = access.can_set_key_thresholds(request.user)
    if request.method == "POST" and not can_set:
        raise NotAllowed(_("重大项目认定标准由分管领导设定；请把建议告诉分管领导。"))
    form = ThresholdForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: settle_key_threshold(actor=request.user, **form.values())) is not None
    ):
        return done(request, reverse("projects:key-thresholds"), _("认定标准已设定。"))
    today = timezone.localdate()
    table = queries.table_on(today)
    others = access.key_thresholds_visible_to(request.user).exclude(pk__in=[row.pk for row in table])
    context = {
        "table": table,
        "others": others.select_related("set_by").order_by("-holds_from", "-pk")[:LATEST],
        "form": form if can_set else None,
        "may_adopt": can_set and not table and not others.exists(),
    }
    return page(request, "projects/key_thresholds.html", context, status=422 if form.errors else 200)


@require_POST
def key_thresholds_adopt(request: SignedInRequest) -> HttpResponse:
    """Begin with the suggested rows."""
    rows = adopt_key_thresholds(actor=request.user)
    text = _("已采用 %(count)s 条建议标准，请逐条核对。") % {"count": len(rows)}
    return done(request, reverse("projects:key-thresholds"), text)


@require_http_methods(["GET", "POST"])
def key_threshold_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a row on a day."""
    if not access.can_set_key_thresholds(request.user):
        raise NotAllowed(_("重大项目认定标准由分管领导设定；请把建议告诉分管领导。"))
    row = get_object_or_404(KeyProjectThreshold, pk=pk)
    return _decide(
        request,
        EndThresholdForm(request.POST or None),
        lambda given: end_key_threshold(actor=request.user, threshold=row, **given),
        (_("停用标准"), str(row), reverse("projects:key-thresholds")),
        _("标准已停用，以前的认定不变。"),
    )


@require_GET
def key_recognitions(request: SignedInRequest) -> HttpResponse:
    """All recognitions that one sees."""
    waiting = queries.proposals(request.user, timezone.localdate()).count()
    listing = ListPage(
        request=request,
        queryset=queries.listed_recognitions(request.user),
        layout=LAYOUT,
        row_url=address_of,
        default_sort="-asked",
        filterset=KeyRecognitionFilter,
        url_name="projects:key-recognitions",
        empty={
            "title": _("没有重大项目认定"),
            "text": _("达到认定标准的项目在“达标未认定”里；专员和队长也可以在项目页申请。"),
        },
    )
    context = {"title": _("重大项目认定"), "waiting": waiting}
    return list_page(request, "projects/key_recognition_list.html", listing, context)


LAYOUT = (
    Column(
        "project",
        gettext_lazy("项目"),
        lambda row: two_lines(row.project.name, row.project.team.name),
        sort="project__pinyin",
        export=lambda row: row.project.name,
    ),
    Column("class", gettext_lazy("等级"), lambda row: row.get_project_class_display(), sort="project_class"),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda row: badge(row.get_state_display(), TONES.get(KeyState(row.state), "plain")),
        sort="state",
    ),
    Column("why", gettext_lazy("依据"), lambda row: _told(row)["said"] or _("例外认定"), wide=True),
    Column(
        "asked", gettext_lazy("申请"), lambda row: day(row.submitted_at), sort="pk", align="day", wide=True
    ),
    Column(
        "on", gettext_lazy("认定日期"), lambda row: day(row.recognised_on), sort="recognised_on", align="day"
    ),
)


@require_GET
def key_proposals(request: SignedInRequest) -> HttpResponse:
    """What meets a threshold today and is not recognised, with the reason in figures."""
    today = timezone.localdate()
    found: dict[int, str] = {}
    may_decide = access.can_recognise_key_projects(request.user)
    listing = ListPage(
        request=request,
        queryset=queries.proposals(request.user, today).select_related("team", "owner"),
        layout=_proposal_layout(found),
        row_url=lambda row: reverse(
            "projects:key-propose" if may_decide else "projects:detail", args=[row.public_id]
        ),
        default_sort="-contract",
        filterset=KeyProposalFilter,
        url_name="projects:key-proposals",
        empty={"title": _("没有达标未认定的项目"), "text": _("今天达到认定标准的项目都已认定或正在申请。")},
    )
    found.update(queries.reasons(list(listing.page.object_list), today))
    return list_page(request, "projects/key_proposal_list.html", listing, {"title": _("达标未认定")})


def _proposal_layout(reasons: dict[int, str]) -> tuple[Column, ...]:
    return (
        Column(
            "project", gettext_lazy("项目"), lambda row: two_lines(row.name, row.team.name), sort="pinyin"
        ),
        Column(
            "reached", gettext_lazy("达到等级"), lambda row: ProjectClass(row.reached).label, sort="reached"
        ),
        Column("planned", gettext_lazy("现等级"), lambda row: row.get_project_class_display(), wide=True),
        Column("why", gettext_lazy("依据"), lambda row: reasons.get(row.pk, "—")),
        Column(
            "contract",
            gettext_lazy("签约额（万元）"),
            lambda row: wan(row.contract),
            sort="contract",
            align="end",
        ),
        Column(
            "foreign",
            gettext_lazy("到账外资（万美元）"),
            lambda row: usd_wan(row.foreign_usd),
            sort="foreign_usd",
            align="end",
            wide=True,
        ),
    )


@require_GET
def key_recognition(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One recognition: the row and the figures it rests on, its papers, its course, and who may decide."""
    row = queries.visible_recognition(request.user, public_id)
    keep_view(request.user, [row.project], ViewKind.RECORD, detail=_("重大项目认定"))
    actor = request.user
    decides = access.can_recognise_key_projects(actor) and not access.has_part(actor, row.project)
    waits = row.state == KeyState.SUBMITTED
    context = {
        "row": row,
        "told": _told(row),
        "marks": [(row.get_project_class_display(), "alarm"), (row.get_state_display(), _told(row)["tone"])],
        "others": [_told(each) for each in queries.course_of(row.project) if each.pk != row.pk],
        "may_decide": waits and decides and row.submitted_by_id != actor.pk,
        "may_withdraw": waits and row.submitted_by_id == actor.pk,
        "may_revoke": decides and row.state == KeyState.RECOGNISED,
    }
    return page(request, "projects/key_recognition.html", context)


@require_http_methods(["GET", "POST"])
def key_ask(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask that a project be recognised."""
    project = visible_project(request.user, public_id)
    if not access.can_ask_for_recognition(request.user, project):
        raise NotAllowed(_("只有服务专员、份额持有人、本团队队长和分管领导可以申请认定；请与服务专员联系。"))
    wanted = project.project_class if project.project_class in CLASSES else CLASSES[0]
    form = KeyRequestForm(request.POST or None, request.FILES or None, initial={"project_class": wanted})
    return _decide(
        request,
        form,
        lambda given: actions.submit_key_project(actor=request.user, project=project, **given),
        (_("申请认定"), project.name, reverse("projects:detail", args=[public_id])),
        _("认定申请已提交，由分管领导认定。"),
        note=_standing(project),
    )


def _standing(project: Project) -> str:
    """What the project reaches today, in figures."""
    met = queries.met_by(project, CLASSES[0], timezone.localdate())
    return met.words or str(_("今天还没有达到任何认定标准；可以写明理由申请例外认定。"))


@require_http_methods(["GET", "POST"])
def key_propose(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Recognise what the table proposes."""
    project = visible_project(request.user, public_id)
    if not access.can_recognise_key_projects(request.user):
        raise NotAllowed(_("重大项目由分管领导认定；您可以查看，但不能作决定。"))
    met = queries.met_by(project, CLASSES[0], timezone.localdate())
    reached = met.threshold.project_class if met.threshold else CLASSES[0]
    form = KeyDecisionForm(request.POST or None, initial={"project_class": reached})

    def perform(given: dict[str, Any]) -> KeyProjectRecognition:
        given.pop("seen")
        return actions.recognise_proposed(actor=request.user, project=project, **given)

    words = (_("认定为重大项目"), project.name, reverse("projects:key-proposals"))
    return _decide(request, form, perform, words, _("已认定，项目等级随之确定。"), note=_standing(project))


@require_http_methods(["GET", "POST"])
def key_recognise(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Recognise a request."""
    row = _decidable(request, public_id)
    form = KeyDecisionForm(
        request.POST or None, initial={"project_class": row.project_class, "seen": row.version}
    )
    return _decide(
        request,
        form,
        lambda given: actions.recognise_key_project(actor=request.user, recognition=row, **given),
        (_("认定"), row.project.name, address_of(row)),
        _("已认定，项目等级随之确定。"),
        note=_standing(row.project),
    )


@require_http_methods(["GET", "POST"])
def key_return(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Send a request back."""
    row = _decidable(request, public_id)
    return _decide(
        request,
        KeyReasonForm(request.POST or None, initial={"seen": row.version}),
        lambda given: actions.return_key_project(actor=request.user, recognition=row, **given),
        (_("退回申请"), row.project.name, address_of(row)),
        _("已退回，申请人会收到通知。"),
    )


@require_http_methods(["GET", "POST"])
def key_revoke(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a recognition back."""
    row = _decidable(request, public_id)
    return _decide(
        request,
        KeyReasonForm(request.POST or None, initial={"seen": row.version}),
        lambda given: actions.revoke_key_project(actor=request.user, recognition=row, **given),
        (_("撤销认定"), row.project.name, address_of(row)),
        _("认定已撤销，项目等级恢复为认定前的等级。"),
    )


@require_POST
def key_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take one's own request back."""
    row = queries.visible_recognition(request.user, public_id)
    actions.withdraw_key_project(actor=request.user, recognition=row)
    return done(request, address_of(row), _("申请已撤回。"))


def _decidable(request: SignedInRequest, public_id: str) -> KeyProjectRecognition:
    row = queries.visible_recognition(request.user, public_id)
    if not access.can_recognise_key_projects(request.user):
        raise NotAllowed(_("重大项目由分管领导认定；您可以查看，但不能作决定。"))
    return row


def _decide(
    request: SignedInRequest,
    form: Any,
    perform: Callable[[dict[str, Any]], Any],
    words: tuple[str, str, str],
    text: str,
    *,
    note: str = "",
) -> HttpResponse:
    """A panel with a form: the action on a clean POST, else the panel again. `words`: title, detail, the way back."""
    title, detail, back = words
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: perform(dict(form.cleaned_data)))
        if made is not None:
            url = address_of(made) if isinstance(made, KeyProjectRecognition) else back
            return done(request, url, text)
    context = {"form": form, "title": title, "detail": detail, "back": back, "note": note}
    status = 422 if form.errors else 200
    return page(request, "projects/key_panel.html", context, fragment="panel", status=status)
