"""The one list mechanism: filter, search, sort, page, totals, saved views and export, stated by a list page in a few lines.

A page gives a queryset that starts from a visible set, its layout of columns, and a django-filter FilterSet; everything else,
the address that keeps it all included, is done here and drawn by templates/lists/table.html.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Window
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters import FilterSet

from promotion.models import SavedView
from promotion.prepared import Prepared, Slot
from promotion.web.pages import is_fragment, page

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """One column: how it is headed, what a row shows there, and how it sorts, totals and exports.

    `sort` is the field or expression to order by, with a minus for one that runs the other way; `total` an aggregate over the filtered set; `export` gives the
    plain value for a workbook where `value` draws markup; `wide` leaves the column out on a phone, `extra`
    until it is chosen. `align` is "start", "end" for figures, or "day" for a date, which is never broken in two.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    sort: str | Combinable = ""
    align: str = "start"
    total: Combinable | None = None
    show_total: Callable[[Any], Any] | None = None
    export: Callable[[Any], Any] | None = None
    optional: bool = False
    wide: bool = False
    extra: bool = False


@dataclass(frozen=True)
class Heading:
    """A column as the table's head draws it."""

    key: str
    label: Any
    align: str
    sortable: bool
    sorted: str
    sort_url: str
    visible: bool = True


class Cell(NamedTuple):
    text: Any
    align: str
    label: Any = ""
    wide: bool = False


class Row(NamedTuple):
    key: str
    url: str
    cells: Sequence[Cell]


_DEFAULT_VIEW = Prepared(
    lambda: (
        SavedView.objects.filter(owner=Slot("account"), url_name=Slot("url_name"), is_default=True)
        .order_by("name")
        .values_list("query", flat=True)[:1]
    )
)


def address_of(query: QueryDict) -> str:
    """A list's address with this query, from its first page; without any condition it says so, or a default view came in."""
    for place in ("page", "view"):
        query.pop(place, None)
    return f"?{query.urlencode() or 'view=all'}"


