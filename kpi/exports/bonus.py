"""Papers of the team bonus: the distribution to sign under either name of the body, and the payments for HR."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kpi.access import bonus as access
from kpi.filters import BonusFilter
from kpi.models import BonusLine, BonusPlan, PlanState, TeamBonus
from kpi.queries import bonus as queries
from projects.access import shown_names
from promotion.action import VERBS, record
from promotion.errors import NotAllowed, Refused
from promotion.papers.layouts import FORMS, Column, Layout, Part, layout_response
from promotion.web.exports import note_export
from promotion.web.formats import number
from promotion.web.requests import SignedInRequest
from staff.models import BodyName

VERBS["bonus.export-plan"] = gettext_lazy("导出奖励分配方案")
VERBS["bonus.export-payments"] = gettext_lazy("导出奖励发放表")
MOST_ROWS = 20_000


@require_GET
def bonus_paper(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The newest plan that was not put aside, as PDF, Word or XLSX (`form`), under either name (`body`)."""
    bonus = queries.visible_bonus(request.user, public_id)
    plan = next((one for one in queries.plans_of(bonus) if one.state != PlanState.CHANGED), None)
    if plan is None:
        raise Refused(_("还没有分配方案，先由队长提出。"))
    asked = request.GET.get("body", "")
    body = BodyName(asked if asked in BodyName.values else BodyName.CENTRE)
    form: Any = request.GET.get("form", "pdf")
    record(actor=request.user, verb="bonus.export-plan", target=bonus, detail={"plan": plan.number})
    name = shown_names(request.user, [bonus.project])[bonus.project_id]
    with translation.override(settings.LANGUAGE_CODE):
        layout = plan_layout(bonus, plan, name, str(body.label))
        return layout_response(
            layout, form if form in FORMS else "pdf", _("招引团队奖励分配方案_%(name)s") % {"name": name}
        )


def plan_layout(bonus: TeamBonus, plan: BonusPlan, name: str, body: str) -> Layout:
    """The plan as a table with a line to sign for each member, and who proposes and approves below."""
    shares = list(plan.shares.all())
    rows = [
        [
            place,
            share.person.name,
            share.person.staff_number,
            share.percent,
            share.amount,
            str(share.get_answer_display()),
            "　",
        ]
        for place, share in enumerate(shares, start=1)
    ]
    total = [
        None,
        _("合计"),
        None,
        sum(share.percent for share in shares),
        sum(share.amount for share in shares),
        None,
        None,
    ]
    phases = "；".join(
        f"{one.get_milestone_display()} {one.percent:f}%" for one in bonus.phases.order_by("position")
    )
    facts = [
        (_("项目"), f"{name}（{bonus.project.code}）"),
        (_("团队"), bonus.team.name),
        (_("认定等级"), str(bonus.recognition.get_project_class_display())),
        (_("奖励总额（元）"), number(bonus.pool)),
        (_("发放阶段"), phases),
    ]
    return Layout(
        title=_("招引团队奖励分配方案"),
        subtitle=_("第 %(number)s 版 · %(state)s")
        % {"number": plan.number, "state": plan.get_state_display()},
        body=body,
        facts=facts,
        parts=[Part(columns=_plan_columns(), rows=rows, totals=[total], note=plan.note)],
        notes=[_("本方案由团队集体研究，按里程碑认定分阶段发放；里程碑冲销或认定撤销的，相应冲回。")],
        signatures=[_("队长"), _("分管领导")],
        signed_by=body,
        dated_on=plan.approved_on,
    )


def _plan_columns() -> list[Column]:
    return [
        Column(_("序号"), 6, "integer"),
        Column(_("姓名"), 12),
        Column(_("工号"), 12),
        Column(_("比例（%）"), 10, "number"),
        Column(_("金额（元）"), 16, "number"),
        Column(_("确认情况"), 12),
        Column(_("签字"), 18),
    ]


@require_GET
def bonus_payments(request: SignedInRequest) -> HttpResponse:
    """Every line of the bonuses that the list shows, for HR, managers and auditors: XLSX (or `form`), audited."""
    if not access.sees_bonuses(request.user):
        raise NotAllowed(_("奖励发放表由人事、分管领导和纪检审计导出。"))
    found = BonusFilter(request.GET, queryset=queries.listed_bonuses(request.user), request=request).qs
    lines = BonusLine.objects.filter(part__share__plan__bonus__in=found.order_by().values("pk"))
    note_export(request, verb="bonus.export-payments", rows=lines, most=MOST_ROWS)
    told = lines.select_related(
        "part__share__person", "part__phase__bonus__project", "part__phase__bonus__team", "payout"
    ).order_by("part__share__person__staff_number", "pk")
    rows = list(told)
    names = shown_names(request.user, [line.part.phase.bonus.project for line in rows])
    asked: Any = request.GET.get("form", "xlsx")
    layout = payments_layout(rows, names)
    return layout_response(layout, asked if asked in FORMS else "xlsx", _("招引团队奖励发放表"))


def payments_layout(lines: list[BonusLine], names: dict[int, str]) -> Layout:
    """A row a line, in the order of the people; taken back lines are negative."""
    rows = [_line(line, names) for line in lines]
    total = sum(line.amount for line in lines)
    paid = sum(line.amount for line in lines if line.payout_id)
    columns = [
        Column(_("工号"), 10),
        Column(_("姓名"), 10),
        Column(_("项目"), 26),
        Column(_("团队"), 16),
        Column(_("阶段"), 10),
        Column(_("金额（元）"), 14, "number"),
        Column(_("应发日期"), 12, "date"),
        Column(_("事由"), 28),
        Column(_("发放日期"), 12, "date"),
    ]
    totals = [
        [_("合计"), None, None, None, None, total, None, None, None],
        [_("其中已发放"), None, None, None, None, paid, None, None, None],
    ]
    return Layout(
        title=_("招引团队奖励发放表"),
        body=str(settings.BODY_NAMES[0]),
        parts=[Part(columns=columns, rows=rows, totals=totals)],
        signatures=[_("制表"), _("审核")],
        landscape=True,
    )


def _line(line: BonusLine, names: dict[int, str]) -> list[Any]:
    person, phase = line.part.share.person, line.part.phase
    bonus = phase.bonus
    return [
        person.staff_number,
        person.name,
        names[bonus.project_id],
        bonus.team.name,
        str(phase.get_milestone_display()),
        line.amount,
        line.due_on,
        line.reason,
        line.payout.paid_on if line.payout else None,
    ]
