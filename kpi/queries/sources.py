"""What stands behind the standings of a run, as the run read it: ledger lines, targets, what projects may be called."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.db.models import Prefetch, Q

from kpi.models import AssessmentYear, LedgerLine, Run, Standing
from kpi.queries.inputs import Inputs, as_recorded, confirmed_inputs, owed_by_project
from kpi.queries.investors import with_investors
from kpi.queries.ledger import live_lines
from kpi.queries.line_book import LineBook, asked_years, converted
from kpi.queries.lines import credit_lines
from kpi.queries.measures import SubjectKey
from kpi.queries.scheme import read_scheme
from kpi.scoring.owed import Owner
from kpi.scoring.periods import target_key
from kpi.scoring.rules import Uses
from kpi.scoring.scheme import Indicator, Scheme, in_unit
from projects.access import achievements_visible_to, documents_visible_to, shown_names
from projects.models import Achievement
from staff.models import Account

Targets = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of some standings of one run, for one reader; `openable` are the achievements he may open."""

    actor: Account
    run: Run
    scheme: Scheme
    lines: Mapping[SubjectKey, Sequence[LedgerLine]]
    inputs: Inputs
    book: LineBook
    targets: Mapping[SubjectKey, Targets]
    names: Mapping[int, str]
    openable: frozenset[int]

    def lines_of(self, standing: Standing, indicator: Indicator | None = None) -> list[LedgerLine]:
        """The subject's lines; with an indicator those of the kinds that it reads."""
        found = self.lines.get(subject_key(standing), ())
        if indicator is None:
            return [line for line in found if line.year == self.run.year]
        kinds = kinds_of(indicator)
        backward = any(one.since is not None for one in indicator.measures.values())
        return [line for line in found if line.kind in kinds and (backward or line.year == self.run.year)]

    def targets_of(self, standing: Standing) -> Targets:
        return self.targets.get(subject_key(standing), {})

    def name_of(self, achievement: Achievement) -> str:
        """The project as the reader may call it, else what the achievement says of itself."""
        name = self.names.get(achievement.project_id) if achievement.project_id else ""
        return name or achievement.title or str(achievement.get_kind_display())


def subject_key(standing: Standing) -> SubjectKey:
    """Whose standing it is."""
    if standing.person_id is not None:
        return "person", standing.person_id
    return "team", standing.team_id or 0


def kinds_of(indicator: Indicator) -> set[str]:
    """The kinds of fact that any measure of the indicator reads."""
    return {kind for definition in indicator.measures.values() for kind in definition.kinds}


def sources_of(
    actor: Account, run: Run, standings: Sequence[Standing], *, indicators: Iterable[Indicator] | None = None
) -> Sources:
    """The sources of standings of one run in a constant number of queries; with indicators only of what these read.

    The caller has checked that the actor may see what is behind these standings.
    """
    scheme = as_recorded(read_scheme(run.scheme))
    kinds = None if indicators is None else {kind for one in indicators for kind in kinds_of(one)}
    reach, unread = _years_read(run, scheme)
    lines = _lines(actor, run, standings, reach, kinds)
    every = [line for group in lines.values() for line in group]
    inputs = _inputs(run, scheme)
    return Sources(
        actor=actor,
        run=run,
        scheme=scheme,
        lines=lines,
        inputs=inputs,
        book=_book(run, scheme, inputs, lines, unread),
        targets=targets_as_of(run, standings),
        names=shown_names(actor, [line.project for line in every]),
        openable=frozenset(
            achievements_visible_to(actor)
            .filter(pk__in={line.achievement_id for line in every})
            .values_list("pk", flat=True)
        ),
    )


def _subjects(standings: Iterable[Standing]) -> tuple[set[int], set[int]]:
    keys = {subject_key(standing) for standing in standings}
    return {pk for kind, pk in keys if kind == "person"}, {pk for kind, pk in keys if kind == "team"}


