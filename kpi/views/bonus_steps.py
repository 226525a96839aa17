"""The steps of a team bonus, each a panel or a button: opening, plan, answers, decision, payment; and the standards."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kpi.access import bonus as access
from kpi.actions import bonus as actions
from kpi.actions import bonus_pay as payments
from kpi.actions import bonus_plan as plans
from kpi.actions.bonus_rate import adopt_bonus_rates, end_bonus_rate, settle_bonus_rate
from kpi.bonus_arithmetic import pool_of
from kpi.forms import bonus as forms
from kpi.models import BonusRate, BonusShare, TeamBonus
from kpi.queries import bonus as queries
from kpi.views.bonus import address_of
from projects.access import shown_names
from projects.queries.key_project import figures_of
from promotion.errors import NotAllowed
from promotion.web.formats import number
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to

SPARE_LINES = 4
LATEST = 50


@require_http_methods(["GET", "POST"])
def bonus_open(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Open the bonus of a recognition by the standard, or with another pool and a reason."""
    if not access.can_open_bonuses(request.user):
        raise NotAllowed(_("团队奖励由人事或分管领导设立。"))
    held = get_object_or_404(queries.candidates(request.user), public_id=public_id)
    rate = queries.rate_on(held.project_class, held.recognised_on or timezone.localdate())
    base = figures_of(held.project, timezone.localdate()).amounts["contract"]
    computed = pool_of(rate.measure, rate.amount, rate.per_mille, rate.cap, base) if rate else None
    initial = {"pool": forms.in_yuan(computed)} if computed else {}
    note = (
        _("按标准 %(amount)s 元（已认定签约额 %(base)s 元）。")
        % {"amount": number(computed), "base": number(base)}
        if computed
        else _("认定之日没有奖励标准，或没有已认定的签约额。")
    )

    def perform(given: dict[str, Any]) -> TeamBonus:
        given.pop("seen")
        # The standard's own pool is left to the action, which takes off what the project had before.
        if given["pool"] == computed:
            given.pop("pool")
        return actions.open_bonus(actor=request.user, recognition=held, **given)

    return _panel(
        request,
        forms.PoolForm(request.POST or None, initial=initial),
        perform,
        (_("设立团队奖励"), held.project.name, reverse("kpi:bonus-candidates")),
        _("团队奖励已设立，请队长提出分配方案。"),
        note,
    )


