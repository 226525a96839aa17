"""Team bonuses: the list of a year, what waits to be opened, one bonus with its plan and payments, the card on the project."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kpi.access import bonus as access
from kpi.filters import BonusFilter
from kpi.models import BonusState, PlanState, ShareAnswer, TeamBonus
from kpi.queries import bonus as queries
from projects.access import shown_names
from projects.queries.project import visible_project
from projects.views.list_cells import two_lines
from promotion.web.components import badge
from promotion.web.formats import day, number
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import page
from promotion.web.requests import SignedInRequest
from staff.models import BodyName

TONES = {
    BonusState.PLANNING: "attention", BonusState.CONFIRMING: "attention", BonusState.SUBMITTED: "attention",
    BonusState.APPROVED: "done", BonusState.ENDED: "plain",
}  # fmt: skip
ANSWER_TONES = {
    ShareAnswer.WAITING: "attention",
    ShareAnswer.CONFIRMED: "done",
    ShareAnswer.OBJECTED: "alarm",
}
PLAN_TONES = {PlanState.APPROVED: "done", PlanState.RETURNED: "alarm", PlanState.CHANGED: "plain"}


def address_of(bonus: TeamBonus) -> str:
    return reverse("kpi:bonus", args=[bonus.public_id])


@require_GET
def bonuses(request: SignedInRequest) -> HttpResponse:
    """The bonuses one sees, with state and sums; one's own that wait for an answer first."""
    names: dict[int, str] = {}
    listing = ListPage(
        request=request,
        queryset=queries.listed_bonuses(request.user),
        layout=_layout(names),
        row_url=address_of,
        default_sort="turn",
        filterset=BonusFilter,
        url_name="kpi:bonuses",
        export_url=reverse("kpi:bonus-payments") if access.can_pay_bonuses(request.user) else "",
        empty={
            "title": _("没有您能看到的团队奖励"),
            "text": _("重大项目认定后由人事设立奖励；您有份额或带领的团队的奖励会列在这里。"),
        },
    )
    names.update(shown_names(request.user, [row.project for row in listing.page.object_list]))
    waiting = queries.candidates(request.user).count()
    context = {"title": _("团队奖励"), "waiting": waiting, "may_open": access.can_open_bonuses(request.user)}
    return list_page(request, "kpi/bonus_list.html", listing, context)


def _money(name: str, label: Any, **more: Any) -> Column:
    return Column(
        name,
        label,
        lambda row: number(getattr(row, name)),
        sort=name,
        align="end",
        total=Sum(name),
        show_total=number,
        **more,
    )


def _layout(names: dict[int, str]) -> tuple[Column, ...]:
    return (
        Column(
            "project",
            gettext_lazy("项目"),
            lambda row: two_lines(names.get(row.project_id, ""), row.team.name),
            sort="project__pinyin",
        ),
        Column("year", gettext_lazy("年度"), lambda row: row.year, sort="year", wide=True),
        Column("turn", gettext_lazy("状态"), _state, sort="turn"),
        _money("pool", gettext_lazy("奖励总额（元）")),
        _money("due_sum", gettext_lazy("已到期（元）"), wide=True),
        _money("paid_sum", gettext_lazy("已发放（元）")),
        _money("open_sum", gettext_lazy("应发未发（元）")),
    )


def _state(row: Any) -> str:
    if row.mine:
        return badge(_("待您确认"), "alarm")
    if row.objected:
        return badge(_("有异议"), "alarm")
    return badge(row.get_state_display(), TONES[BonusState(row.state)])


@require_GET
def candidates(request: SignedInRequest) -> HttpResponse:
    """Recognised key projects without a bonus, and the standard that would hold."""
    rows = list(queries.candidates(request.user).order_by("-recognised_on", "-pk")[:200])
    may_open = access.can_open_bonuses(request.user)
    return page(request, "kpi/bonus_candidates.html", {"rows": rows, "may_open": may_open})


