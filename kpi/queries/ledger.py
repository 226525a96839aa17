"""Reading the credit ledger: which lines are live, how far it reaches, its fingerprint, facts nobody is credited for."""

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet

from kpi.models import LedgerLine
from projects.models import Achievement, CreditShare, Recognition

#: The table of all lines, in partitions by year.
LEDGER = "kpi_ledgerline"


def live_lines(year: int, last_line: int) -> QuerySet[LedgerLine]:
    """The lines of the year up to `last_line` that no later line up to there has reversed."""
    reversing = LedgerLine.objects.filter(reverses=OuterRef("pk"), year=year, pk__lte=last_line)
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


def ledger_digest(year: int, last_line: int, *, since: int = 0, before: str = "", table: str = LEDGER) -> str:
    """The fingerprint of the year's live lines: 32 hexadecimal digits that do not depend on the order of posting.

    They are three sums: of a 64-bit hash of what each line says, of the lines, and of their shares in millionths. A reversing
    line takes away what the reversed one added. So the fingerprint `before` of the lines up to `since`, carried on over the
    lines after it, is that of all lines, and a ledger posted anew from the same facts has the same one. It tells whether two
    runs counted the same; it is no seal against somebody who may write to the database. The hash is the one by which
    the database spreads rows over hash partitions, and therefore the same from version to version.
    """
    with connection.cursor() as cursor:
        cursor.execute(DIGEST_SQL.format(table=table), {"year": year, "since": since, "last": last_line})
        added = cursor.fetchone()
    places = zip(DIGITS, added, strict=True)
    digest, at = "", 0
    for digits, new in places:
        held = int(before[at : at + digits] or "0", 16)
        digest += f"{(held + int(new)) % 16**digits:0{digits}x}"
        at += digits
    return digest


#: Hexadecimal digits of the three sums.
DIGITS = (16, 8, 8)
# Nothing may be empty here: concat_ws leaves out what is, and two lines would say the same. Only the people of 新增就业 stand
# last, under a letter, and are left out where there are none, so that the fingerprints of earlier runs stay. Days as numbers,
# because their words depend on settings.
_SAID = """hashtextextended(concat_ws('|', l.achievement_id, l.person_id, coalesce(l.ranked_team_id, 0), l.kind, l.role,
    l.happened_on - DATE '2000-01-01', abs(l.share), coalesce(l.full_amount, -1), coalesce(l.full_amount_usd, -1),
    l.industry, l.project_class, l.capital_source, l.channel, l.park, l.level, l.reason, 'p' || l.full_people), 0)"""
_SIGN = "CASE WHEN l.reverses_id IS NULL THEN 1 ELSE -1 END"
DIGEST_SQL = f"""
SELECT coalesce(sum({_SAID} * ({_SIGN})::numeric), 0), coalesce(sum({_SIGN}), 0), coalesce(sum(l.share) * 1000000, 0)
FROM {{table}} l WHERE l.year = %(year)s AND l.id > %(since)s AND l.id <= %(last)s
"""  # noqa: S608 - a constant of this module
