"""Reading the credit ledger: which lines are live, how far it reaches, its digest, and facts nobody is credited for."""

import hashlib

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from kpi.models import LedgerLine
from projects.models import Achievement, CreditShare, Recognition


def live_lines(year: int, last_line: int) -> QuerySet[LedgerLine]:
    """The lines of the year up to `last_line` that no later line up to there has reversed."""
    reversing = LedgerLine.objects.filter(reverses=OuterRef("pk"), pk__lte=last_line)
    return LedgerLine.objects.filter(~Exists(reversing), year=year, pk__lte=last_line, reverses=None)


def last_line(year: int) -> int:
    """The id of the newest line of the year; 0 for an empty ledger."""
    return LedgerLine.objects.filter(year=year).aggregate(newest=Max("pk"))["newest"] or 0


def uncredited_achievements(year: int) -> QuerySet[Achievement]:
    """Recognised achievements of the year whose project had no credit share on the day: they score for nobody."""
    shares = CreditShare.objects.filter(
        project=OuterRef("project"), holds_from__lte=OuterRef("happened_on")
    ).exclude(holds_until__lte=OuterRef("happened_on"))
    return Achievement.objects.filter(
        ~Exists(shares), state=Recognition.RECOGNISED, happened_on__year=year, project__isnull=False
    )


def ledger_digest(year: int, last_line: int) -> str:
    """SHA-256 over the live lines by their natural keys: rebuilt from nothing, the same ledger has the same digest.

    Hashed day by day inside the database, so that memory does not grow with the number of facts.
    """
    with connection.cursor() as cursor:
        cursor.execute(DIGEST_SQL, {"year": year, "last": last_line})
        days = cursor.fetchall()
    digest = hashlib.sha256()
    for day, line_digest in days:
        digest.update(f"{day.isoformat()} {line_digest}\n".encode())
    return digest.hexdigest()


DIGEST_SQL = """
SELECT l.happened_on, encode(sha256(string_agg(
    concat_ws('|', a.public_id, p.staff_number, t.code, l.kind, l.role, l.share, l.amount, l.amount_usd,
              coalesce(l.full_amount::text, '-'), coalesce(l.full_amount_usd::text, '-'), l.industry, l.project_class,
              l.capital_source, l.channel, l.park, l.level, l.reason),
    E'\\n' ORDER BY a.public_id COLLATE "C", p.staff_number COLLATE "C", l.role COLLATE "C"
)::bytea), 'hex')
FROM kpi_ledgerline l
JOIN projects_achievement a ON a.id = l.achievement_id
JOIN staff_person p ON p.id = l.person_id
LEFT JOIN staff_team t ON t.id = l.ranked_team_id
WHERE l.year = %(year)s AND l.id <= %(last)s AND l.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM kpi_ledgerline r WHERE r.reverses_id = l.id AND r.id <= %(last)s)
GROUP BY l.happened_on ORDER BY l.happened_on
"""
