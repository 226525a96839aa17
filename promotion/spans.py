"""Rows that hold for some days or hours: of the same thing no two at once, kept by the database.

Spans are half-open: the end is the first day or moment that no longer counts, and an empty one is open.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models


def once_a_day(
    name: str,
    *same: str,
    start: str = "starts_on",
    end: str = "ends_on",
    condition: models.Q | None = None,
) -> ExclusionConstraint:
    """No two rows alike in `same` share a day of [start, end)."""
    days = models.Func(models.F(start), models.F(end), function="daterange", output_field=DateRangeField())
    return _never_overlapping(name, same, days, condition)


def once_at_a_time(name: str, *same: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """No two rows alike in `same` share a moment of [starts_at, ends_at)."""
    moments = models.Func(
        models.F("starts_at"),
        models.F("ends_at"),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    return _never_overlapping(name, same, moments, condition)


def _never_overlapping(
    name: str, same: tuple[str, ...], span: "models.Func[Any]", condition: models.Q | None
) -> ExclusionConstraint:
    alike = [(each, RangeOperators.EQUAL) for each in same]
    return ExclusionConstraint(
        name=name, expressions=[*alike, (span, RangeOperators.OVERLAPS)], condition=condition
    )
