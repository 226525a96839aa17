"""The board of projects, and its narrowed views."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.access import projects_visible_to
from projects.filters.chips import ChoiceChip, choice, switch
from projects.filters.project import ProjectFilter, kept_choice
from projects.models import Channel, Industry
from projects.queries.board import board_columns, board_signals, more_cards
from projects.queries.clock import ClockBook, clock_book
from projects.views.board_cards import drawn_cards
from projects.workflow import ORDER
from promotion.errors import NotFound
from promotion.web.lists import ListPage
from promotion.web.pages import is_fragment, page
from promotion.web.requests import SignedInRequest

# Filters that have a chip of their own; the others show as chips to take off once they are set.
OWN_CHIPS = ("team", "industry", "channel", "min_amount", "mine", "stalled", "awaiting")


def narrowed(request: SignedInRequest, url_name: str) -> ListPage:
    """The visible projects as this request filters them."""
    return ListPage(
        request=request,
        queryset=projects_visible_to(request.user),
        layout=(),
        row_url=lambda row: reverse("projects:detail", args=[row.public_id]),
        default_sort="",
        filterset=ProjectFilter,
        url_name=url_name,
    )


@require_GET
def board(request: SignedInRequest) -> HttpResponse:
    """Eight columns with count and money; every figure leads to the list that sums to it."""
    listing = narrowed(request, "projects:board")
    if default := listing.default_url:
        return HttpResponseRedirect(default)
    book = clock_book()
    columns = board_columns(request.user, listing.filtered, kept=kept_choice(listing.filter), book=book)
    context = {
        "listing": listing,
        "columns": [(column, drawn_cards(request, column.cards)) for column in columns],
        "count": sum(column.count for column in columns),
        "amount": sum(column.amount for column in columns),
        "query": listing.query,
        **chips(request, listing, book),
    }
    return page(request, "projects/board.html", context, fragment="region")


def chips(request: SignedInRequest, listing: ListPage, book: ClockBook) -> dict[str, Any]:
    """The quick filters above the board."""
    teams = listing.filter_form.fields["team"].named
    signals = board_signals(request.user, listing.filtered, book, kept=kept_choice(listing.filter))
    menus: list[ChoiceChip] = [
        choice(request, _("团队"), "team", teams, _("全部")),
        choice(request, _("产业"), "industry", Industry.choices, _("全部")),
        choice(request, _("渠道"), "channel", Channel.choices, _("全部")),
    ]
    switches = [
        switch(request, _("只看我的"), "mine"),
        switch(request, _("投资额 ≥ 1 亿"), "min_amount"),
        switch(request, _("停滞 %(count)s") % {"count": signals["stalled"]}, "stalled"),
        switch(request, _("待认定 %(count)s") % {"count": signals["awaiting"]}, "awaiting"),
    ]
    others = [chip for name, chip in set_filters(request, listing).items() if name not in OWN_CHIPS]
    return {"menus": menus, "switches": switches, "others": others}


def set_filters(request: SignedInRequest, listing: ListPage) -> dict[str, dict[str, str]]:
    """The filters that are set, by name."""
    names = [name for name in listing.filter_form.fields if any(request.GET.getlist(name))]
    return dict(zip(names, listing.active_filters, strict=True))


@require_GET
def board_more(request: SignedInRequest, stage: str) -> HttpResponse:
    """The next cards of a column; without script the list of that stage."""
    if stage not in ORDER:
        raise NotFound(_("没有这个阶段。"))
    if not is_fragment(request):
        return HttpResponseRedirect(f"{reverse('projects:list')}?stage={stage}")
    listing = narrowed(request, "projects:board")
    offset = request.GET.get("offset", "")
    column = more_cards(request.user, listing.filtered, stage, int(offset) if offset.isdecimal() else 0)
    context = {
        "column": column,
        "cards": drawn_cards(request, column.cards),
        "query": query_of(request),
    }
    return page(request, "projects/board.html", context, fragment="cards")


def query_of(request: SignedInRequest) -> str:
    """The filters of this address, without the place in a column."""
    query = request.GET.copy()
    query.pop("offset", None)
    return query.urlencode()
