"""The cards of the board, drawn by Python: a hundred and sixty of them with their menus were most of its templates."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.queries.board import Card, Move
from projects.workflow import Stage
from promotion.web.components import badge
from promotion.web.formats import day, yi
from promotion.web.icons import drawn_icon
from promotion.web.markup import address, escaped

# Where the address, the version and the token of a card go in the menu of its moves, which is drawn once for all cards alike.
ADVANCE, SEEN, TOKEN = "\x01advance", "\x01seen", "\x01token"


def drawn_cards(request: HttpRequest, cards: Iterable[Card]) -> SafeString:
    """The cards of one column; every part is escaped."""
    token = get_token(request)
    move_label = _("移动“%(name)s”")
    return SafeString("\n".join(_card(card, token, move_label) for card in cards))


def _card(card: Card, token: str, move_label: str) -> str:
    project: Any = card.project
    key, name = project.public_id, escaped(project.name)
    detail, advance = address("projects:detail", key), address("projects:advance", key)
    movable = f' data-move-url="{advance}?seen={project.version}"' if card.moves else ""
    menu = ""
    if card.moves:
        drawn = _menu(card.moves, get_language() or "")
        drawn = drawn.replace(ADVANCE, advance).replace(SEEN, str(project.version)).replace(TOKEN, token)
        label = move_label % {"name": name}
        menu = (
            f'<details class="board-menu" data-menu><summary aria-label="{label}">{drawn_icon("dots", 16)}</summary>'
            f'<div class="menu-panel">{drawn}</div></details>'
        )
    return f"""<article class="board-card" id="card-{key}" data-card data-row data-url="{detail}"{movable}>
<div class="board-line"><a class="board-title" href="{detail}" title="{name}" draggable="false">{name}</a>
<span class="board-amount">{yi(project.planned_investment, 1)}</span></div>
<div class="board-company">{escaped(project.company_name)}</div>
<div class="board-next"><span>{_next(project)}</span> {badge(card.mark.text, card.mark.tone)}</div>
{menu}</article>"""


def _next(project: Any) -> str:
    """The next step with its day, or what stands in its place."""
    if project.next_step:
        on = project.next_step_on
        when = f'<time datetime="{day(on)}">{on:%m-%d}</time> ' if on else ""
        return when + escaped(project.next_step)
    if project.stage == Stage.PRODUCED:
        return escaped(_("%(since)s 投产") % {"since": day(project.stage_since)})
    return escaped(_("未排下一步"))


@lru_cache(maxsize=256)
def _menu(moves: tuple[Move, ...], language: str) -> str:
    return "".join(_panel_link(move) if move.asks else _post(move) for move in moves)


def _panel_link(move: Move) -> str:
    """To the panel that asks for what the gate needs."""
    url = f"{ADVANCE}?to={move.stage}"
    return (
        f'<a class="menu-item" href="{url}" hx-get="{url}" hx-target="#dialog-body" hx-swap="innerHTML" '
        f'hx-push-url="false"{_next_mark(move)}>{drawn_icon("arrow-right", 16)}{escaped(_("推进到「%(stage)s」…") % {"stage": move.label})}</a>'
    )


def _post(move: Move) -> str:
    """A move that needs nothing more."""
    if move.forward:
        shown = drawn_icon("arrow-right", 16) + escaped(_("推进到「%(stage)s」") % {"stage": move.label})
    else:
        shown = drawn_icon("arrow-left", 16) + escaped(_("退回到「%(stage)s」") % {"stage": move.label})
    return (
        f'<form method="post" action="{ADVANCE}" hx-post="{ADVANCE}" hx-target="#dialog-body" hx-swap="innerHTML">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{TOKEN}"><input type="hidden" name="to" value="{move.stage}">'
        f'<input type="hidden" name="seen" value="{SEEN}"><input type="hidden" name="dropped" value="1">'
        f'<button class="menu-item" type="submit"{_next_mark(move)}>{shown}</button></form>'
    )


def _next_mark(move: Move) -> str:
    return " data-move-next" if move.forward else ""
