"""Checklists of evidence: which papers a fact is proved by, what fulfils each, and where else a paper was used."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import Achievement, Document, EvidenceRequirement, Necessity, Project
from promotion import prepared


@dataclass(frozen=True)
class Slot:
    """One paper of a checklist with what fulfils it."""

    document_type: str
    label: str
    is_required: bool
    note: str
    documents: tuple[Document, ...]

    @property
    def is_fulfilled(self) -> bool:
        return bool(self.documents)


@dataclass(frozen=True)
class Checklist:
    """What a fact is proved by: the slots in their order, and the papers that no slot asks for."""

    slots: tuple[Slot, ...]
    others: tuple[Document, ...]

    @property
    def required(self) -> int:
        return sum(slot.is_required for slot in self.slots)

    @property
    def fulfilled(self) -> int:
        """How many required papers are there."""
        return sum(slot.is_required and slot.is_fulfilled for slot in self.slots)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required papers that are not there, by name."""
        return tuple(slot.label for slot in self.slots if slot.is_required and not slot.is_fulfilled)

    @property
    def papers(self) -> int:
        return sum(len(slot.documents) for slot in self.slots) + len(self.others)

    @property
    def count_text(self) -> str:
        """“2/3”, or only how many papers there are where nothing is required."""
        return f"{self.fulfilled}/{self.required}" if self.required else str(self.papers)

    @property
    def missing_text(self) -> str:
        """“缺验资报告、营业执照”; empty when nothing is missing."""
        return _("缺%(papers)s") % {"papers": "、".join(self.missing)} if self.missing else ""


def demanded(
    requirements: Iterable[EvidenceRequirement],
    *,
    kind: str,
    project_class: str,
    capital_source: str,
    on: date,
) -> list[EvidenceRequirement]:
    """The lines that hold for such a fact on the day, in their order; of one type of document the narrowest."""
    narrowest: dict[str, EvidenceRequirement] = {}
    for one in requirements:
        fits = (
            one.kind == kind
            and one.project_class in ("", project_class)
            and one.capital_source in ("", capital_source)
            and one.holds_from <= on
            and (one.holds_until is None or one.holds_until > on)
        )
        if fits and (
            one.document_type not in narrowest or _width(one) < _width(narrowest[one.document_type])
        ):
            narrowest[one.document_type] = one
    return sorted(narrowest.values(), key=lambda one: (one.position, one.pk or 0))


def _width(requirement: EvidenceRequirement) -> tuple[bool, bool]:
    """A line for one class is narrower than one for a source of capital, that one narrower than one for all."""
    return (not requirement.project_class, not requirement.capital_source)


def demanded_of(kind: str, project: Project | None, on: date) -> list[EvidenceRequirement]:
    """What a report of this kind is asked for on the day; one query."""
    return demanded(
        EvidenceRequirement.objects.filter(kind=kind),
        kind=kind,
        project_class=project.project_class if project else "",
        capital_source=project.capital_source if project else "",
        on=on,
    )


_REQUIREMENTS = prepared.Prepared(
    lambda: EvidenceRequirement.objects.filter(prepared.IsAnyOf(F("kind"), prepared.Slot("kinds")))
)
_PAPERS = prepared.Prepared(
    lambda: (
        Document.objects.filter(
            prepared.IsAnyOf(F("achievement"), prepared.Slot("achievements")), replaced_at=None
        )
        .select_related("uploaded_by", "replaces__uploaded_by")
        .order_by("id")
    )
)


def checklists_of(achievements: Sequence[Achievement]) -> dict[int, Checklist]:
    """The checklist of each (by key), by the lines of the day on which it happened; two queries however many there are.

    The achievements come from a visible set, with their projects at hand.
    """
    if not achievements:
        return {}
    kinds = {one.kind for one in achievements}
    requirements = _REQUIREMENTS.rows(kinds=sorted(kinds))
    papers: dict[int | None, list[Document]] = defaultdict(list)
    for document in _PAPERS.rows(achievements=[one.pk for one in achievements]):
        papers[document.achievement_id].append(document)
    return {one.pk: _checklist(one, requirements, papers[one.pk]) for one in achievements}


