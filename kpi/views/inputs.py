"""Assessment inputs: what the year asks for and how complete it is, and each sheet as a table to type in."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kpi import access, actions
from kpi.forms import CategoriesForm, ChoicesForm, FiguresForm, RatesForm, SheetForm, YearForm
from kpi.models import AssessmentInput, InputKind, InputState
from kpi.queries.input_course import titled
from kpi.queries.input_rates import lacking_rates
from kpi.queries.input_rows import (
    Live,
    Row,
    live_inputs,
    live_of,
    progress_of,
    sheet_columns,
    sheet_rows,
    voters_of,
)
from kpi.queries.input_sheets import Asked, InputSheet, asked_inputs, kinds_without_subjects
from kpi.queries.target import target_years
from promotion.errors import Conflict, NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.models import Person, Team

PER_PAGE = 50
MOST_VOTERS = 30
FORMS: dict[str, type[SheetForm]] = {
    InputKind.RATING: FiguresForm,
    InputKind.MEASURE: FiguresForm,
    InputKind.CHOICE: ChoicesForm,
    InputKind.CATEGORY: CategoriesForm,
}


@require_GET
def inputs(request: SignedInRequest) -> HttpResponse:
    """The sheets of the year with what is missing and what waits; whoever is assessed sees what is confirmed of oneself."""
    year = YearForm.asked(request.GET)
    if not access.sees_voters(request.user):
        return own_inputs(request, year)
    asked = asked_inputs(year)
    listed = progress_of(request.user, asked)
    context = {
        **framed(request, year),
        "scheme": asked.scheme,
        "rows": [(one, sheet_url(year, one.sheet)) for one in listed],
        "missing": sum(one.missing for one in listed),
        "waiting": sum(one.waiting for one in listed),
        "confirmed": sum(one.confirmed for one in listed),
        "lacking": lacking_rates(asked, timezone.localdate()),
        "unmet": kinds_without_subjects(asked),
    }
    return page(request, "kpi/inputs.html", context)


def own_inputs(request: SignedInRequest, year: int) -> HttpResponse:
    """What counts of oneself, one's team and, for a leader, its members; who gave which mark is left out."""
    visible = live_inputs(request.user, year).exclude(kind=InputKind.RATE)
    shown = Paginator(visible.order_by("kind", "code", "person", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {**framed(request, year), "page": shown, "rows": titled(year, list(shown))}
    return page(request, "kpi/inputs_own.html", context)


def framed(request: SignedInRequest, year: int) -> dict[str, Any]:
    """What the pages of inputs share."""
    return {
        "year": year,
        "years": target_years(request.user),
        "can_record": access.can_record_inputs(request.user),
        "can_confirm": access.can_confirm_inputs(request.user),
        "sees_voters": access.sees_voters(request.user),
        "waiting_url": f"{reverse('kpi:inputs-waiting')}?year={year}",
        "workbook_url": f"{reverse('kpi:inputs-workbook')}?year={year}",
        "import_url": f"{reverse('kpi:inputs-import')}?year={year}",
        "units_url": reverse("kpi:units"),
        "inputs_url": f"{reverse('kpi:inputs')}?year={year}",
    }


def sheet_url(year: int, sheet: InputSheet, **more: object) -> str:
    query = {"year": year, **{key: value for key, value in more.items() if value}}
    return f"{reverse('kpi:input-sheet', args=[sheet.name])}?{urlencode(query, doseq=True)}"


@require_http_methods(["GET", "POST"])
def input_sheet(request: SignedInRequest, name: str) -> HttpResponse:
    """One sheet: subjects by what is asked of them; those who record type over the cells, others read."""
    year = YearForm.asked(request.GET)
    asked, sheet = find_sheet(request, year, name)
    view = SheetView(request, asked, sheet)
    form = view.form(request) if access.can_record_inputs(request.user) else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))
        if form.is_valid() and save(request, year, form):
            return done(request, view.here_url(), _("已录入，请另一位有权限的同事确认后计入。"))
    context = {**framed(request, year), **view.context(), "form": form}
    return page(
        request, "kpi/input_sheet.html", context, status=422 if form is not None and form.errors else 200
    )


def find_sheet(request: SignedInRequest, year: int, name: str) -> tuple[Asked, InputSheet]:
    """A sheet of the year that the account may read in whole. Raises NotFound."""
    asked = asked_inputs(year)
    sheet = asked.sheet(name)
    if sheet is None or not access.sees_voters(request.user):
        raise NotFound(_("没有这张录入表，或您无权查看；您本人的已确认录入在“考评录入”页。"))
    return asked, sheet


def save(request: SignedInRequest, year: int, form: SheetForm) -> bool:
    """Record the changed cells; nothing changed is no fault."""
    rows, paper = form.input_rows(), form.cleaned_data.get("paper")
    if not rows:
        return True

    def write() -> list[AssessmentInput] | None:
        try:
            return actions.record_inputs(actor=request.user, year=year, rows=rows, paper=paper)
        except Conflict as conflict:
            if not form.overtaken(conflict.fields):
                raise
            return None

    return attempt(form, write) is not None


