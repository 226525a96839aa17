"""Keeping under which names investors were known when a run first asked for them."""

from kpi.models import FactInvestor, Run
from kpi.queries.investors import facts_without_names, names_by_fact
from kpi.queries.scheme import read_scheme

BATCH = 1000


def keep_investors(run: Run) -> int:
    """Keep the names behind the posted facts that the run's scheme asks about; a part of a run, so none of its own is recorded.

    What is kept stays: a later merge, alias or change of group rewrites no past score. Another run may do the same meanwhile;
    whoever comes second keeps nothing.
    """
    facts = facts_without_names(read_scheme(run.scheme), run.year, run.last_line)
    rows = [FactInvestor(achievement_id=pk, names=list(names)) for pk, names in names_by_fact(facts).items()]
    FactInvestor.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)
