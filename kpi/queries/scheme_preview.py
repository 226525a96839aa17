"""What a draft would make of the year's real facts, before it is saved: points of one indicator, totals and places before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import AssessmentYear, Run, SchemeVersion
from kpi.queries.beside_words import changes_in_words
from kpi.queries.draft_scores import Was, before_change, scored
from kpi.queries.roster import assessed_subjects
from kpi.queries.run import current_run
from kpi.queries.scheme import read_document, read_scheme
from kpi.scoring.beside import NOTHING, Beside, Change, beside_of, changes
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument, SchemeError
from kpi.scoring.results import Item, Standing
from kpi.scoring.scheme import Group, Indicator, Scheme
from kpi.scoring.writing import rewritten
from promotion.errors import Refused

SHOWN = 10
NO_GROUPS = gettext_lazy("细则还没有写分组，不知道谁和谁比；请先加一个分组。")
TOP = "top:"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One subject: its points in the indicator, and total and place with the draft as saved and as changed."""

    code: str
    name: str
    item: Item
    points_before: Decimal | None
    total: Decimal
    total_before: Decimal
    place: int
    place_before: int
    undecided: int
    changes: tuple[Change, ...] = ()

    @property
    def said(self) -> str:
        """What changes beside the score: grade, gates, cards, awards."""
        return changes_in_words(self.changes)

    @property
    def gain(self) -> Decimal:
        return self.total - self.total_before

    @property
    def places_gained(self) -> int:
        return self.place_before - self.place


@dataclass(frozen=True, slots=True)
class Preview:
    """The trial of a changed draft; `warnings` are what looks mistaken in the indicator, `moved` counts changed places."""

    run: Run
    indicator: Indicator
    group: Group
    applies: bool
    size: int
    rows: tuple[PreviewRow, ...]
    moved: int
    warnings: tuple[str, ...]


def checked(
    version: SchemeVersion, document: Mapping[str, Any]
) -> tuple[Scheme | None, tuple[SchemeError, ...]]:
    """The changed draft as typed values, or its faults with the lines they would have in the saved text."""
    try:
        return parse_scheme(document, draft=True), ()
    except InvalidDocument as invalid:
        faults = invalid.errors
    try:
        parse_scheme(rewritten(version.text, document), draft=True)
    except InvalidDocument as invalid:
        return None, invalid.errors
    return None, faults


def of_year(document: Mapping[str, Any], year: int) -> Scheme:
    """A draft read as if it were for another year, so that it can be tried on that year's facts."""
    return parse_scheme({**document, "year": year, "holds_from": f"{year}-01-01"}, draft=True)


def run_to_try(year: int) -> Run | None:
    """The run on whose facts a draft of the year is tried: that of the year, else the newest there is."""
    if (found := current_run(year)) is not None:
        return found
    years = AssessmentYear.objects.exclude(current_run=None).select_related("current_run__scheme")
    newest = years.order_by("-year").first()
    return newest.current_run if newest else None


def subjects_offered(scheme: Scheme, run: Run) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a preview may show, by group: the first ten, or one subject."""
    assessed = assessed_subjects(run.year, run.as_of)
    found = []
    for code, group in scheme.groups.items():
        own = [(one.subject.code, one.subject.name) for one in assessed if one.subject.kind in group.subjects]
        top = _("%(group)s前 %(count)s 名") % {"group": group.title, "count": SHOWN}
        found.append((group.title, [(f"{TOP}{code}", top), *sorted(own)]))
    return found


def tried(
    scheme: Scheme, version: SchemeVersion, document: Mapping[str, Any], *, code: str, who: str
) -> Preview:
    """The trial of a document that has been checked. Raises Refused where there is nothing to try it on."""
    if code not in {one.code for one in scheme.indicators}:
        raise Refused(_("没有代码为“%(code)s”的指标。") % {"code": code}, fields={"indicator": code})
    run = run_to_try(version.year)
    if run is None:
        raise Refused(_("还没有核算过，没有业绩可以试算；请先发起一次核算。"))
    saved = read_scheme(version)
    if run.year != version.year:
        scheme, saved = of_year(document, run.year), of_year(read_document(version), run.year)
    return preview(changed=scheme, saved=saved, code=code, who=who, run=run)


def preview(*, changed: Scheme, saved: Scheme, code: str, who: str, run: Run) -> Preview:
    """The points that the indicator of that code would give. Raises Refused where a preview would take too long."""
    indicator = next(one for one in changed.indicators if one.code == code)
    group, chosen = _asked(changed, indicator, who, run)
    work = scored(changed, group, run)
    beside = beside_of(work.outcomes.values(), work.candidates)
    before = before_change(saved, group, run)
    rows = [_row(one, before.get(one.sheet.subject.code), code, beside) for one in work.standings[group.code]]
    shown = [row for row in rows if row.code == chosen] if chosen else rows[:SHOWN]
    return Preview(
        run,
        indicator,
        group,
        applies=any(changed.concerns(indicator.applies_to, kind) for kind in group.subjects),
        size=len(rows),
        rows=tuple(shown),
        moved=sum(row.places_gained != 0 for row in rows),
        warnings=_warnings(changed, indicator),
    )


def _asked(scheme: Scheme, indicator: Indicator, who: str, run: Run) -> tuple[Group, str]:
    """The group that is tried, and the one subject of it that is shown, if any."""
    if not scheme.groups:
        raise Refused(str(NO_GROUPS))
    if who.startswith(TOP) and who.removeprefix(TOP) in scheme.groups:
        return scheme.groups[who.removeprefix(TOP)], ""
    for one in assessed_subjects(run.year, run.as_of) if who and not who.startswith(TOP) else ():
        if one.subject.code == who and (group := scheme.group_of(one.subject.kind)) is not None:
            return group, who
    concerned = [
        group
        for group in scheme.groups.values()
        if any(scheme.concerns(indicator.applies_to, kind) for kind in group.subjects)
    ]
    return (concerned or list(scheme.groups.values()))[0], ""


def _row(after: Standing, before: Was | None, code: str, beside: Mapping[str, Beside]) -> PreviewRow:
    sheet = after.sheet
    now = beside.get(sheet.subject.code, NOTHING)
    item = sheet.item(code)
    if item is None:
        raise KeyError(code)
    return PreviewRow(
        code=sheet.subject.code,
        name=sheet.subject.name,
        item=item,
        points_before=before.points.get(code) if before else None,
        total=sheet.total,
        total_before=before.total if before else sheet.total,
        place=after.place,
        place_before=before.place if before else after.place,
        undecided=len(sheet.undecided),
        changes=changes(before.beside, now) if before else (),
    )


def _warnings(scheme: Scheme, indicator: Indicator) -> tuple[str, ...]:
    """What looks mistaken in the indicator, without the paths of the text."""
    own = f"indicators[{scheme.indicators.index(indicator)}]"
    found = (one.partition("：") for one in scheme.warnings)
    return tuple(words for path, _colon, words in found if path.split(" ")[-1].startswith(own))
