"""A year's calculation on a copy (试算): what a run found, read again, to which assumed facts are added. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Q

from kpi.models import Run, RunSubtotals
from kpi.queries.calculation import Calculation, entries_of, prepare, take_subtotals
from kpi.queries.gathered import completed, entry_parts
from kpi.queries.investors import kinds_by_investor, named, names_by_project
from kpi.queries.ledger import live_lines
from kpi.queries.line_book import LineBook, rate_on
from kpi.queries.lines import by_subject, needs_lines
from kpi.queries.measures import Extent, SubjectKey
from kpi.queries.roster import Assessed
from kpi.queries.scheme import read_scheme
from kpi.queries.subtotals import ENGINE, in_full, read_subtotals, written
from kpi.scoring.beside import NOTHING, Change, changes
from kpi.scoring.evaluate import Entry
from kpi.scoring.facts import CreditLine, Fact
from kpi.scoring.results import Sheet
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Scheme
from kpi.scoring.what_if import Copy, Effect, effect_of, entry_with
from staff.models import Appointment, TeamKind

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Credited:
    """A fact that is assumed, and whose it would be: person, role and share (0 to 1).

    `project_name` is what its project is called in sentences, `foreign` its amount in another currency with that currency.
    """

    fact: Fact
    shares: tuple[tuple[int, str, Decimal], ...]
    project_name: str = ""
    foreign: tuple[str, Decimal] | None = None


Added = Mapping[SubjectKey, Sequence[CreditLine]]


class Trial:
    """The calculation of a run on a day, ready for changes; each is tried out on its own."""

    def __init__(self, calculation: Calculation, projects: Iterable[int], people: Iterable[int]) -> None:
        self.calculation = calculation
        self.copy = Copy(calculation.scheme, entries_of(calculation), calculation.elapsed)
        self.subjects: dict[SubjectKey, Assessed] = {one.key: one for one in calculation.subjects}
        self._teams = _ranked_teams(set(people))
        self._near = _lines_of(calculation.extent, set(projects))
        asks_investor = bool(kinds_by_investor(calculation.scheme))
        self._investors = names_by_project(projects) if asks_investor else {}

    @property
    def scheme(self) -> Scheme:
        return self.calculation.scheme

    def sheets_with(self, facts: Iterable[Credited]) -> dict[str, Sheet]:
        """Everybody's sheet if these facts were recognised too, each once; the trial was made for their projects and people."""
        return self.copy.with_entries(self._changed(facts))

    def _changed(self, facts: Iterable[Credited]) -> dict[str, Entry]:
        """The entries that the facts change."""
        facts = [self._with_investor(one) for one in {one.fact.id: one for one in facts}.values()]
        names = {one.fact.project: one.project_name for one in facts if one.fact.project and one.project_name}
        changed: dict[str, Entry] = {}
        book = self._book_with(facts) if needs_lines(self.scheme) else None
        for key, added in self.lines_of(facts).items():
            one = self.subjects.get(key)
            if one is None or not one.is_credited:
                continue
            entry = self.copy.entries[one.subject.code]
            entry = replace(entry, names={**names, **entry.names})
            entry = entry_with(self.scheme, entry, self.near(key, added), added)
            changed[one.subject.code] = self._by_lines(one, entry, book) if book else entry
        return changed

    def _with_investor(self, one: Credited) -> Credited:
        """The fact with its investor, where the scheme asks for investors."""
        names = self._investors.get(one.fact.project or "")
        return replace(one, fact=named(one.fact, names)) if names else one

    def beside_changes(self, facts: Iterable[Credited], key: SubjectKey) -> tuple[Change, ...]:
        """What the facts change beside a subject's score: grade, gates, cards, awards."""
        changed, code = self._changed(facts), self.subjects[key].subject.code
        before = self.copy.beside(self.copy.sheets, {})
        after = self.copy.beside(self.copy.with_entries(changed), changed)
        return changes(before.get(code, NOTHING), after.get(code, NOTHING))

    def _book_with(self, facts: Iterable[Credited]) -> LineBook:
        """The lines that single statements cannot measure, with those of the facts at the scheme's exchange rates."""
        book, rates = self.calculation.gathered.book, self.calculation.gathered.inputs.rates
        lacking: set[str] = set()
        converted = []
        for one in facts:
            fact = one.fact
            if self.scheme.exchange is not None and one.foreign is not None:
                currency, amount = one.foreign
                rate = rate_on(self.scheme.exchange, rates, currency, fact.on)
                lacking |= {fact.id} if rate is None else set()
                fact = replace(fact, amount=CONTEXT.multiply(amount, rate or Decimal(0)))
            converted.append(replace(one, fact=fact))
        added = self.lines_of(converted)
        lines = {**book.lines, **{key: [*book.lines.get(key, ()), *more] for key, more in added.items()}}
        return replace(book, lines=lines, without_rate=book.without_rate | lacking)

    def _by_lines(self, one: Assessed, entry: Entry, book: LineBook) -> Entry:
        """The entry with everything that only lines tell, counted anew from the book."""
        gathered = replace(self.calculation.gathered, book=book)
        parts = entry_parts(gathered, self.scheme, one, self.calculation.extent.as_of)
        measures = {
            owner.code: completed(gathered, owner, one, dict(entry.measures[owner.code]))
            for owner in self.scheme.owners
        }
        return replace(entry, measures=measures, **parts)

    def lines_of(self, facts: Iterable[Credited]) -> dict[SubjectKey, list[CreditLine]]:
        """The lines the facts would post: for each person, and for the team that is ranked for it on that day."""
        found: dict[SubjectKey, list[CreditLine]] = defaultdict(list)
        for one in facts:
            for person, role, share in one.shares:
                keys: list[SubjectKey] = [("person", person)]
                if (team := self.team_of(person, one.fact.on)) is not None:
                    keys.append(("team", team))
                for key in keys:
                    found[key].append(CreditLine(one.fact, f"{key[0]}:{key[1]}", role, share))
        return dict(found)

    def near(self, key: SubjectKey, added: Sequence[CreditLine]) -> list[CreditLine]:
        """The lines the subject already has of the projects of the added ones."""
        projects = {line.fact.project for line in added}
        return [line for line in self._near.get(key, ()) if line.fact.project in projects]

    def team_of(self, person: int, on: date) -> int | None:
        """The team that is ranked for what the person does on the day."""
        for starts, ends, team in self._teams.get(person, ()):
            if starts <= on and (ends is None or ends > on):
                return team
        return None

    def effect(self, facts: Iterable[Credited], key: SubjectKey) -> Effect:
        """What the facts do to a subject. Raises KeyError for one that is not assessed."""
        return effect_of(self.copy, self.sheets_with(facts), self.subjects[key].subject.code)


