"""Runs: which there were, how one is getting on, starting one, and the ranking workbook."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from kpi import access
from kpi.actions.export import export_ranking
from kpi.actions.run import can_resume, cancel_run, recompute_run, request_run, resume_run
from kpi.exports import ranking_sheets, workbook_name
from kpi.filters import RunFilter
from kpi.models import Run
from kpi.queries import standing as standings
from kpi.queries.ledger import uncredited_achievements
from kpi.queries.movement import movement_of
from kpi.queries.run import Progress, current_run, progress_of, run_facts, runs_listed, years_to_recalculate
from kpi.scoring.periods import PERIODS
from projects.access import achievements_visible_to
from promotion.errors import NotFound, Refused
from promotion.web.formats import day, moment, number
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import done, is_fragment, page
from promotion.web.workbooks import workbook_response

COLUMNS = (
    Column("year", gettext_lazy("年度"), lambda run: run.year, sort="year"),
    Column("number", gettext_lazy("批次"), lambda run: run.number, sort="number", align="end"),
    Column("state", gettext_lazy("状态"), lambda run: run.get_state_display(), sort="state"),
    Column("as_of", gettext_lazy("截至"), lambda run: day(run.as_of), align="day", sort="as_of"),
    Column(
        "requested",
        gettext_lazy("发起时间"),
        lambda run: moment(run.requested_at),
        align="day",
        sort="requested_at",
    ),
    Column("by", gettext_lazy("发起人"), lambda run: run.requested_by or _("夜间定时")),
    Column("posted", gettext_lazy("入账"), lambda run: number(run.posted_count, 0), align="end"),
    Column("reversed", gettext_lazy("冲销"), lambda run: number(run.reversed_count, 0), align="end"),
    Column("scheme", gettext_lazy("细则"), lambda run: run.scheme),
    Column("fingerprint", gettext_lazy("输入指纹"), lambda run: run.fingerprint[:8] or "—"),
)


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first."""
    listing = ListPage(
        request=request,
        queryset=runs_listed(request.user),  # type: ignore[arg-type]
        layout=COLUMNS,
        row_url=lambda run: reverse("kpi:run", args=[run.public_id]),
        default_sort="-requested",
        filterset=RunFilter,
        url_name="kpi:runs",
        empty={
            "title": _("还没有核算过"),
            "text": _("发布考核细则之后，每晚 2:00 自动核算；也可以现在发起。"),
        },
    )
    return list_page(request, "kpi/run_list.html", listing, {"title": _("核算批次"), **_starting(request)})


def _starting(request: HttpRequest) -> dict[str, Any]:
    """The years that may be recalculated now, for those who may."""
    allowed = access.can_start_run(request.user)  # type: ignore[arg-type]
    return {"years": years_to_recalculate(timezone.localdate()) if allowed else []}


@require_GET
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """One run; while it is open the page asks again until it ends by itself."""
    found = runs_listed(request.user).select_related("previous").filter(public_id=public_id).first()  # type: ignore[arg-type]
    if found is None:
        raise NotFound(_("没有这次核算。"))
    progress = progress_of(found)
    if is_fragment(request) and not progress.is_open:
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "run": found,
        "progress": progress,
        "progress_label": _progress_label(progress),
        "current": current_run(found.year),
        "is_late": found.is_waiting_long(),
        "can_resume": bool(_starting(request)["years"]) and can_resume(found),
        **_starting(request),
    }
    if not progress.is_open:
        context |= _outcome(request, found)
    return page(request, "kpi/run_detail.html", context, fragment="state")


def _progress_label(progress: Progress) -> str:
    return _("%(step)s（第 %(place)s 步，共 %(count)s 步）") % {
        "step": progress.step,
        "place": progress.place,
        "count": progress.count,
    }


def _outcome(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What a finished run found."""
    visible = achievements_visible_to(request.user)  # type: ignore[arg-type]
    uncredited = uncredited_achievements(run.year).filter(pk__in=visible.values("pk"))
    return {
        "facts": run_facts(run),
        "movement": movement_of(request.user, run),  # type: ignore[arg-type]
        "undecided": standings.undecided_by_title(run),
        "awards": standings.candidates_shown(request.user, run),  # type: ignore[arg-type]
        "uncredited": uncredited.select_related("project")[:20],
        "can_export": access.can_export_ranking(request.user),  # type: ignore[arg-type]
        "can_recompute": access.can_recompute(request.user),  # type: ignore[arg-type]
    }


@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """Ask for a recalculation and show how it gets on."""
    year = _year(request.POST.get("year", ""))
    full = request.POST.get("full") == "yes"
    until = _end_of(year, request.POST.get("period", ""))
    requested = request_run(actor=request.user, year=year, full=full, until=until)  # type: ignore[arg-type]
    return done(request, reverse("kpi:run", args=[requested.public_id]))


def _end_of(year: int, period: str) -> date | None:
    """The last day of a period of the year, where one is named. Raises Refused for one that there is not."""
    if not period:
        return None
    if period not in PERIODS:
        raise Refused(_("没有这个时段；请从列出的月、季、半年中选择。"), fields={"period": _("请改选时段。")})
    return PERIODS[period].days(year)[1]


@require_POST
def run_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop an open run."""
    stopped = cancel_run(actor=request.user, run=_run_of(request, public_id))  # type: ignore[arg-type]
    return done(request, reverse("kpi:run", args=[stopped.public_id]), _("已取消这次核算"))


@require_POST
def run_resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take up a run that stopped."""
    resumed = resume_run(actor=request.user, run=_run_of(request, public_id))  # type: ignore[arg-type]
    return done(request, reverse("kpi:run", args=[resumed.public_id]))


@require_POST
def run_recompute(request: HttpRequest, public_id: str) -> HttpResponse:
    """Compute a past run again and show whether it comes out the same."""
    found = recompute_run(actor=request.user, run=_run_of(request, public_id))  # type: ignore[arg-type]
    return page(request, "kpi/run_recomputed.html", {"found": found, "run": found.run})


def _run_of(request: HttpRequest, public_id: str) -> Run:
    found = access.runs_visible_to(request.user).select_related("scheme").filter(public_id=public_id).first()  # type: ignore[arg-type]
    if found is None:
        raise NotFound(_("没有这次核算。"))
    return found


@require_GET
def ranking_workbook(request: HttpRequest) -> HttpResponse:
    """The year-end ranking workbook; taking it is recorded."""
    year = _year(request.GET.get("year", ""))
    found = export_ranking(actor=request.user, year=year)  # type: ignore[arg-type]
    return workbook_response(workbook_name(found), ranking_sheets(found))


def _year(text: str) -> int:
    """The year asked for; this one when none is given. Raises Refused for anything else."""
    if not text:
        return timezone.localdate().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Refused(_("看不懂年度“%(text)s”，请写四位数字。") % {"text": text[:20]})
    return int(text)
