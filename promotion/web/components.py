"""The components that stand on nearly every page, drawn by Python: `promotion/web/tags.py` registers them as tags.

A template for each button, card and figure cost more than the data of a page. Every value is escaped here, by `shown`;
`content` is the body of the tag, which is markup already.
"""

# ruff: noqa: A002 the arguments id and type are called what HTML calls them

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # the stubs leave it out
from django.utils.translation import gettext as _

from promotion.web import formats
from promotion.web.icons import drawn_icon
from promotion.web.markup import escaped

TONES = ("plain", "accent", "done", "attention", "alarm")
KINDS = ("primary", "default", "quiet", "danger")


def shown(value: Any) -> str:
    """A value as a template shows it: in the form of the language, in local time, escaped."""
    return escaped(value if isinstance(value, str) else localize(template_localtime(value)))


def one_of(name: str, value: str, known: Sequence[str]) -> str:
    """The value, if the house knows it; raises ValueError naming the choices."""
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, not {value!r}")
    return value


def part_of(item: Mapping[str, Any] | object, name: str) -> Any:
    """What a mapping or an object has under the name; nothing where it has none."""
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def button(
    label: str,
    kind: str = "default",
    type: str = "submit",
    icon: str = "",
    key: str = "",
    name: str = "",
    value: str = "",
    small: bool = False,
    form: str = "",
) -> SafeString:
    """A button of a form; `key` shows the keyboard shortcut that presses it."""
    attributes = "".join(
        f' {attribute}="{shown(given)}"'
        for attribute, given in (("name", name), ("value", value), ("form", form))
        if given
    )
    opening = f'<button class="{_look(kind, small)}" type="{shown(type)}"{attributes}{_shortcut(key)}>'
    return SafeString(f"{opening}{_inside(label, icon, key)}</button>")


def link_button(
    label: str,
    href: str,
    kind: str = "default",
    icon: str = "",
    key: str = "",
    dialog: bool = False,
    small: bool = False,
) -> SafeString:
    """A link that looks like a button; `dialog` opens its page in the shared dialog, and without script as a page."""
    address = shown(href)
    asks = f' hx-get="{address}" hx-target="#dialog-body" hx-swap="innerHTML" hx-push-url="false"'
    opening = f'<a class="{_look(kind, small)}" href="{address}"{asks if dialog else ""}{_shortcut(key)}>'
    return SafeString(f"{opening}{_inside(label, icon, key)}</a>")


def badge(text: object, tone: str = "plain", title: str = "") -> SafeString:
    """A short word in a tinted box; the tone says what it means, the word says it too."""
    said = f' title="{escaped(title)}"' if title else ""
    return SafeString(f'<span class="mark mark-{one_of("tone", tone, TONES)}"{said}>{escaped(text)}</span>')


def _look(kind: str, small: bool) -> str:
    return f"button button-{one_of('kind', kind, KINDS)}{' button-small' if small else ''}"


def _shortcut(key: str) -> str:
    return f' data-key="{shown(key.lower())}" aria-keyshortcuts="{shown(key)}"' if key else ""


def _inside(label: object, icon: str, key: str) -> str:
    before = drawn_icon(icon) if icon else ""
    after = f'<kbd class="key" aria-hidden="true">{shown(key)}</kbd>' if key else ""
    return f"{before}<span>{shown(label)}</span>{after}"


def page_heading(
    content: str,
    title: str,
    detail: str = "",
    subtitle: str = "",
    marks: Iterable[tuple[str, str]] = (),
    back_url: str = "",
    back_label: str = "",
) -> SafeString:
    """The page's one h1; the body holds its actions. `marks` are (text, tone) badges beside the title."""
    back = ""
    if back_url:
        words = shown(back_label or _("返回"))
        back = f'<a class="page-back" href="{shown(back_url)}">{drawn_icon("arrow-left", 16)}{words}</a>'
    besides = f'<span class="page-detail">{shown(detail)}</span>' if detail else ""
    below = f'<p class="page-subtitle">{shown(subtitle)}</p>' if subtitle else ""
    actions = f'<div class="page-actions">{content}</div>' if content.strip() else ""
    return SafeString(
        f'<header class="page-heading"><div class="page-heading-text">{back}'
        f'<div class="page-heading-line"><h1 class="page-title">{shown(title)}</h1>{"".join(badge(text, tone) for text, tone in marks)}{besides}</div>'
        f"{below}</div>{actions}</header>"
    )


