"""Fields that several forms share."""

from decimal import Decimal
from typing import Any

from django import forms

from promotion.errors import Refused
from promotion.money import WAN, parse_amount


class AmountField(forms.CharField):
    """Money as people type it (“3.5亿”), cleaned to 元; a bare number is in `default_unit`, 万 unless another is given."""

    def __init__(self, *, default_unit: Decimal = WAN, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 30, **kwargs})
        self.default_unit = default_unit

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, default_unit=self.default_unit)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused


def day_input() -> forms.DateInput:
    """The browser's own date picker, filled in ISO form."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
