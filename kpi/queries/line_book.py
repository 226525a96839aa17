"""The lines that single statements cannot measure: those of earlier years, and amounts at the scheme's exchange rate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from kpi.models import AssessmentYear, LedgerLine
from kpi.queries.inputs import Inputs
from kpi.queries.investors import with_investors
from kpi.queries.ledger import live_lines
from kpi.queries.lines import Lines, by_subject, fact_id, lines_by_subject, needs_lines
from kpi.queries.measures import Extent, SubjectKey, by_reference, is_measurable
from kpi.scoring.facts import CreditLine, MeasureValue
from kpi.scoring.measures import measure
from kpi.scoring.owed import Owner, project_measures
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Exchange, Measure, Scheme
from projects.models import Achievement

Cards = dict[str, dict[str, MeasureValue]]


@dataclass(slots=True)
class LineBook:
    """Lines of this year and of the earlier years that the scheme asks for, with amounts at its rates.

    `unread_years` are asked for and were never calculated, so what they hold is unknown; `without_rate` are facts whose
    currency has no rate on their day. `runs` names the runs whose ledgers were read, `investors` the digests of the names
    that the scheme asked for.
    """

    lines: Lines = field(default_factory=dict)
    earlier: Lines = field(default_factory=dict)
    unread_years: frozenset[int] = frozenset()
    without_rate: frozenset[str] = frozenset()
    runs: dict[int, str] = field(default_factory=dict)
    year: int = 0
    investors: list[str] = field(default_factory=list)

    def of(self, key: SubjectKey, definition: Measure, project: str | None = None) -> list[CreditLine] | None:
        """The lines a measure counts for a subject, or for one of its projects; None when it is not known what it would count."""
        found = list(self.lines.get(key, ()))
        if definition.since is not None:
            if self.unread_years & set(asked_years(definition, self.year)):
                return None
            found = [*self.earlier.get(key, ()), *found]
        if project is not None:
            found = [line for line in found if project_of(line) == project]
        if definition.converted and any(
            line.fact.id in self.without_rate for line in found if line.fact.kind in definition.kinds
        ):
            return None
        return found


def line_book(scheme: Scheme, extent: Extent, inputs: Inputs) -> LineBook:
    """Read the lines that the scheme needs beside its statements; none for a scheme that needs none."""
    if not needs_lines(scheme):
        return LineBook(year=extent.year)
    measures = [one for owner in scheme.owners for one in owner.measures.values() if is_measurable(one)]
    backward = [one for one in measures if one.since is not None]
    runs, unread = _earlier_runs(backward, scheme.year)
    book = LineBook(lines_by_subject(extent), _earlier(backward, runs, extent), unread, year=extent.year)
    book.runs = {year: digest for year, (_last, digest) in runs.items()}
    book.lines, named = with_investors(book.lines, scheme)
    book.earlier, named_before = with_investors(book.earlier, scheme)
    book.investors = [one for one in (named, named_before) if one]
    if scheme.exchange is not None:
        book.lines, lacking = converted(book.lines, scheme.exchange, inputs.rates)
        book.earlier, lacking_before = converted(book.earlier, scheme.exchange, inputs.rates)
        book.without_rate = frozenset(lacking | lacking_before)
    return book


def asked_years(definition: Measure, year: int) -> Iterator[int]:
    """The earlier years of which a measure counts facts; only years with a ledger are listed for one without a beginning."""
    if definition.since is None:
        return
    first = definition.since.year if definition.since != date.min else None
    ends = [
        str(one.value) for one in definition.where if one.attribute == "on" and one.operator in {"lt", "lte"}
    ]
    for earlier in range(first, year) if first is not None else _years_before(year):
        if all(f"{earlier}-01-01" <= end for end in ends):
            yield earlier


def _years_before(year: int) -> list[int]:
    years = LedgerLine.objects.filter(year__lt=year).order_by("year").values_list("year", flat=True)
    return list(years.distinct())


def _earlier_runs(
    measures: Iterable[Measure], year: int
) -> tuple[dict[int, tuple[int, str]], frozenset[int]]:
    """The last line and the fingerprint of the run that readers see of each earlier year, and the years without one."""
    asked = {earlier for one in measures for earlier in asked_years(one, year)}
    known = AssessmentYear.objects.filter(year__in=asked, current_run__isnull=False)
    rows = known.values_list("year", "current_run__last_line", "current_run__fingerprint")
    runs = {earlier: (last, digest) for earlier, last, digest in rows}
    return runs, frozenset(asked - runs.keys())


def _earlier(measures: Sequence[Measure], runs: Mapping[int, tuple[int, str]], extent: Extent) -> Lines:
    kinds = {kind for one in measures for kind in one.kinds}
    lines = [
        line
        for year, (last, _digest) in sorted(runs.items())
        for line in live_lines(year, last).filter(kind__in=kinds, happened_on__lte=extent.as_of)
    ]
    return by_subject(lines)


def rate_on(
    exchange: Exchange, rates: Mapping[str, Mapping[date, Decimal]], currency: str, on: date
) -> Decimal | None:
    """元 for one unit: the year's rate, or the newest recorded one on or before the day; None when there is none."""
    if exchange.rate == "fixed":
        return exchange.fixed.get(currency)
    dated = rates.get(currency, {})
    known = [day for day in dated if day <= on]
    return dated[max(known)] if known else None