def card(
    content: str,
    title: str = "",
    detail: str = "",
    id: str = "",
    flush: bool = False,
    action_url: str = "",
    action_label: str = "",
    action_key: str = "",
    action_dialog: bool = False,
) -> SafeString:
    """A white card; `flush` lets a table or list run to its edges. One action may stand in its head."""
    key = shown(id)
    opening = f'<section class="card{" card-flush" if flush else ""}"'
    if id:
        opening += f' id="{key}"' + (f' aria-labelledby="{key}-title"' if title else "")
    head = ""
    if title or action_url:
        named = f' id="{key}-title"' if id else ""
        besides = f'<span class="card-detail">{shown(detail)}</span>' if detail else ""
        doing = ""
        if action_url:
            action = link_button(action_label, action_url, key=action_key, dialog=action_dialog, small=True)
            doing = f'<span class="card-action">{action}</span>'
        head = f'<header class="card-head"><h2 class="card-title"{named}>{shown(title)}</h2>{besides}{doing}</header>'
    return SafeString(f"{opening}>{head}\n{content}\n</section>")


def figure(
    label: str,
    value: object,
    unit: str = "",
    movement: object = None,
    href: str = "",
    detail: str = "",
    fall_is_good: bool = False,
    ranks: bool = False,
    share: object = None,
    share_tone: str = "accent",
) -> SafeString:
    """A number with its label; `movement` is a signed change, `share` (0 to 1) draws a thin bar under it.

    With `ranks` the movement counts places: ↑ 3 when positive.
    """
    change = "" if movement is None else formats.places_moved(movement) if ranks else formats.signed(movement)
    tone = (
        "plain"
        if change in ("", formats.NOTHING)
        else "done"
        if change.startswith(("+", "↑")) != fall_is_good
        else "alarm"
    )
    one_of("share_tone", share_tone, TONES)
    parts = [f'<span class="figure-label">{shown(label)}</span>']
    line = f'<strong class="figure-value">{shown(value)}</strong>'
    if unit:
        line += f'<span class="figure-unit">{shown(unit)}</span>'
    if change:
        line += f'<span class="figure-change figure-change-{tone}">{shown(change)}</span>'
    parts.append(f'<span class="figure-line">{line}</span>')
    if detail:
        parts.append(f'<span class="figure-detail">{shown(detail)}</span>')
    if share is not None:
        parts.append(
            f'<svg class="meter meter-thin meter-{share_tone}" width="100%" height="4" aria-hidden="true" focusable="false">'
            f'<rect class="meter-track" width="100%" height="4" rx="2"/>'
            f'<rect class="meter-fill" width="{formats.share(share, 1)}%" height="4" rx="2"/></svg>'
        )
    inside = "\n".join(parts)
    if href:
        return SafeString(f'<a class="figure figure-link" href="{shown(href)}">{inside}</a>')
    return SafeString(f'<div class="figure">{inside}</div>')


