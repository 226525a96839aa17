"""What a merge of two companies would do: fields side by side, what moves, what is in conflict; and what undoing it would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pghistory.models import Event

from projects.models import (
    Arbitration,
    ArbitrationState,
    Company,
    CompanyMerge,
    DuplicatePair,
    FirstReception,
    Project,
)
from promotion.chinese import fold

# How long a merge can be taken apart again (assumption: no source names a period).
UNDO_WITHIN = timedelta(days=30)
# What is chosen field by field; the reading goes with the name.
CHOSEN_FIELDS = (
    "name",
    "english_name",
    "credit_code",
    "country",
    "region",
    "address",
    "controller",
    "website",
    "group",
)  # fmt: skip
# What tells of the pair itself and stays where it is.
STAYING: tuple[type[models.Model], ...] = (CompanyMerge, DuplicatePair)


@dataclass(frozen=True)
class Relation:
    """A foreign key to companies anywhere in the house, found through the models, so that a later one is not forgotten."""

    model: type[models.Model]
    name: str

    @property
    def key(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    @property
    def label(self) -> str:
        if self.model is Company:
            return _("先前并入的企业")
        return str(self.model._meta.verbose_name_plural)

    def all_rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()  # noqa: SLF001 Django's documented way to a model not known by name

    def rows(self, company: Company) -> QuerySet[Any]:
        return self.all_rows().filter(**{self.name: company})

    def clashing(self, lost: Company, kept: Company) -> QuerySet[Any]:
        """The rows of `lost` that a unique constraint keeps from standing beside those of `kept`."""
        clash = Q(pk__in=[])
        for others, condition in self._unique_sets():
            there = self.rows(kept).filter(condition, **{other: OuterRef(other) for other in others})
            clash |= Q(condition, Exists(there))
        return self.rows(lost).filter(clash)

    def _unique_sets(self) -> Iterator[tuple[list[str], Q]]:
        meta = self.model._meta
        for constraint in meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and self.name in constraint.fields:
                yield [n for n in constraint.fields if n != self.name], constraint.condition or Q()
        for together in meta.unique_together:
            if self.name in together:
                yield [n for n in together if n != self.name], Q()
        if meta.get_field(self.name).unique:  # type: ignore[union-attr]
            yield [], Q()


def relations() -> list[Relation]:
    """Every foreign key to Company but those of row history and of the pair itself, in a fixed order."""
    fields: list[Any] = Company._meta.get_fields(include_hidden=True)
    found = {
        Relation(each.related_model, each.field.name)
        for each in fields
        if each.auto_created
        and not each.concrete
        and (each.one_to_many or each.one_to_one)
        and not issubclass(each.related_model, (Event, *STAYING))
    }
    return sorted(found, key=lambda relation: relation.key)


def relation_of(key: str) -> Relation:
    label, _dot, name = key.rpartition(".")
    return Relation(apps.get_model(label), name)


@dataclass(frozen=True)
class FieldChoice:
    """One field of the two companies; `chosen` is what is taken unless somebody says otherwise ("" asks for a decision)."""

    name: str
    label: str
    kept: str
    lost: str
    chosen: str
    decide: bool = False

    @property
    def differs(self) -> bool:
        return self.kept != self.lost


@dataclass(frozen=True)
class Move:
    """How many rows of a kind go over, how many stay because the other company has the same, and some of their names."""

    label: str
    count: int
    staying: int
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """All that one has to know before two companies become one."""

    kept: Company
    lost: Company

    @cached_property
    def fields(self) -> list[FieldChoice]:
        return [_choice(name, self.kept, self.lost) for name in CHOSEN_FIELDS]

    @cached_property
    def moves(self) -> list[Move]:
        return [
            move for relation in relations() if (move := _move(relation, self.lost, self.kept)) is not None
        ]

    @cached_property
    def receptions(self) -> list[FirstReception]:
        """The two first receptions that hold, when there are two: one has to give way."""
        live = FirstReception.objects.filter(company__in=[self.kept, self.lost], released_at=None)
        found = list(live.select_related("person", "team").order_by("claimed_at", "pk"))
        return found if len(found) > 1 else []

    @cached_property
    def same_projects(self) -> list[str]:
        """Names that projects of both companies bear; they stay two projects."""
        ours = {fold(name) for name in self.kept.projects.values_list("name", flat=True)}
        return [name for name in self.lost.projects.values_list("name", flat=True) if fold(name) in ours]

    @cached_property
    def open_cases(self) -> bool:
        """Whether somebody disputes one of the two first receptions."""
        return Arbitration.objects.filter(
            reception__in=[each.pk for each in self.receptions], state=ArbitrationState.OPEN
        ).exists()


def preview_merge(kept: Company, lost: Company) -> Preview:
    return Preview(kept, lost)


def chosen_of(kept: Company, lost: Company) -> dict[str, str]:
    """What is taken of each field unless somebody says otherwise; a field that must be decided is left out."""
    choices = (_choice(name, kept, lost) for name in CHOSEN_FIELDS)
    return {choice.name: choice.chosen for choice in choices if choice.chosen}


def undo_until(merge: CompanyMerge) -> Any:
    return merge.merged_at + UNDO_WITHIN


def may_still_be_undone(merge: CompanyMerge) -> bool:
    return merge.undone_at is None and timezone.now() <= undo_until(merge)


def projects_since(merge: CompanyMerge) -> QuerySet[Project]:
    """The projects that the kept company was given after the merge; they stay with it."""
    moved = merge.moved.get("projects.Project.company", [])
    return Project.objects.filter(company=merge.kept_id, created_at__gt=merge.merged_at).exclude(pk__in=moved)


def merges_of(company: Company) -> QuerySet[CompanyMerge]:
    """What was merged into the company, latest first, undone ones too."""
    return company.merges_kept.select_related("lost", "merged_by", "undone_by").order_by("-pk")


def moved_counts(merge: CompanyMerge) -> list[tuple[str, int]]:
    """What a merge moved, in words."""
    return [(relation_of(key).label, len(pks)) for key, pks in merge.moved.items()]


def _choice(name: str, kept: Company, lost: Company) -> FieldChoice:
    ours, theirs = _shown(kept, name), _shown(lost, name)
    decide = name == "credit_code" and bool(ours) and bool(theirs) and ours != theirs
    chosen = "" if decide else "lost" if theirs and not ours else "kept"
    label = str(Company._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return FieldChoice(name, label, ours, theirs, chosen, decide)


def _shown(company: Company, name: str) -> str:
    return str(getattr(company, name) or "")


def _move(relation: Relation, lost: Company, kept: Company) -> Move | None:
    rows = relation.rows(lost)
    count = rows.count()
    if not count:
        return None
    live = relation.model is FirstReception
    staying = 0 if live else relation.clashing(lost, kept).count()
    return Move(relation.label, count - staying, staying, [str(row)[:60] for row in _named(rows)])


def _named(rows: QuerySet[Any]) -> list[Any]:
    """A few of the rows, where their kind has names that tell a person something."""
    return list(rows[:3]) if hasattr(rows.model, "name") else []
