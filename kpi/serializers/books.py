"""Official tables as other systems read of them."""

from typing import Any

from rest_framework import serializers


class BookSerializer(serializers.Serializer[Any]):
    """A table that the caller may take; `lacking` says what it waits for, empty when it can be taken."""

    code = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    lacking = serializers.CharField(allow_blank=True)
