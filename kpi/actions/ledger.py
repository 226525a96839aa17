"""Posting to the credit ledger (入账): what was recognised or taken back since the last time."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from kpi.actions.ledger_sql import EVERYTHING, WHAT_IS_DUE
from kpi.models import AssessmentYear, Run, RunState

# Two runs of one year never post at the same time; any number that nobody else uses.
POSTING_LOCK = 2_026_0101


@dataclass(frozen=True, slots=True)
class Posting:
    """How many lines were posted, how many earlier ones were reversed, and whether any lies after the run's day."""

    posted: int
    reversed: int
    later: bool = False


@transaction.atomic
def post_credit(*, run: Run, year: int) -> Posting:
    """Bring the ledger of the year in line with what is recognised now; a second call posts nothing.

    Each recognised achievement of the year is shared by the credit shares in force on the day it happened; one without
    a project belongs to its person. A line that no longer agrees with its fact, share or person is reversed by a line
    of the opposite sign. Team and attributes are those of the posting: later changes of post or project rewrite nothing.
    Only what changed is looked at (`CreditDue`), unless the run wants everything or the year was never posted in full.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [POSTING_LOCK, year])
        due = _take_due(cursor, year)
        if run.wants_full or not was_posted_in_full(year):
            posting = _post(cursor, EVERYTHING, values_of(run))
            note_full_posting(year)
        elif due["projects"] or due["facts"]:
            posting = _post(cursor, WHAT_IS_DUE, {**values_of(run), **due})
        else:
            posting = Posting(0, 0)
        if not posting.later:
            posting = replace(posting, later=_still_later(cursor, run))
    note_posting(run, posting)
    return posting


def _still_later(cursor: Any, run: Run) -> bool:
    """Whether lines that an earlier run found to lie after its day lie after this run's day as well."""
    done = (
        Run.objects.filter(year=run.year, state=RunState.DONE).aggregate(number=Max("number"))["number"] or 0
    )
    if not Run.objects.filter(year=run.year, number__gte=done, has_later_lines=True).exists():
        return False
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM kpi_ledgerline WHERE year = %s AND happened_on > %s)",
        [run.year, run.as_of],
    )
    return bool(cursor.fetchone()[0])


def values_of(run: Run) -> dict[str, Any]:
    """What the posting statements ask for."""
    first, following = date(run.year, 1, 1), date(run.year + 1, 1, 1)
    return {"year": run.year, "run": run.pk, "first": first, "next": following, "as_of": run.as_of}


def was_posted_in_full(year: int) -> bool:
    """Whether everything of the year was posted once, so that what is due says what is missing."""
    return AssessmentYear.objects.filter(year=year, posted_in_full_at__isnull=False).exists()


def note_full_posting(year: int) -> None:
    AssessmentYear.objects.filter(year=year).update(posted_in_full_at=timezone.now())


def note_posting(run: Run, posting: Posting) -> None:
    """Remember it with the run; an attempt that died may have posted a part before."""
    run.has_later_lines = run.has_later_lines or posting.later
    Run.objects.filter(pk=run.pk).update(
        posted_count=F("posted_count") + posting.posted,
        reversed_count=F("reversed_count") + posting.reversed,
        has_later_lines=run.has_later_lines,
    )


def _take_due(cursor: Any, year: int) -> dict[str, list[int]]:
    """The projects and facts to look at. What becomes due meanwhile is not seen here and stays for the next time."""
    cursor.execute("DELETE FROM kpi_creditdue WHERE year = %s RETURNING project, achievement", [year])
    rows = cursor.fetchall()
    return {
        "projects": sorted({project for project, _fact in rows if project is not None}),
        "facts": sorted({fact for _project, fact in rows if fact is not None}),
    }


def _post(cursor: Any, statement: str, values: dict[str, Any]) -> Posting:
    cursor.execute(statement, values)
    return Posting(*cursor.fetchone())
