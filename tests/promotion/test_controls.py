"""Controls and rows drawn by Python say the same as Django's templates would."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase
from django.utils.html import format_html

from promotion.web.controls import DRAWN, QuickControls
from promotion.web.rows import drawn_rows

CHOICES = [("", "—"), ("a<b", "甲 & 乙"), ("组", [("1", "一"), ("2", "二")]), (None, "无")]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(), '"><script>'),
    (forms.TextInput(attrs={"required": True, "hidden": False, "data-amount": ""}), None),
    (forms.NumberInput(attrs={"min": 0}), 3.5),
    (forms.DateInput(), date(2026, 11, 27)),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.PasswordInput(), "never shown"),
    (forms.HiddenInput(), 7),
    (forms.Select(choices=CHOICES), "a<b"),
    (forms.SelectMultiple(choices=CHOICES), ["1", "2"]),
    (forms.NullBooleanSelect(), None),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_controls_are_those_of_django(widget: forms.Widget, value: Any) -> None:
    given = {"name": "字段<", "value": value, "attrs": {"id": "id_x", "class": "form-control"}}

    drawn = widget.render(renderer=QuickControls(), **given)  # type: ignore[arg-type]

    SimpleTestCase().assertHTMLEqual(drawn, widget.render(renderer=DjangoTemplates(), **given))  # type: ignore[arg-type]


def test_each_template_that_is_replaced_exists() -> None:
    for name in DRAWN:
        DjangoTemplates().get_template(name)


def test_rows_escape_what_people_typed_and_keep_markup_of_columns() -> None:
    cells = [
        SimpleNamespace(text="<b>", align="start", label="项目", wide=False),
        SimpleNamespace(text=format_html("<i>{}</i>", "&"), align="end", label="“额”", wide=True),
        SimpleNamespace(text=12345, align="day", label="", wide=False),
    ]
    rows = [SimpleNamespace(key="7", url="/x/?a=1&b=2", cells=cells)]

    drawn = drawn_rows(rows, ticks=True)  # type: ignore[arg-type]

    assert '<a class="row-link" href="/x/?a=1&amp;b=2">&lt;b&gt;</a>' in drawn
    assert '<td class="end wide" data-label="“额”"><i>&amp;</i></td>' in drawn
    assert drawn.count("row-link") == 1
    assert 'name="row" value="7"' in drawn
    assert "<td class=" in drawn_rows(rows, ticks=False)  # type: ignore[arg-type]
    assert "data-tick" not in drawn_rows(rows, ticks=False)  # type: ignore[arg-type]
