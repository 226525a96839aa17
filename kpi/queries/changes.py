"""What changed last night (昨夜变化): a subject's items before and after, with the ledger lines that caused it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from kpi.models import Item, LedgerLine, Standing
from kpi.queries.scheme import indicator_of, read_scheme


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in this run and in the one before; None where it was not there or not scored."""

    indicator: str
    title: str
    before: Decimal | None
    after: Decimal | None
    actual_before: Decimal | None
    actual_after: Decimal | None
    causes: tuple[LedgerLine, ...]

    @property
    def difference(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class Changes:
    """A subject's change between two runs. `before` is None in the first run that names it."""

    standing: Standing
    before: Standing | None
    items: tuple[ItemChange, ...]

    @property
    def difference(self) -> Decimal:
        return self.standing.total - (self.before.total if self.before else Decimal(0))


def changes_of(standing: Standing) -> Changes:
    """What the standing's run changed for its subject; the caller has checked that the items may be seen."""
    run = standing.run
    before = Standing.objects.filter(
        run=run.previous_id, group=standing.group, person=standing.person_id, team=standing.team_id
    ).first()
    old = {item.indicator: item for item in before.items.all()} if before else {}
    lines = list(_new_lines(standing))
    kinds = _kinds(standing)
    changes = []
    for item in standing.items.all():
        causes = tuple(line for line in lines if line.kind in kinds.get(item.indicator, ()))
        change = _change(item, old.get(item.indicator), causes)
        if causes or change.before != change.after or change.actual_before != change.actual_after:
            changes.append(change)
    return Changes(standing, before, tuple(changes))


def _change(item: Item, old: Item | None, causes: tuple[LedgerLine, ...]) -> ItemChange:
    return ItemChange(
        indicator=item.indicator,
        title=item.title,
        before=old.points if old else None,
        after=item.points,
        actual_before=old.actual if old else None,
        actual_after=item.actual,
        causes=causes,
    )


def _new_lines(standing: Standing) -> QuerySet[LedgerLine]:
    """The subject's lines since the run before, whichever run posted them."""
    run = standing.run
    since = run.previous.last_line if run.previous else 0
    subject = {"person": standing.person_id} if standing.person_id else {"ranked_team": standing.team_id}
    lines = LedgerLine.objects.filter(year=run.year, pk__gt=since, pk__lte=run.last_line, **subject)
    return lines.select_related("achievement", "project", "person").order_by("pk")


def _kinds(standing: Standing) -> dict[str, set[str]]:
    """The kinds of fact that each indicator of the run's scheme reads."""
    scheme = read_scheme(standing.run.scheme)
    found = {}
    for item in standing.items.all():
        indicator = indicator_of(scheme, item.indicator)
        measures = indicator.measures.values() if indicator else ()
        found[item.indicator] = {kind for definition in measures for kind in definition.kinds}
    return found
