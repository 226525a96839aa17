"""What is usual: medians among comparable projects, computed in the database, one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from projects.models import Achievement, AchievementKind, Recognition

LEAST_COMPARABLES = 8


@dataclass(frozen=True)
class SigningNorm:
    """Of the natural logarithms of the recognised contract amounts of an industry: median and median deviation."""

    median: float
    deviation: float
    count: int


@dataclass(frozen=True)
class ProgressNorm:
    """The median of money paid in ÷ registered capital over the registered projects of a class."""

    median: Decimal
    count: int


def signing_norms(industries: Iterable[str]) -> dict[str, SigningNorm]:
    """By industry; those with fewer than `LEAST_COMPARABLES` recognised signings are left out."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNINGS, {"industries": list(industries), "least": LEAST_COMPARABLES})
        return {
            industry: SigningNorm(median, mad, count) for industry, median, mad, count in cursor.fetchall()
        }


def progress_norms(classes: Iterable[str]) -> dict[str, ProgressNorm]:
    """By project class; those with fewer than `LEAST_COMPARABLES` registered projects with money are left out."""
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, {"classes": list(classes), "least": LEAST_COMPARABLES})
        return {
            name: ProgressNorm(Decimal(str(median)).quantize(Decimal("0.0001")), count)
            for name, median, count in cursor.fetchall()
        }


def paid_in_progress(projects: Iterable[int | None]) -> dict[int, Decimal]:
    """Money paid in (recognised, and what is reported now) ÷ registered capital, by project; without capital left out."""
    live = Q(state__in=(Recognition.RECOGNISED, Recognition.SUBMITTED))
    rows = (
        Achievement.objects.filter(live, project__in=list(projects))
        .order_by()
        .values("project")
        .annotate(
            paid=Sum("amount_cny", filter=Q(kind=AchievementKind.PAID_IN)),
            capital=Sum("amount_cny", filter=Q(kind=AchievementKind.REGISTERED)),
        )
    )
    return {row["project"]: (row["paid"] or Decimal(0)) / row["capital"] for row in rows if row["capital"]}


SIGNINGS = """
WITH amounts AS (
    SELECT p.industry, ln(a.recognised_cny::double precision) AS value
    FROM projects_achievement a JOIN projects_project p ON p.id = a.project_id
    WHERE a.kind = 'signed' AND a.state = 'recognised' AND a.recognised_cny > 0 AND p.industry = ANY(%(industries)s)
),
middle AS (
    SELECT industry, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median, count(*) AS n
    FROM amounts GROUP BY industry HAVING count(*) >= %(least)s
)
SELECT m.industry, m.median, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(a.value - m.median)), m.n
FROM middle m JOIN amounts a ON a.industry = m.industry GROUP BY m.industry, m.median, m.n
"""

PROGRESS = """
WITH progress AS (
    SELECT p.project_class, coalesce(sum(a.recognised_cny) FILTER (WHERE a.kind = 'paid_in'), 0)::double precision
           / (sum(a.recognised_cny) FILTER (WHERE a.kind = 'registered'))::double precision AS value
    FROM projects_achievement a JOIN projects_project p ON p.id = a.project_id
    WHERE a.state = 'recognised' AND a.kind IN ('paid_in', 'registered') AND p.project_class = ANY(%(classes)s)
    GROUP BY p.id, p.project_class
    HAVING sum(a.recognised_cny) FILTER (WHERE a.kind = 'registered') > 0
       AND sum(a.recognised_cny) FILTER (WHERE a.kind = 'paid_in') > 0
)
SELECT project_class, percentile_cont(0.5) WITHIN GROUP (ORDER BY value), count(*)
FROM progress GROUP BY project_class HAVING count(*) >= %(least)s
"""
