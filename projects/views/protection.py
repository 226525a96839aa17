"""The register of first receptions, the public pool, and what is done with a first reception."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import actions
from projects.access import protection as access
from projects.actions.protection_upkeep import RULE_DAYS
from projects.filters.protection import PoolFilter, ReceptionFilter
from projects.forms.protection import ClaimForm, ConfirmForm, OpenForm, ReleaseForm, RuleForm
from projects.models import FirstReception, Industry
from projects.queries import protection as queries
from projects.queries.project import visible_project
from projects.workflow import Stage
from promotion.errors import NotAllowed, NotFound
from promotion.web.components import badge, link_button
from promotion.web.formats import day, number
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


def _state(row: Any) -> SafeString:
    return badge(queries.STATES[row.state], queries.TONES.get(row.state, "alarm"))


def _left(row: Any) -> str:
    if row.released_at is not None or row.state == "lapsed":
        return "—"
    left = queries.days_left(row, timezone.localdate())
    return str(number(left, 0)) if left > 0 else _("已签约")


def _since(row: Any) -> str:
    return str(day(row.claimed_at))


REGISTER = (
    Column("company", gettext_lazy("企业"), queries.masked_company),
    Column(
        "state", gettext_lazy("状态"), _state, sort="state", export=lambda row: str(queries.STATES[row.state])
    ),
    Column("team", gettext_lazy("团队"), lambda row: row.team.name, sort="team__position"),
    Column("person", gettext_lazy("首接人"), lambda row: row.person.name, sort="person__pinyin"),
    Column("claimed_at", gettext_lazy("首报"), _since, sort="claimed_at"),
    Column(
        "until",
        gettext_lazy("保护期至"),
        lambda row: day(row.protected_until),
        align="day",
        sort="protected_until",
        wide=True,
    ),
    Column("left", gettext_lazy("剩余（天）"), _left, align="end"),
)


def _claim_button(row: Any) -> SafeString:
    url = reverse("projects:reception-claim", args=[row.public_id])
    return link_button(_("认领"), url, dialog=True, small=True)


def _ended(row: Any) -> SafeString:
    how = row.get_ending_display() if row.ending else _("到期")
    return format_html(
        '<span class="two-line"><span>{}</span><small>{}</small></span>', how, day(row.fell_on)
    )


def _before(row: Any) -> SafeString:
    months = _("%(start)s 至 %(end)s") % {
        "start": timezone.localdate(row.claimed_at).strftime("%Y-%m"),
        "end": row.fell_on.strftime("%Y-%m"),
    }
    return format_html(
        '<span class="two-line"><span>{}</span><small>{}</small></span>', row.team.name, months
    )


def _leads(row: Any) -> SafeString | str:
    if not row.leads:
        return "—"
    many = _("%(many)s 条") % {"many": row.leads}
    stage = Stage(row.last_stage).label if row.last_stage else ""
    return format_html('<span class="two-line"><span>{}</span><small>{}</small></span>', many, stage)


POOL = (
    Column("company", gettext_lazy("企业"), lambda row: row.company.name, sort="names_pinyin"),
    Column("home", gettext_lazy("所在地"), lambda row: row.company.home or row.company.country, wide=True),
    Column(
        "industry", gettext_lazy("产业"), lambda row: Industry(row.industry).label if row.industry else "—"
    ),
    Column("before", gettext_lazy("曾由"), _before, sort="team__position"),
    Column("leads", gettext_lazy("线索与项目"), _leads, sort="leads"),
    Column("fell_on", gettext_lazy("入公海"), _ended, sort="fell_on"),
    Column("claim", gettext_lazy("操作"), _claim_button, align="end"),
)


@require_GET
def receptions(request: SignedInRequest) -> HttpResponse:
    """Who was first to receive which investor; companies of others stay masked."""
    act = Column("act", gettext_lazy("操作"), _dispute_button, align="end")
    layout = (*REGISTER, act) if access.can_open_arbitration(request.user) else REGISTER
    listing = ListPage(
        request,
        queries.register(request.user, timezone.localdate()),
        layout,
        row_url=_company_url,
        default_sort="-claimed_at",
        filterset=ReceptionFilter,
        url_name="projects:receptions",
        export_url=reverse("projects:receptions-workbook"),
        empty={
            "title": _("还没有首报首接"),
            "text": _("记下第一条线索的人就是首接人。"),
            "action_url": reverse("projects:lead-new"),
            "action_label": _("记线索"),
        },
    )
    context = {"title": _("首报首接登记簿"), "key": "receptions"}
    return list_page(request, "projects/reception_list.html", listing, context)


@require_GET
def pool(request: SignedInRequest) -> HttpResponse:
    """Companies that nobody protects any more, with the way to claim one."""
    today = timezone.localdate()
    claiming = access.can_claim(request.user)
    listing = ListPage(
        request,
        queries.pool(request.user, today),
        POOL if claiming else POOL[:-1],
        row_url=lambda _row: "",
        default_sort="-fell_on",
        filterset=PoolFilter,
        url_name="projects:pool",
        empty={
            "title": _("公海里没有企业"),
            "text": _("保护期届满或主动释放的企业会出现在这里，供同事认领。"),
            "action_url": reverse("projects:receptions"),
            "action_label": _("看首报首接登记簿"),
        },
    )
    rule = queries.rule_on(today)
    person = request.user.person_id
    used = queries.counted_in_quota(person, today).count() if person and claiming else None
    context = {"title": _("公海"), "key": "pool", "rule": rule, "used": used}
    return list_page(request, "projects/reception_list.html", listing, context)


@require_http_methods(["GET", "POST"])
def claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One question, and the company is the officer's."""
    if not access.can_claim(request.user):
        raise NotAllowed(_("您的角色不能认领企业；请由招商专员或队长认领。"))
    held = reception_of(request, public_id)
    form = ClaimForm(request.POST or None, actor=request.user)
    form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        given = {
            "person": form.cleaned_data.get("person"),
            "distinct_reason": form.cleaned_data["distinct_reason"],
        }
        taken = attempt(form, lambda: actions.claim_company(actor=request.user, reception=held, **given))
        if taken is not None:
            text = _("已认领“%(name)s”，保护期至 %(day)s。") % {
                "name": held.company.name,
                "day": taken.protected_until,
            }
            return done(request, reverse("projects:company", args=[held.company.public_id]), text)
    note = _(
        "认领后您是首接人，保护期从今天起算。原团队的线索和记录仍归原团队、对您遮蔽；确需移交的，由分管领导在项目页办理移交。"
    )
    return _panel(request, form, _("认领企业"), held.company.name, _("认领"), note, reverse("projects:pool"))