@require_GET
def bonus(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One bonus: pool, plan with every answer, phases, what is due and paid, and what the account may do."""
    found = queries.visible_bonus(request.user, public_id)
    plans = queries.plans_of(found)
    course = next((one for one in plans if one.state in queries.IN_COURSE), None)
    table = queries.payment_table(found)
    own = (
        next((one for one in course.shares.all() if one.person_id == request.user.person_id), None)
        if course
        else None
    )
    context = {
        "bonus": found,
        "name": shown_names(request.user, [found.project])[found.project_id],
        "marks": [
            (found.get_state_display(), TONES[BonusState(found.state)]),
            (found.recognition.get_project_class_display(), "plain"),
        ],
        "plan": course,
        "answers": _answers(request, found, course),
        "own": own,
        "others": [
            (one, PLAN_TONES.get(PlanState(one.state), "attention")) for one in plans if one is not course
        ],
        "phases": queries.phase_standings(found),
        "table": table,
        "table_phases": _table_phases(table, found),
        "totals": _totals(table),
        "lines": queries.lines_of(found),
        "payouts": found.payouts.select_related("made_by").order_by("-paid_on", "-pk"),
        "bodies": BodyName.choices,
        **_rights(request, found, course),
    }
    return page(request, "kpi/bonus.html", context)


def _answers(request: SignedInRequest, found: TeamBonus, course: Any) -> list[dict[str, Any]]:
    """Each share of the plan in course with its answer, and what the account may do about it."""
    if course is None:
        return []
    distributes = access.can_distribute(request.user, found) and course.state == PlanState.OPEN
    records = access.can_pay_bonuses(request.user) and course.state == PlanState.OPEN
    today = timezone.localdate()
    return [
        {
            "share": share,
            "tone": ANSWER_TONES[ShareAnswer(share.answer)],
            "may_reply": distributes and share.answer == ShareAnswer.OBJECTED,
            "may_record": records and bool(share.person.left_on and share.person.left_on <= today),
        }
        for share in course.shares.all()
    ]


def _rights(request: SignedInRequest, found: TeamBonus, course: Any) -> dict[str, bool]:
    """What the account may do with the bonus as it stands."""
    actor, state = request.user, found.state
    decides = access.can_approve_bonuses(actor) and not (
        course is not None and access.has_share(actor, course)
    )
    distributes = access.can_distribute(actor, found)
    confirmed = course is not None and all(one.answer == ShareAnswer.CONFIRMED for one in course.shares.all())
    return {
        "may_propose": distributes
        and state in (BonusState.PLANNING, BonusState.CONFIRMING, BonusState.APPROVED),
        "may_submit": distributes and state == BonusState.CONFIRMING and confirmed,
        "may_approve": decides and state == BonusState.SUBMITTED,
        "may_set_pool": decides and state in (BonusState.PLANNING, BonusState.CONFIRMING),
        "may_end": decides and state != BonusState.ENDED,
        "may_follow": access.can_approve_bonuses(actor) or access.can_pay_bonuses(actor),
        "may_pay": access.can_pay_bonuses(actor) and found.open_sum != 0,  # type: ignore[attr-defined]
    }


def _table_phases(table: list[queries.MemberRow], found: TeamBonus) -> list[Any]:
    """The phases that the table has columns for."""
    return list(found.phases.order_by("position")) if table else []


def _totals(table: list[queries.MemberRow]) -> dict[str, Any]:
    names = ("amount", "due", "paid", "open", "to_come")
    return {name: sum(getattr(row, name) for row in table) for name in names} if table else {}


@require_GET
def project_bonus(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The card on the record of a project: its bonuses that the account may see; nothing where there is none."""
    project = visible_project(request.user, public_id)
    rows = queries.listed_bonuses(request.user).filter(project=project).order_by("-pk")
    told = [(row, TONES[BonusState(row.state)]) for row in rows]
    return page(request, "kpi/bonus_slot.html", {"rows": told, "today": day(timezone.localdate())})
