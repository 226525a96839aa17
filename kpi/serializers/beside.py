"""What the API shows of changes beside a score."""

from typing import Any

from rest_framework import serializers

from kpi.queries.beside_words import change_words
from kpi.scoring.beside import Change


class BesideChangeSerializer(serializers.Serializer[Any]):
    """One change of grade, gates, cards or awards.

    `kind` is grade, gate, card, award or notice; `before` and `after` are titles, empty where there is nothing.
    """

    kind = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    words = serializers.SerializerMethodField(help_text="The change as a short phrase.")

    def get_words(self, change: Change) -> str:
        return change_words(change)
