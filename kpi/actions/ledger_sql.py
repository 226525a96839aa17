"""The statements that post credit (入账): what is due, how it differs from what is posted, and the lines of a whole year."""

#: What a recognised fact brings with it; `{limit}` narrows the facts.
FACT = """
fact AS (
    SELECT a.id, a.kind, a.project_id, a.person_id, a.happened_on, a.recognised_cny AS full_amount,
           CASE WHEN a.currency = 'USD' THEN a.recognised_amount
                WHEN a.usd_rate > 0 THEN round(a.recognised_cny / a.usd_rate, 2) END AS full_amount_usd,
           a.recognised_people AS full_people, a.level, a.incident_reason AS reason,
           coalesce(p.industry, '') AS industry, coalesce(p.project_class, '') AS project_class,
           coalesce(p.capital_source, '') AS capital_source, coalesce(p.channel, '') AS channel,
           coalesce(p.park, '') AS park
    FROM projects_achievement a LEFT JOIN projects_project p ON p.id = a.project_id
    WHERE a.state = 'recognised' AND a.happened_on >= %(first)s AND a.happened_on < %(next)s {limit}
)"""

#: Who held a share on the day of the fact.
SHARED = """
    projects_creditshare s ON s.project_id = f.project_id
    AND s.holds_from <= f.happened_on AND (s.holds_until IS NULL OR s.holds_until > f.happened_on)"""

CREDITED = f"""
credited AS (
    SELECT f.id, s.person_id, s.role, (sum(s.percent) / 100)::numeric(7, 6) AS share
    FROM fact f JOIN {SHARED}
    GROUP BY f.id, s.person_id, s.role
    UNION ALL
    SELECT f.id, f.person_id, '', 1::numeric(7, 6) FROM fact f WHERE f.project_id IS NULL
)"""  # noqa: S608

#: The post that a person `{person}` held on a day `{day}`: the team, and the team it is ranked in.
POST = """
    staff_appointment ap ON ap.person_id = {person} AND ap.starts_on <= {day}
        AND (ap.ends_on IS NULL OR ap.ends_on > {day})
    LEFT JOIN staff_team t ON t.id = ap.team_id"""
RANKED_TEAM = """
    CASE WHEN t.kind IN ('task_force', 'stationed') THEN t.id WHEN t.kind = 'liaison' THEN t.parent_id END"""

# Amounts are cut to four digits; the missing ten-thousandths go one each to the largest remainders, so that the lines of
# a fact sum to its shared amount to the last digit.
DUE = f"""
cut AS (
    SELECT c.*, f.full_amount, f.full_amount_usd, f.full_people,
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
           f.channel, f.park, r.full_amount, r.full_amount_usd, r.full_people, r.id AS achievement_id, r.person_id,
           r.role, r.share,
           (r.amount + CASE WHEN r.turn <= r.rest * 10000 THEN 0.0001 ELSE 0 END)::numeric(20, 4) AS amount,
           (r.amount_usd + CASE WHEN r.turn_usd <= r.rest_usd * 10000 THEN 0.0001 ELSE 0 END)::numeric(20, 4) AS amount_usd,
           t.id AS team_id, {RANKED_TEAM} AS ranked_team_id
    FROM ranked r JOIN fact f ON f.id = r.id
    LEFT JOIN {POST.format(person="r.person_id", day="f.happened_on")}
)"""  # noqa: S608

LIVE = """
live AS (
    SELECT l.* FROM kpi_ledgerline l
    WHERE l.year = %(year)s AND l.reverses_id IS NULL {limit}
      AND NOT EXISTS (SELECT 1 FROM kpi_ledgerline r WHERE r.reverses_id = l.id AND r.year = l.year)
)"""

AGREES = """
    l.achievement_id = d.achievement_id AND l.person_id = d.person_id AND l.role = d.role AND l.share = d.share
    AND l.amount = d.amount AND l.amount_usd = d.amount_usd AND l.happened_on = d.happened_on
    AND l.full_amount IS NOT DISTINCT FROM d.full_amount AND l.full_amount_usd IS NOT DISTINCT FROM d.full_amount_usd
    AND l.full_people IS NOT DISTINCT FROM d.full_people
"""

