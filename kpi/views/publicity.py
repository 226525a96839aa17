"""The publicity of a year: the list that everybody reads and answers, and its steps from the draft to the final list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi.access import can_export_ranking
from kpi.access.publicity import can_publicise, sees_replies
from kpi.actions.publicity import (
    announce_publicity,
    confirm_result,
    draft_publicity,
    withdraw_publicity,
)
from kpi.actions.publicity_final import finalise_publicity
from kpi.forms.publicity import DraftForm, FinaliseForm, SeenForm, WithdrawForm
from kpi.models import Publicity, PublicityState, Standing
from kpi.queries import standing as standings
from kpi.queries.objection import listed_objections
from kpi.queries.publicity import (
    Reply,
    own_standings,
    publicities_of,
    reply_words,
    shown_publicity,
    tally_of,
    undecided_words,
    visible_publicity,
)
from kpi.queries.publicity_again import may_draft_after
from kpi.queries.run import assessed_years, current_run
from kpi.views.score import asked_year, is_own
from promotion.errors import NotAllowed
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import posts_of
from staff.models import BodyName


def address_of(publicity: Publicity) -> str:
    """The page of one publicity."""
    return reverse("kpi:publicity-of", args=[publicity.public_id])


@require_GET
def publicity(request: SignedInRequest) -> HttpResponse:
    """The publicity of a year that matters now; an empty page before there is one."""
    year = asked_year(request)
    found = shown_publicity(request.user, year)
    if found is None:
        context = {"publicity": None, **year_context(request, year)}
        return page(request, "kpi/publicity.html", context)
    return page(request, "kpi/publicity.html", publicity_context(request, found), fragment="body")


@require_GET
def publicity_of(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One publicity, a withdrawn or interim one as well."""
    found = visible_publicity(request.user, public_id)
    return page(request, "kpi/publicity.html", publicity_context(request, found), fragment="body")


def year_context(request: SignedInRequest, year: int) -> dict[str, Any]:
    """What a year's page shows whether there is a publicity or not."""
    run = current_run(year)
    return {
        "year": year,
        "years": assessed_years(),
        "present": run,
        "undecided": undecided_words(run) if run and can_publicise(request.user) else "",
        "may_draft": can_publicise(request.user) and run is not None,
        "draft_url": f"{reverse('kpi:publicity-draft')}?year={year}",
        "ranking_url": f"{reverse('kpi:ranking')}?year={year}",
    }


def publicity_context(request: SignedInRequest, found: Publicity) -> dict[str, Any]:
    """The list with the own rows on top, and what the reader may do."""
    today = timezone.localdate()
    is_over = found.is_over_on(today) or found.is_settled
    own = [
        (one, reply_words(one.reply, is_over=is_over), Reply(one.reply).tone)
        for one in own_standings(request.user, found)
    ]
    context = {
        "publicity": found,
        "marks": [(_("阶段公示"), "accent")] if found.is_interim else [],
        "is_open": found.is_open_on(today),
        "is_over": found.is_over_on(today),
        "own": own,
        "others": publicities_of(request.user, found.year).exclude(pk=found.pk),
        "objections": listed_objections(request.user, found),
        "may_see_changes": found.final_run_id is not None
        or (found.opens_on is not None and sees_replies(request.user)),
        "may_export": found.opens_on is not None and can_export_ranking(request.user),
        "bodies": BodyName.choices,
        **year_context(request, found.year),
        **list_context(request, found),
        **step_context(request, found, today),
    }
    if sees_replies(request.user) and found.opens_on is not None:
        context["tally"] = tally_context(found, is_over=is_over)
    return context


def list_context(request: SignedInRequest, found: Publicity) -> dict[str, Any]:
    """The ranking of one group, of the final run where there is one."""
    run = found.final_run or found.run
    groups = standings.groups_of(run)
    codes = [group.code for group in groups]
    asked = request.GET.get("group", "")
    group = asked if asked in codes else (codes[0] if codes else "")
    listed = list(standings.ranking_of_run(request.user, run, group))
    own_teams = posts_of(request.user).seen
    return {
        "run": run,
        "groups": [
            {"label": one.title, "url": f"{address_of(found)}?group={one.code}", "active": one.code == group}
            for one in groups
        ],
        "standings": listed,
        "people": any(one.person_id for one in listed),
        "merits": any(one.merit for one in listed),
        "tied": standings.tied_ranks(listed),
        "own_rows": {one.pk for one in listed if is_own(request, one, own_teams)},
    }


def step_context(request: SignedInRequest, found: Publicity, today: Any) -> dict[str, Any]:
    """Which steps are the reader's to do now."""
    may = can_publicise(request.user)
    is_second = may and found.drafted_by_id != request.user.pk
    is_draft, is_open = found.state == PublicityState.DRAFT, found.state == PublicityState.OPEN
    return {
        "may_redraft": may and is_draft,
        "may_announce": is_second and is_draft,
        "waits_for_second": may and not is_second and is_draft,
        "may_withdraw": may and (is_draft or is_open),
        "may_finalise": is_second and found.is_over_on(today),
        "may_draft": may and may_draft_after(found),
    }


