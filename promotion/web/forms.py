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
