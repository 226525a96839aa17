"""What the API shows of a year's course."""

from typing import Any

from rest_framework import serializers

from kpi.queries.course import Progress


class YearStepSerializer(serializers.Serializer[Any]):
    """A step of the year (年度进程) and how far it is."""

    code = serializers.CharField()
    title = serializers.CharField()
    progress = serializers.ChoiceField(choices=[(each.value, each.name) for each in Progress])
    detail = serializers.CharField(help_text="The figures that say so, in a sentence.")
