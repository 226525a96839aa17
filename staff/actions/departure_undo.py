"""What leaving touches, kept before and after, and written back when somebody stays after all."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from promotion.errors import Conflict
from staff.models import Delegation, Person

Kept = list[dict[str, Any]]


def rows_leaving_touches(person: Person, ends_on: date) -> list[models.Model]:
    """The posts, contracts, days away and lent work that leaving on the day may end or drop."""
    running = Q(ends_on=None) | Q(ends_on__gt=ends_on)
    lent = Delegation.objects.filter(Q(principal=person) | Q(delegate=person), ends_on__gt=ends_on)
    sets: Sequence[models.QuerySet[Any]] = (
        person.appointments.filter(running),
        person.contracts.filter(running | Q(state="draft")),
        person.absences.filter(running),
        lent,
    )
    return [row for rows in sets for row in rows.order_by("pk")]


def present(rows: Iterable[models.Model]) -> list[models.Model]:
    """The same rows as the database has them now, without those that are gone."""
    found: list[models.Model] = []
    for row in rows:
        found += models.QuerySet(type(row)).filter(pk=row.pk)
    return found


def kept(rows: Iterable[models.Model]) -> Kept:
    """The rows field by field as text, moments to the microsecond."""
    return [
        {
            "model": row._meta.label_lower,
            "pk": row.pk,
            "fields": {
                field.attname: None if getattr(row, field.attname) is None else field.value_to_string(row)
                for field in row._meta.concrete_fields
            },
        }
        for row in rows
    ]


def put_back(undo: dict[str, Kept]) -> int:
    """Write the rows as they were before; gives how many changed.

    Raises Conflict when one of them was changed since leaving was opened.
    """
    before, after = undo.get("before", []), undo.get("after", [])
    if kept(present(_row(each) for each in after)) != after:
        raise Conflict(
            _("办理离职之后，任职、合同、离岗或委托又有改动，不能自动恢复；请在那一天之后办返聘。")
        )
    changed = [each for each in before if each not in after]
    # Dropped rows come last: what they would overlap with has its old end again by then.
    gone = {_key(each) for each in before} - {_key(each) for each in after}
    for each in sorted(changed, key=lambda each: _key(each) in gone):
        _row(each).save()
    return len(changed)


def _row(each: dict[str, Any]) -> models.Model:
    model = apps.get_model(each["model"])
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(text) for name, text in each["fields"].items()})


def _key(each: dict[str, Any]) -> tuple[str, int]:
    return each["model"], each["pk"]