def stage_ribbon(steps: Iterable[Mapping[str, Any] | object], label: str = "") -> SafeString:
    """The stages in order; each step has label, detail, state ("past", "current", "future") and perhaps href."""
    lines = [f'<ol class="ribbon" aria-label="{shown(label or _("项目阶段"))}" tabindex="0">']
    for depth, step in enumerate(steps, start=1):
        state, href = part_of(step, "state"), part_of(step, "href")
        here = ' aria-current="step"' if state == "current" else ""
        inside = (
            f'<span class="ribbon-label">{shown(part_of(step, "label"))}</span>\n'
            f'<span class="ribbon-detail">{shown(part_of(step, "detail") or "")}</span>'
        )
        body = (
            f'<a class="ribbon-body" href="{shown(href)}">{inside}</a>'
            if href
            else f'<span class="ribbon-body">{inside}</span>'
        )
        lines.append(f'<li class="ribbon-step ribbon-{state} ribbon-depth-{depth}"{here}>{body}</li>')
    return SafeString("\n".join([*lines, "</ol>"]))


def tabs(items: Iterable[Mapping[str, Any] | object], label: str = "", region: str = "") -> SafeString:
    """Links between views of one thing; each has label, url, active, perhaps count and alarm.

    `active` is True for the page that is open, "within" for a tab that holds it.
    """
    lines = [f'<nav class="tabs" aria-label="{shown(label or _("页签"))}">']
    lines += [_tab(item, region) for item in items]
    return SafeString("\n".join([*lines, "</nav>"]))


def _tab(item: Mapping[str, Any] | object, region: str) -> str:
    url, count = shown(part_of(item, "url")), part_of(item, "count")
    active, here = _lit(part_of(item, "active"), " tab-active")
    asks = f' hx-get="{url}" hx-target="#{region}" hx-swap="outerHTML" hx-push-url="true"' if region else ""
    counted = ""
    if count is not None and count != "":
        alarm = " tab-count-alarm" if part_of(item, "alarm") else ""
        counted = f' <span class="tab-count{alarm}">{shown(count)}</span>'
    return f'<a class="tab{active}" href="{url}"{here}{asks}>{shown(part_of(item, "label"))}{counted}</a>'


def segments(items: Iterable[Mapping[str, Any] | object], label: str) -> SafeString:
    """Links between a few pages that belong together, as a second row below tabs; each has label, url and active."""
    lines = [f'<nav class="segments" aria-label="{shown(label)}">']
    for item in items:
        _, here = _lit(part_of(item, "active"), "")
        lines.append(
            f'<a class="segment" href="{shown(part_of(item, "url"))}"{here}>{shown(part_of(item, "label"))}</a>'
        )
    return SafeString("\n".join([*lines, "</nav>"]))


def _lit(active: object, style: str) -> tuple[str, str]:
    """The class and the mark for readers of a link that is open, or that holds what is open."""
    if not active:
        return "", ""
    return style, ' aria-current="true"' if active == "within" else ' aria-current="page"'


def timeline_item(
    content: str, title: str, moment: object = "", kind: str = "", tone: str = "plain", href: str = ""
) -> SafeString:
    """One entry of an `<ol class="timeline">`: when, what, and its details as the body."""
    one_of("tone", tone, TONES)
    named = f'<a href="{shown(href)}">{shown(title)}</a>' if href else shown(title)
    what = f'<strong class="timeline-kind">{shown(kind)}</strong> ' if kind else ""
    return SafeString(
        f'<li class="timeline-item timeline-{tone}"><time class="timeline-moment">{shown(moment)}</time>\n'
        f'<div class="timeline-body"><p class="timeline-title">{what}{named}</p>\n'
        f'<div class="timeline-detail">{content}</div></div></li>'
    )


def person_chip(name: str, detail: str = "", href: str = "") -> SafeString:
    """A person: the family name in a disc, the name, perhaps the post."""
    opening, closing = (
        (f'<a class="person" href="{shown(href)}">', "</a>") if href else ('<span class="person">', "</span>")
    )
    besides = f'<span class="person-detail">{shown(detail)}</span>' if detail else ""
    return SafeString(
        f'{opening}<span class="person-disc" aria-hidden="true">{shown(str(name)[:1])}</span>'
        f'<span class="person-name">{shown(name)}</span>{besides}{closing}'
    )
