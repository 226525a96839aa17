"""The awards of a year: proposals with their figures, what people decide, and what is granted."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi import actions
from kpi.access import award as access
from kpi.forms.award import AwardApprovalForm, AwardDecisionForm
from kpi.models import AwardDecision
from kpi.queries.award import (
    AwardBoard,
    AwardRow,
    board_of,
    boards_of,
    decided_years,
    granted_of,
    with_followed,
)
from kpi.queries.course import decisive_run
from kpi.queries.run import assessed_years
from kpi.views.score import asked_year
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import assessed_teams_visible_to, people_visible_to
from staff.access.concern import is_concerned
from staff.models import BodyName, Person, Team


def awards_url(year: int) -> str:
    """The awards of the year. Without a place on the page: going to where one is already would not load it again."""
    return f"{reverse('kpi:awards')}?year={year}"


@require_GET
def awards(request: SignedInRequest) -> HttpResponse:
    """Everybody reads what is granted; who decides and watches sees the proposals beside it."""
    year = asked_year(request)
    run = decisive_run(year)
    sees = access.sees_award_proposals(request.user)
    granted = list(granted_of(request.user, year))
    context: dict[str, Any] = {
        "year": year,
        "years": sorted({*assessed_years(), *decided_years()}, reverse=True),
        "run": run,
        "granted": granted,
        "boards": [_with_rights(request, board) for board in with_followed(boards_of(year, run))]
        if sees
        else [],
        "sees_proposals": sees,
        "can_take": access.can_take_certificates(request.user) and bool(granted),
        "bodies": BodyName.choices,
    }
    return page(request, "kpi/awards.html", context)


def _with_rights(request: SignedInRequest, board: AwardBoard) -> dict[str, Any]:
    """A board with what the account may do on it."""
    concerned = is_concerned(request.user, board.people, board.teams)
    proposes = access.can_propose_awards(request.user) and not concerned
    submitted = board.submitted
    own = any(one.proposed_by_id == request.user.pk for one in submitted)
    clear = [row for row in board.waiting if row.candidate and not row.candidate.is_tied]
    return {
        "board": board,
        "anchor": f"award-{board.code}",
        "words": " · ".join(part for part in (board.clause, board.words) if part),
        "concerned": concerned,
        "may_decide": proposes,
        "may_accept": proposes
        and any(row.candidate and not row.candidate.undecided for row in clear)
        and not (board.is_warning and board.people),
        "may_submit": proposes and bool(board.drafts) and not board.waiting,
        "may_approve": access.can_approve_awards(request.user)
        and bool(submitted)
        and not concerned
        and not own,
    }


def watched_board(request: SignedInRequest, year: int, award: str) -> AwardBoard:
    """One award, for those who decide and watch. Raises NotAllowed, NotFound."""
    if not access.sees_award_proposals(request.user):
        raise NotAllowed(_("评奖建议由人事、分管领导和纪检审计查看；批准以后全体可看。"))
    found = board_of(year, decisive_run(year), award)
    if found is None:
        raise NotFound(_("%(year)s 年度没有这个奖项，或者还没有核算。") % {"year": year})
    return found


@require_http_methods(["GET", "POST"])
def award_decide(request: SignedInRequest, year: int, award: str, kind: str, public_id: str) -> HttpResponse:
    """Decide about one subject of an award."""
    board = watched_board(request, year, award)
    if not access.can_propose_awards(request.user):
        raise NotAllowed(_("评奖由人事拟定，由分管领导审批。"))
    subject = _subject(request, kind, public_id)
    row = next((one for one in board.rows if one.subject == subject), AwardRow(None, None))
    if row.candidate is None:
        raise NotFound(_("%(name)s不在这个奖项的名次上，不能授予。") % {"name": subject})
    form = AwardDecisionForm(
        request.POST or None,
        initial=_initial(row.decision, row),
        is_warning=board.is_warning,
        follows=board.is_warning and row.is_person,
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        saved = attempt(
            form,
            lambda: actions.decide_award(
                actor=request.user, year=year, award=award, subject=subject, **typed
            ),
        )
        if saved is not None:
            return done(request, awards_url(year), _("已保存，提交后由分管领导审批。"))
    title = _("%(award)s：%(name)s") % {"award": board.title, "name": row.name}
    return panel(request, form, title, gettext_lazy("保存"), awards_url(year), explain=row.candidate.reason)


def _initial(decision: AwardDecision | None, row: AwardRow) -> dict[str, Any]:
    """What was decided, else what is proposed where that is clear."""
    if decision is not None:
        names = ("outcome", "consequence", "reason")
        return {"seen": decision.version, **{name: getattr(decision, name) for name in names}}
    clear = row.candidate is not None and not (row.candidate.is_tied or row.candidate.undecided)
    if not clear or row.candidate is None:
        return {}
    return {"outcome": "withheld" if row.candidate.passed_over else "granted"}


def _subject(request: SignedInRequest, kind: str, public_id: str) -> Person | Team:
    rows: Any = (
        people_visible_to(request.user) if kind == "person" else assessed_teams_visible_to(request.user)
    )
    found: Person | Team | None = rows.filter(public_id=public_id).first()
    if found is None or kind not in ("person", "team"):
        raise NotFound(_("没有这个人或团队。"))
    return found


@require_POST
def award_accept(request: SignedInRequest, year: int, award: str) -> HttpResponse:
    """Write down what is clearly proposed."""
    made = actions.accept_award_proposals(actor=request.user, year=year, award=award)
    return done(request, awards_url(year), _("已按建议拟定 %(count)s 项。") % {"count": len(made)})


@require_POST
def award_submit(request: SignedInRequest, year: int, award: str) -> HttpResponse:
    """Hand the decisions on an award to a manager."""
    actions.submit_awards(actor=request.user, year=year, award=award)
    return done(request, awards_url(year), _("已提交，等分管领导审批。"))


@require_http_methods(["GET", "POST"])
def award_approve(request: SignedInRequest, year: int, award: str) -> HttpResponse:
    """Approve what is submitted of an award, or give it back."""
    board = watched_board(request, year, award)
    if not access.can_approve_awards(request.user):
        raise NotAllowed(_("评奖由分管领导审批。"))
    form = AwardApprovalForm(request.POST or None, initial={"seen": board.stamp})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        decided = attempt(
            form, lambda: actions.approve_awards(actor=request.user, year=year, award=award, **typed)
        )
        if decided is not None:
            return done(request, awards_url(year), _("审批已保存。"))
    title = _("审批：%(award)s") % {"award": board.title}
    back = awards_url(year)
    return panel(request, form, title, gettext_lazy("保存"), back, decisions=board.submitted)


def panel(
    request: SignedInRequest, form: Any, title: Any, label: Any, back: str, **more: Any
) -> HttpResponse:
    """A form of an award in the shared dialog, or as a page."""
    context = {"form": form, "title": title, "label": label, "back": back, **more}
    return page(
        request, "kpi/award_panel.html", context, fragment="panel", status=422 if form.errors else 200
    )