KEYS = (
    "achievement_id",
    "project_id",
    "person_id",
    "team_id",
    "ranked_team_id",
    "kind",
    "role",
    "happened_on",
)
AMOUNTS = ("full_amount", "full_amount_usd", "full_people")
#: What a fact keeps from its first posting for as long as any of its lines stands.
KEPT = ("industry", "project_class", "capital_source", "channel", "park", "level", "reason")
COPIED = (*KEYS, *AMOUNTS, *KEPT)
NAMES = ", ".join(COPIED)


def difference(*, facts: str = "", lines: str = "") -> str:
    """Post what is due and not posted, reverse what is posted and not due; gives how many lines of each, and whether any
    lies after the day `as_of`. `facts` and `lines` narrow both sides alike.
    """
    return f"""
WITH {FACT.format(limit=facts)}, {CREDITED}, {DUE}, {LIVE.format(limit=lines)},
held AS (
    SELECT DISTINCT ON (achievement_id) achievement_id, {", ".join(KEPT)} FROM live ORDER BY achievement_id, id
),
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
        SELECT 1, NULL, d.share, d.amount, d.amount_usd, {", ".join(f"d.{name}" for name in (*KEYS, *AMOUNTS))},
               {", ".join(f"coalesce(h.{name}, d.{name})" for name in KEPT)}
        FROM due d LEFT JOIN held h ON h.achievement_id = d.achievement_id
        WHERE NOT EXISTS (SELECT 1 FROM live l WHERE {AGREES})
    ) line
    ORDER BY line.turn, line.happened_on, line.achievement_id, line.person_id, line.role
    RETURNING reverses_id, happened_on
)
SELECT count(*) FILTER (WHERE reverses_id IS NULL), count(reverses_id), coalesce(bool_or(happened_on > %(as_of)s), FALSE)
FROM posted
"""  # noqa: S608 - built from constants of this module only


EVERYTHING = difference()
WHAT_IS_DUE = difference(
    facts="AND (a.project_id = ANY(%(projects)s) OR a.id = ANY(%(facts)s))",
    lines="AND (l.project_id = ANY(%(projects)s) OR l.achievement_id = ANY(%(facts)s))",
)

_SLICE = "AND a.id >= %(from)s AND a.id < %(until)s"
_INTO = f"""
    INSERT INTO {{table}} (id, year, posted_run_id, posted_at, share, amount, amount_usd, {NAMES})
    SELECT nextval('kpi_ledgerline_id_seq'), %(year)s, %(run)s, now(), """

#: Projects whose shares need more than cutting: a part of a percent, or somebody twice in a role.
ODD_PROJECTS = """
SELECT project_id FROM projects_creditshare WHERE percent <> trunc(percent)
UNION
SELECT project_id FROM projects_creditshare GROUP BY project_id, person_id, role HAVING count(*) > 1
"""
_LINE = f"""f.id, f.project_id, {{person}}, t.id, {RANKED_TEAM}, f.kind, {{role}}, f.happened_on,
        f.full_amount, f.full_amount_usd, f.full_people, {", ".join(f"f.{name}" for name in KEPT)}"""

#: Facts whose shares are whole percents: a hundredth of a 元 times a whole percent has four digits, nothing is left over.
#: OFFSET 0 has what a fact brings with it computed once for the fact and not for each of its lines.
WHOLE_PERCENTS = f"""
    WITH {FACT.format(limit=_SLICE + " AND a.project_id <> ALL(%(odd)s::bigint[]) OFFSET 0")}
    {_INTO} s.percent * 0.01, coalesce(f.full_amount, 0) * s.percent * 0.01,
        coalesce(f.full_amount_usd, 0) * s.percent * 0.01, {_LINE.format(person="s.person_id", role="s.role")}
    FROM fact f JOIN {SHARED} LEFT JOIN {POST.format(person="s.person_id", day="f.happened_on")}
"""

#: Facts without a project: one person has all of it.
WITHOUT_PROJECT = f"""
    WITH {FACT.format(limit=_SLICE + " AND a.project_id IS NULL")}
    {_INTO} 1, coalesce(f.full_amount, 0), coalesce(f.full_amount_usd, 0), {_LINE.format(person="f.person_id", role="''")}
    FROM fact f LEFT JOIN {POST.format(person="f.person_id", day="f.happened_on")}
"""

#: The other facts.
PARTS_OF_PERCENTS = f"""
    WITH {FACT.format(limit=_SLICE + " AND a.project_id = ANY(%(odd)s::bigint[])")}, {CREDITED}, {DUE}
    {_INTO} share, amount, amount_usd, {NAMES} FROM due
"""
