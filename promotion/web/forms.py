"""How a form's fields and errors are prepared for drawing; the rules of a form live with its app."""

from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from promotion.web.components import shown
from promotion.web.icons import drawn_icon


def described_field(bound: BoundField, *, hint: str, amount: bool) -> dict[str, Any]:
    """What the field component shows: the widget with its class and the ids of its help and errors."""
    widget = bound.field.widget
    shown_hint = hint or str(bound.help_text)
    attributes: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {look_of(widget)}".strip()}
    described = [f"{bound.auto_id}-help"] if shown_hint else []
    if bound.errors:
        attributes["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}-error")
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if amount:
        attributes |= {"data-amount": "", "inputmode": "text", "autocomplete": "off"}
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    return {
        "bound": bound,
        "control": bound if group else bound.as_widget(attrs=attributes),
        "hint": shown_hint,
        "amount": amount,
        "group": group,
        "tick": isinstance(widget, CheckboxInput),
        "described": " ".join(described),
    }


def drawn_field(
    bound: BoundField,
    *,
    control: object,
    hint: str,
    amount: bool,
    group: bool,
    tick: bool,
    described: str,
    width: str,
    unit: object,
) -> SafeString:
    """One field of a form with its label, help and errors (as `described_field` prepares it)."""
    if bound.is_hidden:
        return SafeString(str(bound))
    classes = f"field field-{width}{' field-tick' if tick else ''}{' field-wrong' if bound.errors else ''}"
    target = shown(bound.id_for_label)
    drawn = shown(str(control) if isinstance(control, BoundField) else control)
    optional = "" if bound.field.required else f'<span class="field-optional">{shown(_("选填"))}</span>'
    if group:
        joined = f' aria-describedby="{shown(described)}"' if described else ""
        main = (
            f'<fieldset{joined}><legend class="field-label">{shown(bound.label)}{optional}</legend>'
            f'<div class="field-group">{drawn}</div></fieldset>'
        )
    elif tick:
        main = (
            f'<label class="field-tick-label" for="{target}">{drawn}<span>{shown(bound.label)}</span></label>'
        )
    else:
        if unit:
            drawn = f'<span class="field-unit-wrap">{drawn}<span class="field-unit" aria-hidden="true">{shown(unit)}</span></span>'
        main = f'<label class="field-label" for="{target}">{shown(bound.label)}{optional}</label>\n{drawn}'
    return SafeString(f'<div class="{classes}">{main}{_below_field(bound, target, hint, amount)}</div>')


def _below_field(bound: BoundField, target: str, hint: str, amount: bool) -> str:
    below = ""
    key = shown(bound.auto_id)
    if amount:
        below += f'<output class="field-amount" for="{target}" data-amount-preview></output>'
    if hint:
        below += f'<p class="field-help" id="{key}-help">{shown(hint)}</p>'
    if bound.errors:
        said = "".join(f"{shown(error)} " for error in bound.errors)
        below += (
            f'<p class="field-error" id="{key}-error">{drawn_icon("alert-circle", 16)}<span>{said}</span></p>'
        )
    return below


def look_of(widget: object) -> str:
    """The kit's class for a kind of control."""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, Select) and not isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "form-select"
    return "form-control"


def error_summary(form: BaseForm) -> list[dict[str, str]]:
    """One line per wrong field with its label and the id to jump to, the form's own errors first."""
    lines = [{"id": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        lines += [
            {"id": bound.id_for_label or bound.auto_id, "label": str(bound.label), "text": str(text)}
            for text in bound.errors
        ]
    return lines