def converted(
    lines: Lines, exchange: Exchange, rates: Mapping[str, Mapping[date, Decimal]]
) -> tuple[Lines, set[str]]:
    """The lines with foreign amounts in 元 at the scheme's rates, and the facts for which there is no rate."""
    foreign = foreign_amounts({int(line.fact.id) for own in lines.values() for line in own})
    lacking: set[str] = set()
    facts = {}
    for own in lines.values():
        for line in own:
            if line.fact.id in foreign and line.fact.id not in facts:
                currency, amount = foreign[line.fact.id]
                rate = rate_on(exchange, rates, currency, line.fact.on)
                lacking |= {line.fact.id} if rate is None else set()
                facts[line.fact.id] = replace(line.fact, amount=CONTEXT.multiply(amount, rate or Decimal(0)))
    return {
        key: [replace(line, fact=facts.get(line.fact.id, line.fact)) for line in own]
        for key, own in lines.items()
    }, lacking


def foreign_amounts(achievements: Iterable[int]) -> dict[str, tuple[str, Decimal]]:
    """Currency and recognised amount of the achievements that are not in 元, by the identifier facts use."""
    rows = Achievement.objects.filter(pk__in=list(achievements), recognised_amount__isnull=False)
    found = rows.exclude(currency="CNY").values_list("pk", "currency", "recognised_amount")
    return {fact_id(pk): (currency, amount) for pk, currency, amount in found if amount is not None}


def measures_by_lines(book: LineBook, owner: Owner, key: SubjectKey) -> dict[str, MeasureValue | None]:
    """The measures that only the plain reference knows; None for one of which it is not known what it would count."""
    found: dict[str, MeasureValue | None] = {}
    for code, definition in owner.measures.items():
        if is_measurable(definition) and by_reference(definition):
            lines = book.of(key, definition)
            found[code] = None if lines is None else measure(definition, lines)
    return found


def needs_cards(owner: Owner) -> bool:
    """Whether projects are looked at one by one by measures that a subject's lines of the year alone do not say."""
    used = project_measures(owner)
    return any(
        one.since is not None or one.converted
        for code, one in owner.measures.items()
        if code in used and is_measurable(one)
    )


def cards_by_lines(book: LineBook, owner: Owner, key: SubjectKey) -> Cards:
    """The measures of each project of a subject; one of which it is not known what it would count is absent."""
    counted = {code: one for code, one in owner.measures.items() if is_measurable(one)}
    projects = {project_of(line) for line in (*book.earlier.get(key, ()), *book.lines.get(key, ()))}
    found: Cards = {}
    for project in sorted(projects):
        values = _card(book, counted, key, project)
        if any(value.counted or value.excluded for value in values.values()):
            found[project] = values
    return found


def _card(
    book: LineBook, counted: Mapping[str, Measure], key: SubjectKey, project: str
) -> dict[str, MeasureValue]:
    values = {}
    for code, definition in counted.items():
        lines = book.of(key, definition, project)
        if lines is not None:
            values[code] = measure(definition, lines)
    return values


def project_of(line: CreditLine) -> str:
    """The project of a line; a fact without one is a project of its own."""
    return line.fact.project or line.fact.id