def checklist_of(achievement: Achievement) -> Checklist:
    """The checklist of one."""
    return checklists_of([achievement])[achievement.pk]


def _checklist(
    achievement: Achievement, requirements: list[EvidenceRequirement], papers: list[Document]
) -> Checklist:
    project = achievement.project
    lines = demanded(
        requirements,
        kind=achievement.kind,
        project_class=project.project_class if project else "",
        capital_source=project.capital_source if project else "",
        on=achievement.happened_on,
    )
    asked = {line.document_type for line in lines}
    slots = tuple(
        Slot(
            line.document_type,
            str(line.get_document_type_display()),
            line.necessity == Necessity.REQUIRED,
            line.note,
            tuple(paper for paper in papers if paper.document_type == line.document_type),
        )
        for line in lines
    )
    return Checklist(slots, tuple(paper for paper in papers if paper.document_type not in asked))


def listed_requirements() -> QuerySet[EvidenceRequirement]:
    """All lines, ended ones too; everybody may read what is asked for."""
    return EvidenceRequirement.objects.all()


def requirements_by_kind(on: date, *, ended: bool = False) -> list[tuple[Any, list[EvidenceRequirement]]]:
    """The lines that hold on the day or will hold (and with `ended` those that did), by kind in the order of the model."""
    lines = EvidenceRequirement.objects.order_by("position", "id")
    if not ended:
        lines = lines.filter(Q(holds_until=None) | Q(holds_until__gt=on))
    by_kind: dict[str, list[EvidenceRequirement]] = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    field = EvidenceRequirement._meta.get_field("kind")
    return [(label, by_kind[kind]) for kind, label in field.flatchoices if kind in by_kind]


def editions_of(document: Document) -> list[Document]:
    """The chain that a file belongs to, the newest first; one query."""
    place = {
        "achievement": document.achievement_id,
        "project": document.project_id,
        "follow_up": document.follow_up_id,
    }
    rows = {one.pk: one for one in Document.objects.filter(**place).select_related("uploaded_by")}
    newer = {one.replaces_id: one for one in rows.values() if one.replaces_id}
    newest = rows.get(document.pk, document)
    while newest.pk in newer:
        newest = newer[newest.pk]
    chain = [newest]
    while chain[-1].replaces_id in rows:
        chain.append(rows[chain[-1].replaces_id])
    return chain


@dataclass(frozen=True)
class SecondUse:
    """A paper that also proves something else. `url` is empty where the reader may not open it."""

    title: str
    elsewhere: str
    url: str


def second_uses_of(achievements: Sequence[Achievement]) -> dict[int, list[SecondUse]]:
    """Papers of these achievements whose content (SHA-256) proves another achievement too; two queries."""
    own = list(
        Document.objects.filter(
            achievement__in=[one.pk for one in achievements], replaced_at=None
        ).values_list("achievement", "digest", "title")
    )
    if not own:
        return {}
    others: dict[str, list[Document]] = defaultdict(list)
    same = Document.objects.filter(
        digest__in={digest for _pk, digest, _title in own}, achievement__isnull=False
    ).exclude(achievement__state="withdrawn")
    for document in same.select_related("achievement__project", "achievement__person").order_by("id"):
        others[document.digest].append(document)
    found: dict[int, list[SecondUse]] = defaultdict(list)
    for pk, digest, title in own:
        for other in others[digest]:
            if other.achievement is not None and other.achievement_id != pk:
                found[pk].append(_second_use(title, other.achievement))
    return found


def _second_use(title: str, other: Achievement) -> SecondUse:
    elsewhere = f"{other.project or other.person} {other.get_kind_display()} {other.happened_on}"
    return SecondUse(title, elsewhere, reverse("projects:achievement", args=[other.public_id]))


def same_content_elsewhere(document: Document) -> list[SecondUse]:
    """Where else a file of this content proves something; one query."""
    same = Document.objects.filter(digest=document.digest, achievement__isnull=False)
    others = same.exclude(achievement=document.achievement_id).exclude(achievement__state="withdrawn")
    related = ("achievement__project", "achievement__person")
    return [
        _second_use(document.title, one.achievement)
        for one in others.select_related(*related).order_by("id")[:10]
        if one.achievement is not None
    ]