@dataclass
class ListPage:
    """A list as asked for by one request."""

    request: HttpRequest
    queryset: QuerySet[Any]
    layout: Sequence[Column]
    row_url: Callable[[Any], str]
    default_sort: str
    filterset: type[FilterSet] | None = None
    url_name: str = ""
    empty: dict[str, str] = field(default_factory=dict)
    page_size: int = PAGE_SIZE
    export_url: str = ""
    # For rows with much beside them: order bare keys first, and read the rows of one page afterwards, as the queryset does or as `reading` does.
    keys_first: bool = False
    reading: Callable[[Sequence[Any]], Mapping[Any, Any]] | None = None
    # What a search (`q`) finds lies scattered, so that finding it is dear: then totals and keys come from one reading of it.
    search_at_once: bool = False
    # Count and totals from what is kept, in place of reading all rows; None where it is not kept for these filters.
    kept_figures: Callable[["ListPage"], dict[str, Any] | None] | None = None

    @cached_property
    def filter(self) -> FilterSet | None:
        return (
            self.filterset(self.request.GET, queryset=self.queryset, request=self.request)
            if self.filterset
            else None
        )

    @property
    def filter_form(self) -> Any:
        return self.filter.form if self.filter else None

    @cached_property
    def filtered(self) -> QuerySet[Any]:
        """The rows that the filters leave. A wrong value filters nothing out and is said beside its field."""
        return self.filter.qs if self.filter else self.queryset

    @cached_property
    def hidden(self) -> set[str]:
        chosen = self.request.GET.getlist("column")
        optional = {c.key: c for c in self.layout if c.optional or c.extra}
        return {key for key, c in optional.items() if (key not in chosen if chosen else c.extra)}

    @property
    def has_optional_columns(self) -> bool:
        return any(c.optional or c.extra for c in self.layout)

    @cached_property
    def shown(self) -> list[Column]:
        return [c for c in self.layout if c.key not in self.hidden]

    @cached_property
    def sort(self) -> tuple[str, bool]:
        """The column key to sort by and whether descending; an unknown key falls back to the page's own."""
        asked = self.request.GET.get("sort", "") or self.default_sort
        key = asked.lstrip("-")
        if not any(c.key == key and c.sort for c in self.layout):
            asked = self.default_sort
            key = asked.lstrip("-")
        return key, asked.startswith("-")

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        key, descending = self.sort
        by = next(c.sort for c in self.layout if c.key == key)
        falls = descending
        if isinstance(by, str):
            falls = descending != by.startswith("-")
            by = F(by.removeprefix("-"))
        order = by.desc(nulls_last=True) if falls else by.asc(nulls_last=True)  # type: ignore[attr-defined]
        return self.filtered.order_by(order, "-pk" if descending else "pk")

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The count and the columns' totals over the whole filtered set, in one query."""
        kept = self.kept_figures(self) if self.kept_figures else None
        return kept or self.found_at_once[0] or self.filtered.order_by().aggregate(**self.sums)

    @property
    def sums(self) -> dict[str, Any]:
        """What the figures are made of."""
        totals = {f"total_{c.key}": c.total for c in self.layout if c.total is not None}
        return {"total_rows": Count("pk"), **totals}

    @cached_property
    def found_at_once(self) -> tuple[dict[str, Any], list[Any]]:
        """The figures and the keys of the page that is asked for, from one statement; nothing where they are asked apart."""
        number = self.request.GET.get("page") or "1"
        asked = self.search_at_once and self.request.GET.get("q", "").strip()
        # What is read of each row once only (`distinct`) would be summed before that.
        start = (int(number) - 1) * self.page_size if number.isdecimal() and len(number) < 9 else -1
        if not asked or start < 0 or self.filtered.query.distinct:
            return {}, []
        sums = {name: Window(total) for name, total in self.sums.items()}
        rows = self.ordered.annotate(**sums).values_list("pk", *sums)
        found = list(rows[start : start + self.page_size])
        return (dict(zip(sums, found[0][1:], strict=True)), [row[0] for row in found]) if found else ({}, [])

    @property
    def total_count(self) -> int:
        return int(self.figures["total_rows"])

    @cached_property
    def page(self) -> Page[Any]:
        paginator = Paginator(self.ordered, self.page_size)
        paginator.count = self.total_count  # type: ignore[misc]
        found = paginator.get_page(self.request.GET.get("page"))
        if self.keys_first or self.reading:
            found.object_list = self.rows_of(self.keys(found))
        return found

    def keys(self, found: Page[Any]) -> list[Any]:
        """The keys of the rows of a page, in its order."""
        return self.found_at_once[1] or list(found.object_list.values_list("pk", flat=True))  # type: ignore[attr-defined]

    def rows_of(self, keys: Sequence[Any]) -> list[Any]:
        """The rows with these keys, in this order."""
        rows = self.reading(keys) if self.reading else self.queryset.in_bulk(keys)
        return [rows[key] for key in keys if key in rows]

    @cached_property
    def rows(self) -> list[Row]:
        return [
            Row(
                str(row.pk),
                self.row_url(row),
                [Cell(c.value(row), c.align, c.label, c.wide) for c in self.shown],
            )
            for row in self.page.object_list
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        key, descending = self.sort
        return [
            Heading(
                c.key,
                c.label,
                c.align,
                bool(c.sort),
                ("desc" if descending else "asc") if c.key == key else "",
                self._sort_url(c, key, descending),
            )
            for c in self.shown
        ]

    def _sort_url(self, column: Column, key: str, descending: bool) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        back = column.key == key and not descending
        query["sort"] = f"-{column.key}" if back else column.key
        return f"?{query.urlencode()}"

    @cached_property
    def totals(self) -> list[Cell] | None:
        if not any(c.total is not None for c in self.shown):
            return None
        cells = []
        for column in self.shown:
            value = self.figures.get(f"total_{column.key}")
            text = (
                ""
                if column.total is None
                else (column.show_total or str)(value)
                if value is not None
                else "—"
            )
            cells.append(Cell(text, column.align))
        cells[0] = Cell(_("合计"), "start")
        return cells

    @cached_property
    def active_filters(self) -> list[dict[str, str]]:
        """What narrows the list now, each with the address that takes it off."""
        if self.filter is None:
            return []
        chips = []
        for name, bound in self.filter.form.fields.items():
            values = [v for v in self.request.GET.getlist(name) if v]
            if not values:
                continue
            query = self.request.GET.copy()
            query.pop(name)
            choices = {
                str(k): str(v) for k, v in getattr(bound, "choices", []) if not isinstance(v, list | tuple)
            }
            shown = "、".join(choices.get(v, v) for v in values)
            chips.append({"label": f"{bound.label}：{shown}", "remove_url": address_of(query)})
        return chips

    @property
    def query(self) -> str:
        """The address's query without the page, as saved views and exports keep it."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("view", None)
        return query.urlencode()

    @property
    def default_url(self) -> str:
        """Where a visit without any condition goes on to: the list as the account's default view has it, or nowhere."""
        if self.request.GET or not self.url_name or is_fragment(self.request):
            return ""
        query = _DEFAULT_VIEW.first(account=self.request.user.pk, url_name=self.url_name)
        return f"{self.request.path}?{query}" if query else ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.active_filters)


def list_page(
    request: HttpRequest, template: str, listing: ListPage, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer with the list: the whole page, or only its region when htmx filters, sorts or turns pages."""
    if default := listing.default_url:
        return redirect(default)
    # A template that extends the table has no partial of its own: the region is a file that both draw.
    wanted = "lists/region.html" if is_fragment(request) else template
    return page(request, wanted, {"list": listing, **(context or {})})