def trial_of(run: Run, as_of: date, projects: Iterable[int] = (), people: Iterable[int] = ()) -> Trial:
    """The run's scheme and ledger on a day, with what is known of the projects and people that facts will be added for."""
    return Trial(measured(run, as_of), projects, people)


def measured(run: Run, as_of: date) -> Calculation:
    """The calculation measured on a day from the run's own on: as the run kept it, where no day lets in more, else anew.

    The ledger up to a line never changes, so what is measured anew is kept for a day.
    """
    extent = Extent(run.year, run.last_line, as_of)
    calculation = prepare(read_scheme(run.scheme), run.scheme.fingerprint, extent)
    kept = RunSubtotals.objects.filter(run=run, engine=ENGINE).first()
    if kept is not None and (as_of == run.as_of or not run.has_later_lines):
        take_subtotals(calculation, read_subtotals(kept.values), _silent)
        return calculation
    name = f"kpi:subtotals:{ENGINE}:{run.pk}:{run.last_line}:{as_of.isoformat()}"
    found = cache.get(name)
    if found is None:
        found = written(in_full(calculation.scheme, extent))
        cache.set(name, found, KEPT_SECONDS)
    take_subtotals(calculation, read_subtotals(found), _silent)
    return calculation


def _silent(_done: int, _planned: int) -> None:
    """No progress."""


Terms = tuple[date, date | None, int | None]


def _ranked_teams(people: set[int]) -> dict[int, list[Terms]]:
    """The posts of the people with the team that is ranked for each: a liaison office works for its parent."""
    found: dict[int, list[Terms]] = defaultdict(list)
    for post in Appointment.objects.filter(person__in=people).select_related("team"):
        team: int | None = post.team_id
        if post.team.kind == TeamKind.LIAISON:
            team = post.team.parent_id
        elif post.team.kind not in (TeamKind.TASK_FORCE, TeamKind.STATIONED):
            team = None
        found[post.person_id].append((post.starts_on, post.ends_on, team))
    return found


def _lines_of(extent: Extent, projects: set[int]) -> dict[SubjectKey, list[CreditLine]]:
    """Everybody's live lines of these projects."""
    if not projects:
        return {}
    wanted = Q(project__in=projects, happened_on__lte=extent.as_of)
    return by_subject(live_lines(extent.year, extent.last_line).filter(wanted))
