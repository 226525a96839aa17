"""Posting a whole year at once: into a table of its own, slice by slice, its indexes afterwards, then made a partition.

A line written into a table with its indexes and foreign keys costs many times the line; checked and sorted together they cost
little. Readers see nothing of it until the last step. While one worker indexes and checks, another may read the lines already.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from kpi.actions.ledger import Posting, note_full_posting, note_posting, values_of, was_posted_in_full
from kpi.actions.ledger_sql import ODD_PROJECTS, PARTS_OF_PERCENTS, WHOLE_PERCENTS, WITHOUT_PROJECT
from kpi.actions.parts import carry_out_parts, performs
from kpi.models import CreditDue, LedgerLine, Run, RunPart
from kpi.queries.ledger import LEDGER
from projects.models import Achievement, Recognition

#: From how many facts on a year gets a partition of its own.
BULK_FROM = 20_000
SLICES = 4
#: Where the slices find the projects whose shares need care: looked up once, and done before any part is.
ODD = "odd:shares"
#: The indexes of the ledger; any number of them is built side by side.
INDEXES = {
    "line": "CREATE UNIQUE INDEX {table}_line ON {table} (id, year)",
    "credited": "CREATE INDEX ON {table} (ranked_team_id, person_id, kind)",
    "achievement": "CREATE INDEX ON {table} (achievement_id)",
    "project": "CREATE INDEX ON {table} (project_id)",
    "reversal": "CREATE UNIQUE INDEX ON {table} (reverses_id, year) WHERE reverses_id IS NOT NULL",
}
REVERSED = "ledger_reversed_known"
#: What the lines refer to, under the names of the ledger's constraints. They are declared in a moment and checked afterwards,
#: which holds up nobody who writes; a partition that has them already is taken over without another look.
REFERENCES = {
    "ledger_achievement_known": "(achievement_id) REFERENCES projects_achievement (id)",
    "ledger_project_known": "(project_id) REFERENCES projects_project (id)",
    "ledger_person_known": "(person_id) REFERENCES staff_person (id)",
    "ledger_team_known": "(team_id) REFERENCES staff_team (id)",
    "ledger_ranked_team_known": "(ranked_team_id) REFERENCES staff_team (id)",
    "ledger_run_known": "(posted_run_id) REFERENCES kpi_run (id)",
    REVERSED: "(reverses_id, year) REFERENCES kpi_ledgerline (id, year)",
}
#: The columns and checks of the ledger as a table of one year has them: what is of one length and never empty comes first, so
#: that indexes, checks and sums need not step over texts and amounts to find it.
LIKE_THE_LEDGER = """
WITH part AS (
    SELECT 0 AS turn, a.attlen < 0 AS varies, NOT a.attnotnull AS may_lack, a.attnum AS place,
           format('%I %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod),
                  (SELECT format('COLLATE %I', c.collname) FROM pg_collation c
                   WHERE c.oid = a.attcollation AND c.collname <> 'default'),
                  CASE WHEN a.attnotnull THEN 'NOT NULL' END) AS words
    FROM pg_attribute a WHERE a.attrelid = 'kpi_ledgerline'::regclass AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 1, FALSE, FALSE, 0, format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = 'kpi_ledgerline'::regclass AND contype = 'c'
)
SELECT string_agg(words, ', ' ORDER BY turn, varies, may_lack, place) FROM part
"""


def is_bulk(run: Run) -> bool:
    """Whether the year is to be posted for the first time and has many facts."""
    if was_posted_in_full(run.year) or LedgerLine.objects.filter(year=run.year).exists():
        return False
    return _facts(run).order_by()[BULK_FROM - 1 : BULK_FROM].exists()


def _facts(run: Run) -> Any:
    return Achievement.objects.filter(state=Recognition.RECOGNISED, happened_on__year=run.year)


def table_of(year: int) -> str:
    return f"kpi_ledgerline_{year}"


def bulk_parts(run: Run) -> list[str]:
    """The slices of the year by the numbers of its facts, with an empty table for their lines.

    An attempt before may have begun: then its slices stand, and those that are done are not done again. What became due
    until now is in the slices; what becomes due from now on stays for the next run.
    """
    begun = list(run.parts.filter(name__startswith="post:").values_list("name", flat=True))
    return begun or _begun(run)


@transaction.atomic
def _begun(run: Run) -> list[str]:
    table = table_of(run.year)
    CreditDue.objects.filter(year=run.year).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s)", [table])
        if cursor.fetchone():
            # A partition from which everything was taken, as when the demo begins anew.
            cursor.execute(f"ALTER TABLE kpi_ledgerline DETACH PARTITION {table}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(LIKE_THE_LEDGER)
        (columns,) = cursor.fetchone()
        cursor.execute(f"CREATE TABLE {table} ({columns}, CHECK (year = {run.year:d}))")
        cursor.execute("SELECT min(id), max(id) + 1 FROM projects_achievement")
        first, end = cursor.fetchone()
        cursor.execute(ODD_PROJECTS)
        odd = {"projects": [project for (project,) in cursor.fetchall()]}
    step = -(-(end - first) // SLICES)
    names = [f"post:{start}-{min(start + step, end)}" for start in range(first, end, step)]
    parts = [
        RunPart(run=run, name=ODD, done=True, result=odd),
        *(RunPart(run=run, name=name) for name in names),
    ]
    RunPart.objects.bulk_create(parts)
    return names


def post_in_bulk(*, run: Run, beat: Callable[[int, int], None], beside: Callable[[int], list[str]]) -> None:
    """Post the year, with the help of whatever workers are free.

    `beside` names the parts that only read the lines, up to the one it is given; they are done while references are checked,
    which cannot share the table with the building of indexes.
    """
    found = carry_out_parts(run=run, names=bulk_parts(run), beat=beat)
    carry_out_parts(run=run, names=["declare:references"], beat=beat)
    newest, later = _reach(run)
    carry_out_parts(run=run, names=["check:references", *beside(newest)], beat=beat)
    carry_out_parts(run=run, names=[f"index:{name}" for name in INDEXES], beat=beat)
    posted = sum(result["posted"] for result in found.values())
    finish_bulk(run=run, posting=Posting(posted, 0, later=later))


def _reach(run: Run) -> tuple[int, bool]:
    """The newest line, and whether any lies after the run's day."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(max(id), 0), coalesce(bool_or(happened_on > %s), FALSE) FROM {table_of(run.year)}",  # noqa: S608
            [run.as_of],
        )
        newest, later = cursor.fetchone()
    return int(newest), bool(later)


