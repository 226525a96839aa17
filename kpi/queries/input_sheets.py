"""What a year's scheme asks people for, as sheets (录入表): one per rating, choice, indicator with reported figures, and so on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.models import InputKind
from kpi.queries.calculation import as_of_day
from kpi.queries.inputs import as_recorded, owed_by_project, owed_measures
from kpi.queries.roster import Assessed, assessed_subjects
from kpi.queries.scheme import read_scheme, scheme_in_force
from kpi.scoring.owed import Owner, choices_of, ratings_of
from kpi.scoring.rounding import plain
from kpi.scoring.rules.people import Chosen, Panel, Rating
from kpi.scoring.scheme import Measure, Scheme


@dataclass(frozen=True, slots=True)
class Column:
    """One cell that is asked of a subject. `credited`: whether it is asked of subjects whose facts the product counts."""

    title: str
    unit: str = ""
    part: str = ""
    band: str = ""
    voter: str = ""
    credited: bool = True


@dataclass(frozen=True, slots=True)
class InputSheet:
    """One sheet. `columns` are those of reported figures; `by_project` says that its rows are projects of a subject."""

    kind: InputKind
    code: str
    title: str
    owners: tuple[Owner, ...] = ()
    columns: tuple[Column, ...] = ()
    rating: Rating | None = None
    choice: Chosen | None = None
    by_project: bool = False

    @property
    def name(self) -> str:
        """The sheet's name in addresses."""
        return f"{self.kind}:{self.code}" + (":project" if self.by_project else "")

    @property
    def panels(self) -> tuple[Panel, ...]:
        return self.rating.panels if self.rating else ()

    @property
    def is_optional(self) -> bool:
        """Whether the scheme says what holds when nothing is given."""
        return self.choice is not None and self.choice.default is not None

    @property
    def wanted(self) -> str:
        """What is to be given, in a line."""
        if self.rating is not None:
            return _("0 至 %(most)s 分") % {"most": plain(self.rating.scale)}
        if self.choice is not None:
            words = {"least": plain(self.choice.least), "most": plain(self.choice.most)}
            line = _("%(least)s 至 %(most)s 分，写明酌定人和理由") % words
            default = self.choice.default
            return (
                line if default is None else line + _("；不录入按 %(points)s 分") % {"points": plain(default)}
            )
        return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything a year asks for: the scheme as the product computes it, its sheets, and who is assessed."""

    year: int
    scheme: Scheme | None
    sheets: tuple[InputSheet, ...] = ()
    subjects: tuple[Assessed, ...] = field(default=())

    def sheet(self, name: str) -> InputSheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def subjects_of(self, sheet: InputSheet) -> list[Assessed]:
        """The subjects of which the sheet asks something."""
        return [one for one in self.subjects if self.concerns(sheet, one)]

    def concerns(self, sheet: InputSheet, one: Assessed) -> bool:
        """Whether the sheet asks something of the subject."""
        if self.scheme is None or self.scheme.group_of(one.subject.kind) is None:
            return False
        if sheet.kind == InputKind.MEASURE and not columns_for(sheet, one):
            return False
        owners = sheet.owners
        return not owners or any(self.scheme.concerns(each.applies_to, one.subject.kind) for each in owners)


def kinds_without_subjects(asked: Asked) -> list[str]:
    """The kinds that the scheme's groups name and of which nobody is assessed yet: units that have to be entered."""
    present = {one.subject.kind for one in asked.subjects}
    groups = asked.scheme.groups.values() if asked.scheme else ()
    return [kind for group in groups for kind in group.subjects if kind not in present]


def columns_for(sheet: InputSheet, one: Assessed) -> list[Column]:
    """The reported figures that are asked of the subject: of one that is not credited for facts, all of them."""
    return [column for column in sheet.columns if column.credited or not one.is_credited]


def asked_inputs(year: int, today: date | None = None) -> Asked:
    """What the year's published scheme asks for; no sheets without one."""
    version = scheme_in_force(year, date(year, 12, 31))
    if version is None:
        return Asked(year, None)
    scheme = as_recorded(read_scheme(version))
    subjects = assessed_subjects(year, as_of_day(year, today or timezone.localdate()))
    ranked = tuple(one for one in subjects if scheme.group_of(one.subject.kind))
    return Asked(year, scheme, tuple(sheets_of(scheme)), ranked)


def sheets_of(scheme: Scheme) -> Iterator[InputSheet]:
    """The sheets of a scheme in the order in which one fills them in."""
    if scheme.categories:
        yield InputSheet(InputKind.CATEGORY, "", _("考核类别"))
    for code, rating in ratings_of(scheme).items():
        yield InputSheet(InputKind.RATING, code, rating.rating.title, rating.owners, rating=rating.rating)
    for code, choice in choices_of(scheme).items():
        yield InputSheet(InputKind.CHOICE, code, choice.choice.title, choice.owners, choice=choice.choice)
    for owner in scheme.owners:
        yield from _figures(owner)
    if scheme.exchange is not None and scheme.exchange.rate == "day":
        yield InputSheet(InputKind.RATE, "", _("汇率"))


def _figures(owner: Owner) -> Iterator[InputSheet]:
    """The figures of an indicator or gate that are reported: for a subject as a whole, and project by project."""
    whole = owed_measures(owner, credited=False), owed_measures(owner, credited=True)
    cards = owed_by_project(owner, credited=False), owed_by_project(owner, credited=True)
    for (everything, credited), by_project in ((whole, False), (cards, True)):
        columns = tuple(
            column for code, one in everything.items() for column in _columns(one, credited=code in credited)
        )
        if columns:
            title = _("%(title)s（逐个项目）") % {"title": owner.title} if by_project else owner.title
            yield InputSheet(InputKind.MEASURE, owner.code, title, (owner,), columns, by_project=by_project)


def _columns(definition: Measure, *, credited: bool) -> Iterator[Column]:
    if definition.aggregate != "tiers":
        yield Column(definition.title, definition.unit, definition.code, credited=credited)
    for band in definition.bands if definition.aggregate == "tiers" else ():
        title = f"{definition.title} {band.title}"
        yield Column(title, definition.unit, definition.code, band.code, credited=credited)
