"""Posting to the credit ledger (入账): what was recognised or taken back since the last time, in one statement."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from kpi.models import Run

# Two runs of one year never post at the same time; any number that nobody else uses.
POSTING_LOCK = 2_026_0101


@dataclass(frozen=True, slots=True)
class Posting:
    """How many lines were posted and how many earlier ones were reversed."""

    posted: int
    reversed: int


@transaction.atomic
def post_credit(*, run: Run, year: int) -> Posting:
    """Bring the ledger of the year in line with what is recognised now; a second call posts nothing.

    Each recognised achievement of the year is shared by the credit shares in force on the day it happened; one without
    a project belongs to its person. A line that no longer agrees with its fact, share or person is reversed by a line
    of the opposite sign. Team and attributes are those of the posting: later changes of post or project rewrite nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [POSTING_LOCK, year])
        cursor.execute(
            POST_SQL,
            {"year": year, "run": run.pk, "first": date(year, 1, 1), "next": date(year + 1, 1, 1)},
        )
        posted, reversed_ = cursor.fetchone()
    return Posting(posted, reversed_)


# Facts of the year, and who is credited for them.
CREDITED = """
fact AS (
    SELECT a.id, a.kind, a.project_id, a.person_id, a.happened_on, a.recognised_cny AS full_amount,
           CASE WHEN a.currency = 'USD' THEN a.recognised_amount
                WHEN a.usd_rate > 0 THEN round(a.recognised_cny / a.usd_rate, 2) END AS full_amount_usd,
           a.level, a.incident_reason AS reason,
           coalesce(p.industry, '') AS industry, coalesce(p.project_class, '') AS project_class,
           coalesce(p.capital_source, '') AS capital_source, coalesce(p.channel, '') AS channel,
           coalesce(p.park, '') AS park
    FROM projects_achievement a LEFT JOIN projects_project p ON p.id = a.project_id
    WHERE a.state = 'recognised' AND a.happened_on >= %(first)s AND a.happened_on < %(next)s
),
credited AS (
    SELECT f.id, s.person_id, s.role, (sum(s.percent) / 100)::numeric(7, 6) AS share
    FROM fact f JOIN projects_creditshare s ON s.project_id = f.project_id
     AND s.holds_from <= f.happened_on AND (s.holds_until IS NULL OR s.holds_until > f.happened_on)
    GROUP BY f.id, s.person_id, s.role
    UNION ALL
    SELECT f.id, f.person_id, '', 1::numeric(7, 6) FROM fact f WHERE f.project_id IS NULL
),
"""

# Amounts are cut to four digits; the missing ten-thousandths go one each to the largest remainders, so that the lines of
# a fact sum to its shared amount to the last digit.
DUE = """
cut AS (
    SELECT c.*, f.full_amount, f.full_amount_usd,
           trunc(coalesce(f.full_amount, 0) * c.share, 4) AS amount,
           trunc(coalesce(f.full_amount_usd, 0) * c.share, 4) AS amount_usd
    FROM credited c JOIN fact f ON f.id = c.id
),
ranked AS (
    SELECT cut.*,
           row_number() OVER (PARTITION BY id ORDER BY full_amount * share - amount DESC NULLS LAST, person_id, role) AS turn,
           row_number() OVER (
               PARTITION BY id ORDER BY full_amount_usd * share - amount_usd DESC NULLS LAST, person_id, role
           ) AS turn_usd,
           round(coalesce(full_amount, 0) * sum(share) OVER fact_lines, 4) - sum(amount) OVER fact_lines AS rest,
           round(coalesce(full_amount_usd, 0) * sum(share) OVER fact_lines, 4)
               - sum(amount_usd) OVER fact_lines AS rest_usd
    FROM cut WINDOW fact_lines AS (PARTITION BY id)
),
due AS (
    SELECT f.kind, f.project_id, f.happened_on, f.level, f.reason, f.industry, f.project_class, f.capital_source,
           f.channel, f.park, r.full_amount, r.full_amount_usd, r.id AS achievement_id, r.person_id, r.role, r.share,
           (r.amount + CASE WHEN r.turn <= r.rest * 10000 THEN 0.0001 ELSE 0 END)::numeric(20, 4) AS amount,
           (r.amount_usd + CASE WHEN r.turn_usd <= r.rest_usd * 10000 THEN 0.0001 ELSE 0 END)::numeric(20, 4) AS amount_usd,
           t.id AS team_id,
           CASE WHEN t.kind IN ('task_force', 'stationed') THEN t.id WHEN t.kind = 'liaison' THEN t.parent_id END
               AS ranked_team_id
    FROM ranked r JOIN fact f ON f.id = r.id
    LEFT JOIN staff_appointment ap ON ap.person_id = r.person_id AND ap.starts_on <= f.happened_on
          AND (ap.ends_on IS NULL OR ap.ends_on > f.happened_on)
    LEFT JOIN staff_team t ON t.id = ap.team_id
),
live AS (
    SELECT l.* FROM kpi_ledgerline l
    WHERE l.year = %(year)s AND l.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM kpi_ledgerline r WHERE r.reverses_id = l.id)
),
"""

AGREES = """
    l.achievement_id = d.achievement_id AND l.person_id = d.person_id AND l.role = d.role AND l.share = d.share
    AND l.amount = d.amount AND l.amount_usd = d.amount_usd AND l.happened_on = d.happened_on
    AND l.full_amount IS NOT DISTINCT FROM d.full_amount AND l.full_amount_usd IS NOT DISTINCT FROM d.full_amount_usd
"""

COPIED = (
    "achievement_id",
    "project_id",
    "person_id",
    "team_id",
    "ranked_team_id",
    "kind",
    "role",
    "happened_on",
    "full_amount",
    "full_amount_usd",
    "industry",
    "project_class",
    "capital_source",
    "channel",
    "park",
    "level",
    "reason",
)
NAMES = ", ".join(COPIED)

POST_SQL = f"""
WITH {CREDITED} {DUE}
posted AS (
    INSERT INTO kpi_ledgerline (
        year, posted_run_id, posted_at, reverses_id, share, amount, amount_usd, {NAMES}
    )
    SELECT %(year)s, %(run)s, now(), line.reverses_id, line.share, line.amount, line.amount_usd, {NAMES}
    FROM (
        SELECT 0 AS turn, l.id AS reverses_id, -l.share AS share, -l.amount AS amount, -l.amount_usd AS amount_usd,
               {", ".join(f"l.{name}" for name in COPIED)}
        FROM live l WHERE NOT EXISTS (SELECT 1 FROM due d WHERE {AGREES})
        UNION ALL
        SELECT 1, NULL, d.share, d.amount, d.amount_usd,
               {", ".join(f"d.{name}" for name in COPIED)}
        FROM due d WHERE NOT EXISTS (SELECT 1 FROM live l WHERE {AGREES})
    ) line
    ORDER BY line.turn, line.happened_on, line.achievement_id, line.person_id, line.role
    RETURNING reverses_id
)
SELECT count(*) FILTER (WHERE reverses_id IS NULL), count(reverses_id) FROM posted
"""  # noqa: S608 - built from constants of this module only
