"""Items worked out again from the figures their run kept, stage by stage; shown only where the result is the same to the digit."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kpi import access
from kpi.models import Item, Standing
from kpi.queries.calculation import elapsed_part
from kpi.queries.gathered import Gathered, entry_parts
from kpi.queries.inputs import owed_by_project
from kpi.queries.lines import fact_id
from kpi.queries.measures import SubjectKey
from kpi.queries.peers import Comparison, comparison_of
from kpi.queries.roster import OFFICER, Assessed
from kpi.queries.scheme import indicator_of
from kpi.queries.sources import Sources, Targets, subject_key, targets_as_of
from kpi.scoring.evaluate import Entry, Evaluation
from kpi.scoring.facts import MeasureValue
from kpi.scoring.results import Subject
from kpi.scoring.rounding import rounded
from kpi.scoring.scheme import Indicator
from kpi.scoring.working import Stage, working
from staff.models import Account

Items = Mapping[int, Sequence[Item]]


class Workings:
    """Some standings of one run with their items, and of their groups what relative rules compare with."""

    def __init__(self, sources: Sources, standings: Sequence[Standing], items: Items) -> None:
        self.sources = sources
        self.peers = _peers(sources, standings)
        self.openable = _openable(sources.actor, self.peers)
        targets = sources.targets
        if self.peers:
            targets = targets_as_of(sources.run, [peer.standing for peer in self.peers])
        entries: dict[str, Entry] = {}
        for standing, found in _by_standing(self.peers):
            entries[subject_code(standing)] = _entry(sources, standing, found, targets)
        for standing in standings:
            entries[subject_code(standing)] = _entry(sources, standing, items.get(standing.pk, ()), targets)
        elapsed = elapsed_part(sources.run.as_of, sources.scheme.elapsed_by)
        self.evaluation = Evaluation(sources.scheme, entries.values(), elapsed)

    def stages(self, item: Item, indicator: Indicator) -> tuple[Stage, ...]:
        """How the item's points came about; nothing where the kept figures do not give the same points."""
        if item.points is None:
            return ()
        found = working(self.evaluation, subject_code(item.standing), indicator)
        return found if found and rounded(found[-1].value, 4) == item.points else ()

    def comparison(self, item: Item, indicator: Indicator) -> Comparison | None:
        """With whom a relative rule compared the subject."""
        group = [
            peer
            for peer in self.peers
            if peer.indicator == item.indicator and peer.standing.group == item.standing.group
        ]
        return comparison_of(item, indicator, group, self.openable)


def is_relative(indicator: Indicator) -> bool:
    """Whether the points depend on what others in the group achieved."""
    return indicator.uses().relative


def subject_code(standing: Standing) -> str:
    kind, pk = subject_key(standing)
    return f"{kind}:{pk}"


def _peers(sources: Sources, standings: Sequence[Standing]) -> list[Item]:
    relative = [one.code for one in sources.scheme.indicators if is_relative(one)]
    if not relative:
        return []
    found = Item.objects.filter(
        standing__run=sources.run,
        standing__group__in={standing.group for standing in standings},
        indicator__in=relative,
    )
    return list(found.select_related("standing__team").order_by("standing__rank", "standing_id"))


def _openable(actor: Account, peers: Sequence[Item]) -> set[int]:
    """Of whose standings in the group the reader may open the items."""
    if not peers:
        return set()
    found = access.explained_standings_visible_to(actor).filter(pk__in={peer.standing_id for peer in peers})
    return set(found.values_list("pk", flat=True))


def _by_standing(items: Iterable[Item]) -> list[tuple[Standing, list[Item]]]:
    found: dict[int, tuple[Standing, list[Item]]] = {}
    for item in items:
        found.setdefault(item.standing_id, (item.standing, []))[1].append(item)
    return list(found.values())


def _entry(
    sources: Sources, standing: Standing, items: Iterable[Item], targets: Mapping[SubjectKey, Targets]
) -> Entry:
    key = subject_key(standing)
    team = standing.team
    kind = OFFICER if team is None else team.assessed_as or team.kind
    one = Assessed(key, Subject(subject_code(standing), kind, standing.subject_name))
    owners = sources.scheme.owners
    gathered = Gathered(
        inputs=sources.inputs,
        book=sources.book,
        by_project={
            (owner.code, one.is_credited): owed_by_project(owner, credited=one.is_credited)
            for owner in owners
        },
    )
    lines = sources.lines.get(key, ())
    return Entry(
        subject=one.subject,
        measures={item.indicator: kept_values(sources, item) for item in items},
        targets=targets.get(key, {}),
        names={fact_id(line.project.pk): line.project.code for line in lines if line.project is not None},
        **entry_parts(gathered, sources.scheme, one, sources.run.as_of),
    )


def kept_values(sources: Sources, item: Item) -> dict[str, MeasureValue]:
    """The measured values that the item kept; computed ones are computed again."""
    indicator = indicator_of(sources.scheme, item.indicator)
    measures = indicator.measures if indicator else {}
    found: dict[str, MeasureValue] = {}
    for figure in item.measures.get("figures", ()):
        definition = measures.get(figure["code"])
        if definition is None or definition.computed is not None:
            continue
        values = [Decimal(value) for _title, value in figure["bands"]]
        codes = [band.code for band in definition.bands]
        bands = dict(zip(codes, values, strict=True)) if len(codes) == len(values) else {}
        found[definition.code] = MeasureValue(Decimal(figure["value"]), bands)
    return found
