"""Input of the API: a field that nobody knows is refused instead of silently ignored."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Strict:
    """Mix into a serializer that reads input, before the serializer class."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
            # A line of a list comes in multipart as “conditions[0]text”.
            unknown = sorted({str(name).partition("[")[0] for name in data} - writable)
            if unknown:
                sentence = _("没有这个字段，或不能在这里修改；可用的字段：%(names)s。") % {
                    "names": "、".join(sorted(writable))
                }
                raise serializers.ValidationError({name: [sentence] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]