@require_http_methods(["GET", "POST"])
def release(request: SignedInRequest, public_id: str) -> HttpResponse:
    held = reception_of(request, public_id)
    if not access.can_release(request.user, held):
        raise NotAllowed(_("只有首接人、本队队长和分管领导可以释放；请与首接人联系。"))
    form = ReleaseForm(request.POST or None)
    back = reverse("projects:company", args=[held.company.public_id])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        released = attempt(
            form, lambda: actions.release_reception(actor=request.user, reception=held, reason=reason)
        )
        if released is not None:
            text = _("已释放“%(name)s”，企业进入公海。") % {"name": held.company.name}
            return done(request, reverse("projects:pool"), text)
    note = _("释放后企业进入公海，由同事认领；冷却期内您不能再认领。项目和已认定的业绩不变。")
    return _panel(request, form, _("主动释放"), held.company.name, _("释放到公海"), note, back)


@require_http_methods(["GET", "POST"])
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A leader or manager confirms that a follow-up of the project is progress."""
    project = visible_project(request.user, public_id)
    state = queries.protection_of(project.company)
    if state is None or not access.may_verify(request.user, state.reception):
        raise NotAllowed(_("进展由本队队长或分管领导确认，首接人和写跟进的人不能自己确认。"))
    form = ConfirmForm(request.POST or None, project=project, actor=request.user)
    back = reverse("projects:detail", args=[project.public_id])
    if request.method == "POST" and form.is_valid():
        extension = attempt(form, lambda: actions.confirm_progress(actor=request.user, **form.cleaned_data))
        if extension is not None:
            text = _("进展已确认，保护期延长至 %(day)s。") % {"day": extension.until}
            return done(request, back, text)
    note = _("确认会延长这家企业的保护期，并记下由谁、凭什么确认。只列出最近 30 天、非本人所写的跟进。")
    return _panel(request, form, _("确认进展"), project.name, _("确认并延长保护"), note, back)


@require_http_methods(["GET", "POST"])
def arbitrate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Bring a dispute over this first reception."""
    if not access.can_open_arbitration(request.user):
        raise NotAllowed(_("您的角色不能提起首报仲裁；请由招商专员、队长或分管领导提起。"))
    held = reception_of(request, public_id)
    form = OpenForm(request.POST or None, request.FILES or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        case = attempt(
            form,
            lambda: actions.open_arbitration(
                actor=request.user,
                reception=held,
                grounds=given["grounds"],
                claimant=given.get("person"),
                papers=given["papers"],
            ),
        )
        if case is not None:
            text = _("%(case)s 已提起，双方已收到通知。") % {"case": case.label}
            return done(request, reverse("projects:arbitration", args=[case.public_id]), text)
    row = queries.register(request.user, timezone.localdate()).get(pk=held.pk)
    name = f"{queries.masked_company(row)} · {held.team.name} {held.person.name}"
    note = _("双方各提交一份陈述，由与本案无关的分管领导书面裁决；裁决前首报首接不变。")
    return _panel(request, form, _("提起首报仲裁"), name, _("提起"), note, reverse("projects:receptions"))


@require_http_methods(["GET", "POST"])
def rules(request: SignedInRequest) -> HttpResponse:
    """The dated rules, and for managers the form of the next one."""
    today = timezone.localdate()
    now = queries.rule_on(today)
    changing = access.can_set_protection(request.user)
    initial = {"holds_from": today, **{name: getattr(now, name) for name in RULE_DAYS}}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not changing:
            raise NotAllowed(_("保护规则由分管领导或系统管理员设定。"))
        if form.is_valid():
            rule = attempt(form, lambda: actions.set_protection_rule(actor=request.user, **form.cleaned_data))
            if rule is not None:
                text = _("已设定自 %(day)s 起的保护规则。") % {"day": rule.holds_from}
                return done(request, reverse("projects:protection-rules"), text)
    context = {
        "form": form if changing else None,
        "now": now,
        "items": [
            (now._meta.get_field(name).verbose_name, getattr(now, name))  # type: ignore[union-attr]
            for name in RULE_DAYS
        ],
        "rules": queries.rules(),
    }
    return page(request, "projects/protection_rules.html", context, status=422 if form.errors else 200)


def reception_of(request: SignedInRequest, public_id: str) -> FirstReception:
    """The reception of the register. Raises NotFound."""
    rows = access.receptions_visible_to(request.user).filter(public_id=public_id)
    held = rows.select_related("company", "person", "team").first()
    if held is None:
        raise NotFound(_("没有这条首报首接。"))
    return held


def _panel(
    request: SignedInRequest, form: Any, title: str, detail: str, label: str, note: str, back: str
) -> HttpResponse:
    context = {"form": form, "title": title, "detail": detail, "label": label, "note": note, "back": back}
    return page(
        request,
        "projects/protection_form.html",
        context,
        fragment="panel",
        status=422 if form.errors else 200,
    )


def _dispute_button(row: Any) -> SafeString | str:
    if row.own or row.state not in ("protected", "lapsing"):
        return ""
    url = reverse("projects:reception-arbitrate", args=[row.public_id])
    return link_button(_("仲裁"), url, kind="quiet", dialog=True, small=True)


def _company_url(row: Any) -> str:
    return reverse("projects:company", args=[row.company.public_id]) if row.seen else ""
