"""The components of every page as template tags; each is shown with its use on the component page.

The library is a template builtin, so pages need no load tag. A misspelt argument is a TemplateSyntaxError; an unknown
tone or kind is a ValueError, so that a slip is seen at once and not as a missing colour.
"""

# ruff: noqa: A002 the arguments id, type and help are called what HTML calls them

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from promotion.web import components, formats
from promotion.web.components import KINDS, TONES, one_of
from promotion.web.filters import drawn_filter
from promotion.web.forms import described_field, drawn_field, error_summary
from promotion.web.icons import drawn_icon
from promotion.web.place_tabs import label_of, label_of_group, pages_beside, tabs_of
from promotion.web.remember import remember
from promotion.web.rows import drawn_pager, drawn_rows, drawn_sort_header

register = template.Library()

CHARTS = ("bar", "column", "stacked", "line", "funnel", "target", "share", "radar")
GO_LETTERS = {
    "workbench": "w",
    "projects": "p",
    "companies": "o",
    "channels": "h",
    "teams": "t",
    "assessment": "a",
    "cockpit": "d",
    "supervision": "s",
}

for function in (formats.yi, formats.wan, formats.usd_wan, formats.percent, formats.day, formats.moment):
    register.filter(function.__name__, function)
register.filter("exact", formats.exact)
register.filter("signed", formats.signed)
register.filter("places_moved", formats.places_moved)
register.filter("number", formats.number)
register.filter(formats.unlocalized)
register.simple_tag(formats.money)


for component in (
    components.badge,
    components.button,
    components.figure,
    components.link_button,
    components.person_chip,
    components.segments,
    components.stage_ribbon,
    components.tabs,
):
    register.simple_tag(component)
for framed in (components.card, components.page_heading, components.timeline_item):
    register.simple_block_tag(framed)


def draw(component: str, /, **inputs: object) -> SafeString:
    """One component's template with exactly these inputs."""
    return render_to_string(f"components/{component}.html", inputs)


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """An outline icon of the Tabler set in the colour of the text; silent to readers unless it has a label."""
    return drawn_icon(name + "", size, label + "")


register.tag(remember)


@register.filter
def go_letter(key: str) -> str:
    """The letter after G that goes to a place of the rail."""
    return GO_LETTERS.get(key, "")


@register.simple_tag(takes_context=True)
def place_tabs(context: template.Context, place: str, active: str) -> SafeString:
    """The pages of a place as tabs, those that the account's role may open; nothing when there is only one.

    Pages that the place groups (settings.PLACE_GROUPS) share one tab; those of the open group follow in a second row.
    """
    role = getattr(context["request"].user, "role", "")
    tabs, pages = tabs_of(place, role, active), pages_beside(place, role, active)
    if len(tabs) < 2 and not pages:
        return mark_safe("")
    drawn = components.tabs(tabs, label=label_of(place)) if len(tabs) > 1 else mark_safe("")
    return drawn + components.segments(pages, label=label_of_group(place, active)) if pages else drawn


@register.simple_block_tag
def figures(content: str, label: str = "") -> SafeString:
    """One row of figures in a card."""
    return format_html('<div class="card figures" role="group" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def chip(label: object, href: str = "", active: bool = False, remove_url: str = "") -> SafeString:
    """A filter: a link that sets it, or a set one with a cross that removes it."""
    return draw("chip", **locals())


@register.simple_tag
def meter(
    value: object, maximum: object = 1, mark: object = None, tone: str = "accent", label: str = ""
) -> SafeString:
    """How much of the maximum is reached, as a bar; `mark` draws the target line at its own value."""
    one_of("tone", tone, TONES)
    return draw(
        "meter",
        tone=tone,
        label=label or f"{formats.number(value)} / {formats.number(maximum)}",
        width=formats.share(value, maximum),
        mark=None if mark is None else min(formats.share(mark, maximum), 99.2),
    )


@register.simple_tag
def share_bar(parts: Iterable[tuple[str, object]], unit: str = "%") -> SafeString:
    """Shares side by side with their names below; `parts` are (name, value)."""
    listed = [(name, value) for name, value in parts if value]
    whole = sum(float(str(value)) for _, value in listed)
    drawn, start = [], 0.0
    for place, (name, value) in enumerate(listed):
        width = formats.share(value, whole)
        drawn.append({"name": name, "value": value, "start": start, "width": width, "place": place % 5 + 1})
        start = round(start + width, 2)
    return draw("share_bar", parts=drawn, unit=unit)


@register.simple_tag
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    icon: str = "inbox",
    action_dialog: bool = False,
) -> SafeString:
    """What is not here yet, why it matters, and one button for the next step."""
    return draw("empty_state", **locals())