class SheetView:
    """What is shown of a sheet: a panel of a rating, a group of subjects, a page of them."""

    def __init__(self, request: SignedInRequest, asked: Asked, sheet: InputSheet) -> None:
        self.asked, self.sheet = asked, sheet
        self.live: Live = live_of(live_inputs(request.user, asked.year), sheet)
        self.panel = self._panel(request.GET.get("panel", ""))
        self.voters = [name.strip()[:40] for name in request.GET.getlist("voter") if name.strip()][
            :MOST_VOTERS
        ]
        self.columns = sheet_columns(asked, sheet, self.live, self.panel, self.voters)
        rows = sheet_rows(asked, sheet, self.live, self.columns) if sheet.kind != InputKind.RATE else []
        self.groups = self._groups(rows)
        self.group = (
            request.GET.get("group", "")
            if request.GET.get("group") in self.groups
            else next(iter(self.groups), "")
        )
        self.only_missing = request.GET.get("missing") == "1"
        self.page = self._page(rows, request.GET.get("page"))
        self.lacking = lacking_rates(asked, timezone.localdate()) if sheet.kind == InputKind.RATE else []

    def _panel(self, wanted: str) -> str:
        codes = [panel.code for panel in self.sheet.panels]
        return wanted if wanted in codes else (codes[0] if codes else "")

    def _groups(self, rows: list[Row]) -> dict[str, str]:
        """The groups that have rows, by code."""
        scheme = self.asked.scheme
        held = [scheme.group_of(row.one.subject.kind) for row in rows] if scheme else []
        return {group.code: group.title for group in held if group}

    def _page(self, rows: list[Row], number: str | None) -> Page[Row]:
        scheme = self.asked.scheme
        kept = [
            row
            for row in rows
            if scheme is not None
            and (found := scheme.group_of(row.one.subject.kind))
            and found.code == self.group
        ]
        if self.only_missing:
            kept = [row for row in kept if row.is_missing]
        return Paginator(kept, PER_PAGE).get_page(number)

    def form(self, request: SignedInRequest) -> SheetForm:
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        rows = list(self.page)
        if self.sheet.kind == InputKind.RATE:
            held = {f"{one.code} {one.holds_from}": one.said for one in self._rates()}
            return RatesForm(self.asked, self.sheet, held, self.lacking, *data)
        return FORMS[self.sheet.kind](self.asked, self.sheet, self._people(rows), rows, *data)  # type: ignore[call-arg]

    def _people(self, rows: list[Row]) -> dict[Any, Person | Team]:
        """The people and teams of the rows, by their keys."""
        people = Person.objects.in_bulk([row.one.key[1] for row in rows if row.one.key[0] == "person"])
        teams = Team.objects.in_bulk([row.one.key[1] for row in rows if row.one.key[0] == "team"])
        return {("person", pk): one for pk, one in people.items()} | {
            ("team", pk): one for pk, one in teams.items()
        }

    def here_url(self, **more: object) -> str:
        query = {"panel": self.panel, "group": self.group, "voter": self.voters, "page": self.page.number}
        return sheet_url(
            self.asked.year, self.sheet, **{**query, "missing": "1" if self.only_missing else "", **more}
        )

    def context(self) -> dict[str, Any]:
        rated = self.sheet.kind == InputKind.RATING
        return {
            "asked": self.asked,
            "sheet": self.sheet,
            "one_url": f"{reverse('kpi:inputs-workbook')}?year={self.asked.year}&sheet={self.sheet.name}",
            "columns": self.columns,
            "page": self.page,
            "panel": self.panel,
            "voters": self.voters,
            "group": self.group,
            "owners": self.sheet.owners,
            "known_voters": voters_of(self.live, self.panel) if rated else [],
            "panels": [
                {
                    "label": one.title,
                    "url": self.here_url(panel=one.code, voter=[], page=""),
                    "active": one.code == self.panel,
                }
                for one in self.sheet.panels
            ],
            "groups": [
                {"label": title, "url": self.here_url(group=code, page=""), "active": code == self.group}
                for code, title in self.groups.items()
            ],
            "only_missing": self.only_missing,
            "missing_url": self.here_url(missing="" if self.only_missing else "1", page=""),
            "post_url": self.here_url(),
            "rates": self._rates(),
            "waits": InputState.SUBMITTED,
        }

    def _rates(self) -> list[Any]:
        """All rates of the sheet, the newest first."""
        found = (
            [*self.live.holds.values(), *self.live.waits.values()]
            if self.sheet.kind == InputKind.RATE
            else []
        )
        return sorted(found, key=lambda row: (row.code, str(row.holds_from)), reverse=True)
