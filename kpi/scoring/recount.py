"""Measures of a sealed year counted line by line, the way a bare Python can: the counterpart of the product's statements in SQL."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from kpi.scoring.evaluate import Entry
from kpi.scoring.facts import CreditLine, MeasureValue
from kpi.scoring.held import held_categories
from kpi.scoring.measures import measure
from kpi.scoring.owed import Owner, project_measures, reported_by_project, reported_of
from kpi.scoring.results import Subject
from kpi.scoring.rounding import total
from kpi.scoring.scheme import Measure
from kpi.scoring.sealed import SealedYear


class Counting:
    """The measures of one subject: counted from its lines, or as people reported them."""

    def __init__(self, year: SealedYear, code: str, *, credited: bool) -> None:
        self.year, self.code, self.credited = year, code, credited
        self.counts: Callable[[Measure], bool] = year.counts if credited else lambda _one: False

    def entry(self, subject: Subject) -> Entry:
        year, owners = self.year, self.year.scheme.owners
        projects = {
            owner.code: found
            for owner in owners
            if (found := self._reported_projects(owner)) or reported_by_project(owner, self.counts)
        }
        held = list(year.held.get(self.code, {}).items())
        ballots = {
            code: tuple(sorted(found, key=lambda ballot: (ballot.panel, ballot.by)))
            for code, found in year.ballots.get(self.code, {}).items()
        }
        return Entry(
            subject=subject,
            measures={owner.code: self._measures(owner) for owner in owners},
            targets=year.targets.get(self.code, {}),
            lines=year.converted.get(self.code, ()) if self.credited else (),
            projects=projects,
            ballots=ballots,
            choices=year.choices.get(self.code, {}),
            categories=held_categories(year.scheme, held, year.until),
            cards={
                owner.code: self._cards(owner, projects.get(owner.code, {}))
                for owner in owners
                if self.credited and self._needs_cards(owner)
            },
        )

    def _measures(self, owner: Owner) -> dict[str, MeasureValue]:
        found = {}
        if self.credited:
            for code, one in owner.measures.items():
                if year_lines := self._known_lines(owner, one):
                    found[code] = measure(one, year_lines[0])
        return found | self._values(
            self.year.reported[self.code][owner.code][""], reported_of(owner, self.counts)
        )

    def _known_lines(self, owner: Owner, one: Measure, project: str = "") -> tuple[list[CreditLine]] | None:
        """The lines a measure counts; None when it is reported, or not known what it would count."""
        year = self.year
        if not year.counts(one) or [owner.code, one.code] in year.about["unknown"]:
            return None
        listed = any(
            condition.operator == "on_list" or condition.attribute == "investor" for condition in one.where
        )
        by_line = one.since is not None or one.converted or listed or one.at_most is not None or bool(project)
        own = (year.converted if by_line else year.lines).get(self.code, [])
        if one.since is not None:
            own = [*year.earlier_converted.get(self.code, ()), *own]
        if project:
            own = [line for line in own if (line.fact.project or line.fact.id) == project]
        if one.converted and any(line.fact.id in year.lacking for line in own if line.fact.kind in one.kinds):
            return None
        return (own,)

    def _needs_cards(self, owner: Owner) -> bool:
        used = project_measures(owner)
        return any(
            (one.since is not None or one.converted) and self.year.counts(one)
            for code, one in owner.measures.items()
            if code in used
        )

    def _cards(
        self, owner: Owner, reported: Mapping[str, Mapping[str, MeasureValue]]
    ) -> dict[str, dict[str, MeasureValue]]:
        """The measures of each project with what was reported of it put in."""
        year, found = self.year, {}
        lines = [*year.earlier_converted.get(self.code, ()), *year.converted.get(self.code, ())]
        for project in sorted({line.fact.project or line.fact.id for line in lines}):
            values = {}
            for code, one in owner.measures.items():
                if own := self._known_lines(owner, one, project):
                    values[code] = measure(one, own[0])
            if any(value.counted or value.excluded for value in values.values()):
                found[project] = values
        return {
            project: found.get(project, {}) | dict(reported.get(project, {}))
            for project in {**found, **reported}
        }

    def _reported_projects(self, owner: Owner) -> dict[str, dict[str, MeasureValue]]:
        owed = reported_by_project(owner, self.counts)
        if not owed:
            return {}
        given = self.year.reported[self.code][owner.code]
        return {project: self._values(own, owed) for project, own in given.items() if project}

    def _values(
        self, given: Mapping[str, Mapping[str, Decimal]], owed: Mapping[str, Measure]
    ) -> dict[str, MeasureValue]:
        found = {}
        for code, bands in given.items():
            one = owed.get(code)
            if one is None:
                continue
            if one.aggregate != "tiers":
                if "" in bands:
                    found[code] = MeasureValue(bands[""])
            elif all(band.code in bands for band in one.bands):
                whole = {band.code: bands[band.code] for band in one.bands}
                found[code] = MeasureValue(total(whole.values()), whole)
        return found