@require_http_methods(["GET", "POST"])
def bonus_pool(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Set another pool."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_approve_bonuses(request.user), _("奖励总额由分管领导调整。"))
    form = forms.PoolForm(
        request.POST or None, initial={"pool": forms.in_yuan(found.pool), "seen": found.version}
    )
    note = _("按标准 %(amount)s 元（已认定签约额 %(base)s 元）。") % {
        "amount": number(found.computed),
        "base": number(found.base),
    }
    return _step(request, found, form, actions.set_pool, _("调整奖励总额"), _("奖励总额已调整。"), note)


@require_http_methods(["GET", "POST"])
def bonus_end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """End a bonus."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_approve_bonuses(request.user), _("奖励由分管领导终止。"))
    form = forms.ReasonForm(request.POST or None, initial={"seen": found.version})
    note = _("终止以后不再有新的到期；已到期和已发放的不变。")
    return _step(request, found, form, actions.end_bonus, _("终止奖励"), _("团队奖励已终止。"), note)


@require_http_methods(["GET", "POST"])
def bonus_plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Propose the distribution, from the plan before or the shares of the credit."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_distribute(request.user, found), _("分配方案由团队研究、队长提出；请把意见告诉队长。"))
    before = next((one for one in queries.plans_of(found) if one.state in queries.IN_COURSE), None)
    data = request.POST or None
    lines = forms.PlanFormSet(
        data,
        initial=[
            *(
                {"person": person.public_id, "percent": percent}
                for person, percent in queries.suggestion(found)
            ),
            *([{}] * SPARE_LINES),
        ],
        people=people_visible_to(request.user).order_by("staff_number"),
    )
    form = forms.PlanForm(data, before=before, initial={"seen": found.version})
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form,
            lambda: plans.propose_plan(
                actor=request.user,
                bonus=found,
                shares=lines.shares(),
                note=given["note"],
                replies=form.replies(),
                seen=given["seen"],
            ),
        )
        if made is not None:
            return done(request, address_of(found), _("分配方案已提出，请各成员确认。"))
    wrong = request.method == "POST" and bool(form.errors or lines.total_error_count())
    phases, whole = queries.phases_to_come(found)
    context = {
        "bonus": found,
        "name": shown_names(request.user, [found.project])[found.project_id],
        "form": form,
        "lines": lines,
        "whole": whole,
        "phases": phases,
    }
    return page(request, "kpi/bonus_plan.html", context, status=422 if wrong else 200)


@require_POST
def bonus_confirm(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Agree with one's own share."""
    found, share = _share(request, public_id, pk)
    seen = request.POST.get("seen", "")
    plans.confirm_share(actor=request.user, share=share, seen=int(seen) if seen.isdecimal() else None)
    return done(request, address_of(found), _("您已确认分配方案。"))


@require_http_methods(["GET", "POST"])
def bonus_object(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Object to the plan."""
    found, share = _share(request, public_id, pk)
    _need(share.person_id == request.user.person_id, _("每个人只能答复自己的份额。"))
    form = forms.ObjectionForm(request.POST or None, initial={"seen": share.version})
    return _answer(
        request, found, form, share, plans.object_to_share, _("提出异议"), _("异议已提出，队长会答复。")
    )


@require_http_methods(["GET", "POST"])
def bonus_reply(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Answer an objection without changing the plan."""
    found, share = _share(request, public_id, pk)
    _need(access.can_distribute(request.user, found), _("异议由提出方案的队长答复。"))
    form = forms.ReplyForm(request.POST or None, initial={"seen": share.version})
    return _answer(
        request,
        found,
        form,
        share,
        plans.reply_to_objection,
        _("答复异议"),
        _("已答复，请成员再确认。"),
        share.objection,
    )


@require_http_methods(["GET", "POST"])
def bonus_record(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Write down what a member says who has left."""
    found, share = _share(request, public_id, pk)
    _need(access.can_pay_bonuses(request.user), _("离职成员的答复由人事登记。"))
    form = forms.AnswerForm(request.POST or None, initial={"seen": share.version})
    return _answer(
        request, found, form, share, plans.record_answer, _("登记答复"), _("答复已登记。"), share.person.name
    )


@require_POST
def bonus_submit(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand the confirmed plan to a manager."""
    found = queries.visible_bonus(request.user, public_id)
    plans.submit_plan(actor=request.user, bonus=found)
    return done(request, address_of(found), _("分配方案已提交，由分管领导审批。"))


@require_http_methods(["GET", "POST"])
def bonus_approve(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Approve the plan."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_approve_bonuses(request.user), _("分配方案由分管领导审批。"))
    form = forms.ApprovePlanForm(request.POST or None, initial={"seen": found.version})
    return _step(
        request, found, form, plans.approve_plan, _("批准方案"), _("分配方案已批准，到期的阶段已入账。")
    )


@require_http_methods(["GET", "POST"])
def bonus_return(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Give the plan back."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_approve_bonuses(request.user), _("分配方案由分管领导审批。"))
    form = forms.ReasonForm(request.POST or None, initial={"seen": found.version})
    return _step(request, found, form, plans.return_plan, _("退回方案"), _("分配方案已退回。"))


@require_POST
def bonus_follow(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Bring what is due in line with the milestones of today."""
    found = queries.visible_bonus(request.user, public_id)
    posted = payments.follow_bonus(actor=request.user, bonus=found)
    text = _("已入账 %(count)s 笔。") % {"count": len(posted)} if posted else _("里程碑没有变化。")
    return done(request, address_of(found), text)


@require_http_methods(["GET", "POST"])
def bonus_pay(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write down a payment of everything due."""
    found = queries.visible_bonus(request.user, public_id)
    _need(access.can_pay_bonuses(request.user), _("奖励由人事发放和登记。"))
    form = forms.PayForm(request.POST or None, initial={"seen": found.version})
    amount: Any = found.open_sum  # type: ignore[attr-defined]
    note = _("应发未发合计 %(amount)s 元；负数是应扣回的。") % {"amount": number(amount)}
    return _step(request, found, form, payments.pay_bonus, _("登记发放"), _("发放已登记。"), note)


@require_http_methods(["GET", "POST"])
def bonus_rates(request: SignedInRequest) -> HttpResponse:
    """The standards of today and of other times, and the form for whoever settles them."""
    can_set = access.can_set_bonus_rates(request.user)
    _need(can_set or request.method == "GET", _("团队奖励标准由分管领导设定；请把建议告诉分管领导。"))
    form = forms.RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: settle_bonus_rate(actor=request.user, **form.values()))
        if made is not None:
            return done(request, reverse("kpi:bonus-rates"), _("奖励标准已设定。"))
    today = timezone.localdate()
    rows = access.bonus_rates_visible_to(request.user).select_related("set_by").prefetch_related("phases")
    listed = list(rows.order_by("-holds_from", "-pk")[:LATEST])
    held = [
        row
        for row in listed
        if row.holds_from <= today and (row.holds_until is None or row.holds_until > today)
    ]
    context = {
        "held": held,
        "others": [row for row in listed if row not in held],
        "form": form if can_set else None,
        "may_adopt": can_set and not listed,
    }
    return page(request, "kpi/bonus_rates.html", context, status=422 if form.errors else 200)


@require_POST
def bonus_rates_adopt(request: SignedInRequest) -> HttpResponse:
    """Begin with the suggested standards."""
    adopt_bonus_rates(actor=request.user)
    return done(request, reverse("kpi:bonus-rates"), _("已采用建议标准，请逐条核对。"))


@require_http_methods(["GET", "POST"])
def bonus_rate_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a standard on a day."""
    _need(access.can_set_bonus_rates(request.user), _("团队奖励标准由分管领导设定；请把建议告诉分管领导。"))
    rate = get_object_or_404(BonusRate, pk=pk)
    return _panel(
        request,
        forms.EndRateForm(request.POST or None),
        lambda given: end_bonus_rate(actor=request.user, rate=rate, **given),
        (_("停用标准"), str(rate), reverse("kpi:bonus-rates")),
        _("标准已停用，已设立的奖励不变。"),
    )


def _need(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise NotAllowed(sentence)


def _share(request: SignedInRequest, public_id: str, pk: int) -> tuple[TeamBonus, BonusShare]:
    """A share of a bonus that the account sees."""
    found = queries.visible_bonus(request.user, public_id)
    rows = BonusShare.objects.filter(plan__bonus=found).select_related("person", "plan")
    return found, get_object_or_404(rows, pk=pk)


def _step(
    request: SignedInRequest,
    found: TeamBonus,
    form: Any,
    perform: Callable[..., Any],
    title: str,
    text: str,
    note: str = "",
) -> HttpResponse:
    """A panel that does something with the bonus."""
    name = shown_names(request.user, [found.project])[found.project_id]
    return _panel(
        request,
        form,
        lambda given: perform(actor=request.user, bonus=found, **given),
        (title, name, address_of(found)),
        text,
        note,
    )


def _answer(
    request: SignedInRequest,
    found: TeamBonus,
    form: Any,
    share: BonusShare,
    perform: Callable[..., Any],
    title: str,
    text: str,
    note: str = "",
) -> HttpResponse:
    """A panel that does something with a share."""
    name = shown_names(request.user, [found.project])[found.project_id]
    return _panel(
        request,
        form,
        lambda given: perform(actor=request.user, share=share, **given),
        (title, name, address_of(found)),
        text,
        note,
    )


def _panel(
    request: SignedInRequest,
    form: Any,
    perform: Callable[[dict[str, Any]], Any],
    words: tuple[str, str, str],
    text: str,
    note: str = "",
) -> HttpResponse:
    """A form in the shared dialog or as a page; the action on a clean POST. `words`: title, detail, the way back."""
    title, detail, back = words
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: perform(dict(form.cleaned_data)))
        if made is not None:
            url = address_of(made) if isinstance(made, TeamBonus) else back
            return done(request, url, text)
    context = {"form": form, "title": title, "detail": detail, "back": back, "note": note}
    return page(
        request, "kpi/bonus_panel.html", context, fragment="panel", status=422 if form.errors else 200
    )