def tally_context(found: Publicity, *, is_over: bool) -> list[tuple[str, int, str]]:
    """How many gave each reply, with the list of them."""
    base = reverse("kpi:publicity-replies", args=[found.public_id])
    counts = tally_of(found)
    return [
        (reply_words(reply, is_over=is_over), counts[reply], f"{base}?reply={reply.value}") for reply in Reply
    ]


@require_http_methods(["GET", "POST"])
def publicity_draft(request: SignedInRequest) -> HttpResponse:
    """Draft the publicity of a year, or draft it anew with the present result."""
    need_publicist(request)
    year = asked_year(request)
    drafted = publicities_of(request.user, year).filter(state=PublicityState.DRAFT).first()
    initial = (
        {name: getattr(drafted, name) for name in ("days", "contact", "note", "body_name")} if drafted else {}
    )
    form = DraftForm(request.POST or None, initial={**initial, "seen": drafted.version if drafted else None})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: draft_publicity(actor=request.user, year=year, **form.cleaned_data))
        if made is not None:
            return done(request, address_of(made), _("已拟定，等另一位人事或分管领导发布。"))
    run = current_run(year)
    words = {"year": year, "number": run.number if run else "—", "day": run.as_of.isoformat() if run else "—"}
    explain = _("公示 %(year)s 年第 %(number)s 次核算的结果（截至 %(day)s）；发布后这一批冻结。") % words
    back = f"{reverse('kpi:publicity')}?year={year}"
    return panel(request, form, _("拟定公示"), back, explain=explain)


@require_http_methods(["GET", "POST"])
def publicity_announce(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Announce what another person drafted."""
    need_publicist(request)
    found = visible_publicity(request.user, public_id)
    form = SeenForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: announce_publicity(actor=request.user, publicity=found, **form.cleaned_data)
        )
        if made is not None:
            return done(request, address_of(found), _("已发布，相关人员会收到通知。"))
    words = {"number": found.run.number, "days": found.days}
    explain = _("第 %(number)s 批从今天起公示 %(days)s 个工作日，发布后不能更换。") % words
    return panel(request, form, _("发布公示"), address_of(found), explain=explain)


@require_http_methods(["GET", "POST"])
def publicity_withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a draft or a publicity that runs back."""
    need_publicist(request)
    found = visible_publicity(request.user, public_id)
    form = WithdrawForm(request.POST or None, initial={"seen": found.version})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: withdraw_publicity(actor=request.user, publicity=found, **form.cleaned_data)
        )
        if made is not None:
            return done(request, address_of(found), _("已撤回。"))
    explain = _("撤回后，已有的确认和异议只供查阅；重新公示时各人要重新答复。")
    return panel(request, form, _("撤回公示"), address_of(found), explain=explain)


@require_http_methods(["GET", "POST"])
def publicity_finalise(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Draw the final list."""
    need_publicist(request)
    found = visible_publicity(request.user, public_id)
    run = current_run(found.year)
    initial = {"seen": found.version, "seen_run": run.public_id if run else ""}
    form = FinaliseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: finalise_publicity(actor=request.user, publicity=found, **form.cleaned_data)
        )
        if made is not None:
            return done(request, address_of(found), _("已定案，相关人员会收到通知。"))
    words = {"number": run.number if run else "—"}
    explain = _("以第 %(number)s 批为准定案；评奖、等次和薪酬从此以它为准。") % words
    return panel(request, form, _("定案"), address_of(found), explain=explain)


@require_POST
def publicity_confirm(request: SignedInRequest, public_id: str, pk: int) -> HttpResponse:
    """Confirm one's own result, or that of a team one leads."""
    found = visible_publicity(request.user, public_id)
    standing = get_object_or_404(Standing, pk=pk, run=found.run_id)
    confirm_result(actor=request.user, publicity=found, standing=standing)
    return done(request, address_of(found), _("已确认“%(name)s”的结果。") % {"name": standing.subject_name})


def need_publicist(request: SignedInRequest) -> None:
    if not can_publicise(request.user):
        raise NotAllowed(_("考核公示由人事或分管领导拟定、发布和定案；请联系他们。"))


def panel(
    request: SignedInRequest, form: Any, title: str, back: str, *, explain: str = "", about: str = ""
) -> HttpResponse:
    """A form of a publicity, in the shared dialog or as a page."""
    context = {"form": form, "title": title, "about": about, "back": back, "explain": explain}
    status = 422 if form.errors else 200
    return page(request, "kpi/publicity_panel.html", context, fragment="panel", status=status)
