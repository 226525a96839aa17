"""A target (目标) that indicators are held against; what each subject is to reach is set elsewhere."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.facts import OWN_UNITS
from kpi.forms.indicator.part import (
    CannotShow,
    Entry,
    Number,
    Part,
    Place,
    missing,
    number_or_none,
    put,
    put_usual,
    read_number,
)

OF = "default_"


class TargetEntryForm(Part):
    """Its name and unit, and what holds for those to whom nobody set a value."""

    heading = gettext_lazy("目标")
    template = "kpi/parts/target_entry.html"

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    periods = forms.ChoiceField(
        label=gettext_lazy("季度、月度的目标"),
        choices=(
            ("given", gettext_lazy("逐个下达，没下达的待定")),
            ("equal", gettext_lazy("没下达的按全年平均分")),
        ),
    )
    default = Number(
        label=gettext_lazy("没有单独下达的按多少"),
        required=False,
        help_text=gettext_lazy("不填时，没下达的这一项列为待定"),
    )

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        default = entry.get("default")
        by_class = (
            {f"{OF}{name}": number_or_none(value) for name, value in default.items()}
            if isinstance(default, Mapping)
            else {}
        )
        return {
            "title": entry.get("title", ""),
            "unit": entry.get("unit", "个"),
            "periods": entry.get("periods", "given"),
            "default": None if isinstance(default, Mapping) else read_number(entry, "default"),
            **by_class,
        }

    def prepare(self, entry: Entry) -> None:
        units = [*OWN_UNITS, *({self.initial["unit"]} - set(OWN_UNITS))]
        self.fields["unit"] = forms.ChoiceField(label=_("单位"), choices=[(one, one) for one in units])
        classes = self.setting.scheme.categories
        if {name for name in self.initial if name.startswith(OF)} - {f"{OF}{name}" for name in classes}:
            raise CannotShow
        for name, title in classes.items():
            label = _("%(category)s没有单独下达的按多少") % {"category": title}
            self.fields[f"{OF}{name}"] = Number(label=label, required=False)
        if classes:
            self.fields["default"].label = _("不分类别时，没有单独下达的按多少")

    def by_class(self) -> list[forms.BoundField]:
        """The fields of the categories."""
        return [self[name] for name in self.fields if name.startswith(OF)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        values = self._by_class(cleaned)
        given = [name for name, value in values.items() if value is not None]
        if given and len(given) < len(values):
            lacking = next(name for name in values if name not in given)
            self.add_error(f"{OF}{lacking}", missing(_("各类都要写；不要求的写 0。")))
        if given and cleaned.get("default") is not None:
            self.add_error("default", _("分类别写了，这一格就不填。"))
        return cleaned

    def _by_class(self, cleaned: Mapping[str, Any]) -> dict[str, Decimal | None]:
        return {name: cleaned.get(f"{OF}{name}") for name in self.setting.scheme.categories}

    def write(self, entry: Entry, document: Entry) -> None:
        cleaned = self.cleaned_data
        entry["title"] = cleaned["title"]
        put_usual(entry, "unit", cleaned["unit"], "个")
        values = {name: value for name, value in self._by_class(cleaned).items() if value is not None}
        if values:
            held = entry.get("default")
            entry["default"] = dict(held) if isinstance(held, Mapping) else {}
            for name, value in values.items():
                put(entry["default"], name, value)
        else:
            put(entry, "default", cleaned["default"])
        put_usual(entry, "periods", cleaned["periods"], "given")

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield from (((name,), name) for name in ("title", "unit", "periods", "default"))
        yield from ((("default", name), f"{OF}{name}") for name in self.setting.scheme.categories)
