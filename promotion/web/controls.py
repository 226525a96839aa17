"""Inputs and selects of forms, drawn by Python instead of Django's templates, to the same HTML.

A list's filters hold a hundred options, and a template per option cost a third of the page. Anything else a form draws
still comes from the templates.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
INPUTS = "checkbox date datetime email hidden input number password search tel text time url".split()


class QuickControls(DjangoTemplates):
    """The form renderer of the house (settings.FORM_RENDERER)."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else mark_safe(super().render(template_name, context, request))  # noqa: S308 Django's own template


def drawn_input(widget: Mapping[str, Any]) -> SafeString:
    """One input element; without a value attribute when there is no value."""
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    return mark_safe(  # noqa: S308 every part is escaped
        f'<input type="{_escaped(widget["type"])}" name="{_escaped(widget["name"])}"{value}{_attributes(widget["attrs"])}>'
    )


def drawn_select(widget: Mapping[str, Any]) -> SafeString:
    """A select with its groups and options."""
    lines = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        drawn = _options(options)
        lines += [f'<optgroup label="{_escaped(group)}">', *drawn, "</optgroup>"] if group else drawn
    return mark_safe("\n".join([*lines, "</select>"]))  # noqa: S308 every part is escaped


def _options(options: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        f'<option value="{_escaped(one["value"])}"{_attributes(one["attrs"])}>{_escaped(one["label"])}</option>'
        for one in options
    ]


def _attributes(attributes: Mapping[str, Any]) -> str:
    """Attributes in Django's way: True stands alone, False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    return conditional_escape(value if hasattr(value, "__html__") else str(value))


DRAWN = {f"{WIDGETS}{name}.html": drawn_input for name in INPUTS} | {f"{WIDGETS}select.html": drawn_select}