def readable_lines(year: int) -> str:
    """The table to read the year's lines from: its own one as long as the ledger has none of the year.

    An attempt that was given up may leave such a table behind; once the year is posted otherwise it says nothing any more.
    """
    table = table_of(year)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT to_regclass(%(table)s) IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM kpi_ledgerline WHERE year = %(year)s)""",
            {"table": table, "year": year},
        )
        (apart,) = cursor.fetchone()
    return table if apart else LEDGER


@performs("post")
def post_slice(run: Run, what: str) -> dict[str, Any]:
    """The lines of the facts from one number to before another."""
    start, until = map(int, what.split("-"))
    odd = RunPart.objects.get(run=run, name=ODD).result["projects"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        values = {**values_of(run), "from": start, "until": until, "odd": odd}
        posted = 0
        for statement in (WHOLE_PERCENTS, WITHOUT_PROJECT, PARTS_OF_PERCENTS):
            cursor.execute(statement.replace("{table}", table_of(run.year)), values)
            posted += cursor.rowcount
    return {"posted": posted}


@performs("index")
def build_index(run: Run, name: str) -> dict[str, Any]:
    """One index of the year's table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(INDEXES[name].format(table=table_of(run.year)))
    return {}


@performs("declare")
def declare_references(run: Run, what: str) -> dict[str, Any]:
    """Have what the lines name stay there; whether it is there is another part, because this one holds up writers of facts."""
    added = ", ".join(
        f"ADD CONSTRAINT {name} FOREIGN KEY {reference} DEFERRABLE INITIALLY DEFERRED NOT VALID"
        for name, reference in REFERENCES.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table_of(run.year)} {added}")
    return {}


@performs("check")
def check_references(run: Run, what: str) -> dict[str, Any]:
    """Check that what the lines name is there, but for lines they reverse: with its index that takes no time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        for name in REFERENCES.keys() - {REVERSED}:
            cursor.execute(f"ALTER TABLE {table_of(run.year)} VALIDATE CONSTRAINT {name}")
    return {}


@transaction.atomic
def finish_bulk(*, run: Run, posting: Posting) -> None:
    """Make the indexed and checked table the year's partition."""
    table = table_of(run.year)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY USING INDEX {table}_line")
        cursor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {REVERSED}")
        cursor.execute(f"ALTER TABLE kpi_ledgerline ATTACH PARTITION {table} FOR VALUES IN ({run.year:d})")
        # A first look for the planner; the database itself looks closer later.
        cursor.execute("SET LOCAL default_statistics_target = 25")
        cursor.execute(f"ANALYZE {table}")
    note_full_posting(run.year)
    note_posting(run, posting)