@register.simple_tag
def list_rows(rows: Iterable[Any], ticks: object = None) -> SafeString:
    """The rows of a list; with anything in `ticks`, each with a box to choose it."""
    return drawn_rows(rows, ticks=bool(ticks))


@register.simple_tag
def field(
    bound: BoundField, unit: str = "", help: str = "", amount: bool = False, width: str = "full"
) -> SafeString:
    """One form field: label above, unit inside, help and error below, joined for screen readers.

    `amount` shows while typing what “3.5亿” will be stored as; `width` is full, half or short.
    """
    one_of("width", width, ("full", "half", "short"))
    return drawn_field(width=width, unit=unit, **described_field(bound, hint=help, amount=amount))


@register.simple_tag
def filter_fields(form: BaseForm) -> SafeString:
    """The fields of a list's filters."""
    return SafeString("\n".join(drawn_filter(bound, field) for bound in form))


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """All that is wrong with a form in one place, each line a link to its field; nothing when nothing is wrong."""
    return draw("form_errors", lines=error_summary(form)) if form.errors else SafeString("")


@register.simple_tag(takes_context=True)
def confirm_form(
    context: template.Context,
    label: str,
    action: str,
    question: str,
    kind: str = "danger",
    small: bool = False,
) -> SafeString:
    """A button that posts after one question; the question names the thing and says what will happen."""
    one_of("kind", kind, KINDS)
    return draw(
        "confirm_form",
        label=label,
        action=action,
        question=question,
        kind=kind,
        small=small,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_block_tag(takes_context=True)
def dialog_panel(context: template.Context, content: str, title: str, detail: str = "") -> SafeString:
    """What the shared dialog is filled with: a heading, a way out, the body. As a page of its own it is a card."""
    own_page = not getattr(context.get("request"), "htmx", True)
    return draw("dialog_panel", content=content, title=title, detail=detail, own_page=own_page)


@register.simple_block_tag
def path_step(content: str, label: str) -> SafeString:
    """One link in an `<ol class="path">` that explains where a figure comes from."""
    return format_html('<li class="path-step"><span class="path-label">{}</span> {}</li>', label, content)


@register.simple_tag
def progress(
    label: str, done: int, total: int, detail: str = "", poll_url: str = "", id: str = "progress"
) -> SafeString:
    """Long work in numbers; with `poll_url` the region asks again every second until the reply has none."""
    return draw("progress", **locals(), ratio=formats.percent((done / total) if total else 0))


@register.simple_tag
def chart(
    id: str, kind: str, data: Mapping[str, Any], table: Mapping[str, Any], label: str, height: str = "medium"
) -> SafeString:
    """A chart drawn by charts.js, with the same figures as a table behind it.

    `data` per kind is written on the component page; `table` has `head` (texts) and `rows` (lists of texts).
    """
    one_of("kind", kind, CHARTS)
    one_of("height", height, ("small", "medium", "large"))
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)
    # What json_script escapes, so that no figure or name can close the script element.
    escaped = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    json_text = mark_safe(escaped)  # noqa: S308 escaped in the line above
    return draw("chart", id=id, kind=kind, json_text=json_text, table=table, label=label, height=height)


@register.simple_tag
def sort_header(column: Any, region: str = "list-region") -> SafeString:
    """A table's heading cell; a sortable one is a link that keeps the filters and says the present order."""
    return drawn_sort_header(column, region)


@register.simple_tag(takes_context=True)
def pager(
    context: template.Context, page: Page[Any], region: str = "list-region", parameter: str = "page"
) -> SafeString:
    """First, neighbouring and last pages of a list, as links that keep the rest of the address."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    base = query.urlencode()
    return drawn_pager(page, region=region, prefix=f"?{base}&{parameter}=" if base else f"?{parameter}=")
