"""Addresses of other resources in answers."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse


@extend_schema_field(OpenApiTypes.URI)
class Link(serializers.Field):  # type: ignore[type-arg]
    """The whole address of a resource by its key; null where there is none."""

    def __init__(self, view_name: str, **more: Any) -> None:
        self.view_name = view_name
        super().__init__(read_only=True, **more)

    def to_representation(self, value: Any) -> str | None:
        if value is None:
            return None
        return str(reverse(self.view_name, args=[value], request=self.context.get("request")))