def _lines(
    actor: Account, run: Run, standings: Sequence[Standing], reach: Mapping[int, int], kinds: set[str] | None
) -> dict[SubjectKey, list[LedgerLine]]:
    """The live lines that the run read, by subject, with the documents that the actor may open.

    `reach` are the years whose ledgers it read, each with its last line.
    """
    people, teams = _subjects(standings)
    found: dict[SubjectKey, list[LedgerLine]] = defaultdict(list)
    for year, last_line in sorted(reach.items()):
        live = live_lines(year, last_line).filter(happened_on__lte=run.as_of)
        live = live.filter(Q(person__in=people) | Q(ranked_team__in=teams))
        if kinds is not None:
            live = live.filter(kind__in=kinds)
        documents = Prefetch("achievement__documents", documents_visible_to(actor), to_attr="evidence")
        related = ("achievement__decided_by", "project", "person", "team", "ranked_team")
        ordered = live.select_related(*related).order_by("happened_on", "achievement", "pk")
        for line in ordered.prefetch_related(documents):
            if line.person_id in people:
                found["person", line.person_id].append(line)
            if line.ranked_team_id in teams and line.ranked_team_id is not None:
                found["team", line.ranked_team_id].append(line)
    return found


def _years_read(run: Run, scheme: Scheme) -> tuple[dict[int, int], frozenset[int]]:
    """The years whose ledgers the run's scheme reads, each with its last line; and the years that were never calculated."""
    backward = [one for owner in scheme.owners for one in owner.measures.values() if one.since is not None]
    asked = {year for one in backward for year in asked_years(one, run.year)}
    if not asked:
        return {run.year: run.last_line}, frozenset()
    known = AssessmentYear.objects.filter(year__in=asked, current_run__isnull=False)
    earlier = dict(known.values_list("year", "current_run__last_line"))
    return {**earlier, run.year: run.last_line}, frozenset(asked - earlier.keys())


def _book(
    run: Run,
    scheme: Scheme,
    inputs: Inputs,
    lines: Mapping[SubjectKey, Sequence[LedgerLine]],
    unread: frozenset[int],
) -> LineBook:
    """The lines as measures count them: those of earlier years apart, foreign amounts at the scheme's rates."""
    own = {key: [one for one in group if one.year == run.year] for key, group in lines.items()}
    before = {key: [one for one in group if one.year != run.year] for key, group in lines.items()}
    book = LineBook(
        {key: credit_lines(group, "subject") for key, group in own.items()},
        {key: credit_lines(group, "subject") for key, group in before.items() if group},
        unread,
        year=run.year,
    )
    book.lines, _digest = with_investors(book.lines, scheme)
    book.earlier, _digest = with_investors(book.earlier, scheme)
    if scheme.exchange is not None:
        book.lines, lacking = converted(book.lines, scheme.exchange, inputs.rates)
        book.earlier, lacking_before = converted(book.earlier, scheme.exchange, inputs.rates)
        book.without_rate = frozenset(lacking | lacking_before)
    return book


def _inputs(run: Run, scheme: Scheme) -> Inputs:
    """What people gave the year, where the scheme asks for anything of the kind."""
    uses = sum((owner_uses(owner) for owner in scheme.owners), Uses())
    by_project = any(owed_by_project(owner, credited=True) for owner in scheme.owners)
    if not (uses.ratings or uses.choices or scheme.categories or scheme.exchange or by_project):
        return Inputs()
    return confirmed_inputs(scheme, run.as_of)


def owner_uses(owner: Owner) -> Uses:
    return owner.uses() if isinstance(owner, Indicator) else owner.condition.uses()


def targets_as_of(run: Run, standings: Sequence[Standing]) -> dict[SubjectKey, Targets]:
    """The subjects' targets as they were when the run ended: a later change rewrites no past explanation."""
    people, teams = _subjects(standings)
    kept = apps.get_model("kpi", "TargetEvent").objects.filter(
        Q(person__in=people) | Q(team__in=teams), year=run.year
    )
    if run.finished_at is not None:
        kept = kept.filter(pgh_created_at__lte=run.finished_at)
    newest = kept.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    wanted = read_scheme(run.scheme).targets
    found: dict[SubjectKey, dict[str, Decimal]] = defaultdict(dict)
    for one in newest:
        target = wanted.get(one.indicator)
        value = in_unit(one.amount, one.unit, target.unit) if target else None
        if value is not None and one.pgh_label != "delete":
            key: SubjectKey = ("person", one.person_id) if one.person_id else ("team", one.team_id)
            found[key][target_key(one.indicator, one.period, one.level)] = value
    return dict(found)
