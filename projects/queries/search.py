"""What the one search finds among projects and companies: Chinese substring, pinyin, initials, code."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import SEES_ALL, projects_found_by, youngest_found_by
from projects.models import Company, Project
from projects.queries.company_name import company_named, named, project_of_company_named
from promotion.chinese import fold
from promotion.web.search import Hit
from staff.models import Account

# Grams say that all pairs are there, not that they stand together; that is checked on at most this many rows.
CHECKED = 60


def find_projects(actor: Account, text: str, limit: int) -> list[Hit]:
    """The projects one sees whose name or code has the text, the best match first."""
    if not fold(text):
        return []
    found: QuerySet[Project] = projects_found_by(actor).filter(named(text))
    rows = Project.objects.select_related("company", "team")
    best = _best(_first(_latest(actor, found)[:CHECKED], rows), text, limit)
    return [
        Hit(_("项目"), row.name, _project_detail(row), reverse("projects:detail", args=[row.public_id]))
        for row in best
    ]


def find_companies(actor: Account, text: str, limit: int) -> list[Hit]:
    """The companies one sees, by any name (own, English, former, short, group), by code or by reading."""
    return [
        Hit(
            _("企业"), row.name, _company_detail(row, text), reverse("projects:company", args=[row.public_id])
        )
        for row in find_company_rows(actor, text, limit)
    ]


def find_company_rows(actor: Account, text: str, limit: int) -> list[Company]:
    """The companies themselves, the best match first."""
    if not fold(text):
        return []
    found = youngest_found_by(actor, company_named(text), project_of_company_named(text), CHECKED)
    return _best(_first(found, Company.objects.all()), text, limit)


def _latest(actor: Account, found: QuerySet[Project]) -> QuerySet[Project]:
    """Those changed last first.

    Who sees a part must not walk the index of days until enough of that part has come by: an order that no index has
    makes the database find by the text first and sort then.
    """
    if actor.is_role(*SEES_ALL):
        return found.order_by("-changed_at", "-pk")
    return found.order_by(Coalesce(F("changed_at"), F("created_at")).desc(), "-pk")


def _first(found: QuerySet[Any], rows: QuerySet[Any]) -> list[Any]:
    """The first of what was found, as `rows` reads them: ordered as bare keys, which is much less to sort."""
    keys = list(found.values_list("pk", flat=True))
    read = rows.in_bulk(keys) if keys else {}
    return [read[key] for key in keys if key in read]


def _project_detail(row: Project) -> str:
    return " · ".join([row.code, row.company.name, str(row.get_stage_display()), row.team.name])


def _company_detail(row: Company, text: str) -> str:
    """What tells the company apart, and by which other name it was found."""
    folded = fold(text)
    also = next((name for name in row.other_names.split("\n") if folded in fold(name)), "")
    known = _("又名 %(name)s") % {"name": also} if also and folded not in fold(row.name) else ""
    return " · ".join(part for part in (known, row.english_name, row.credit_code, row.country) if part)


def _best(rows: Sequence[Any], text: str, limit: int) -> list[Any]:
    """Those that truly contain the text, names that begin with it first."""
    folded = fold(text)
    ranked = []
    for place, row in enumerate(rows):
        name = fold(row.name)
        if name.startswith(folded):
            rank = 0
        elif folded in name or row.pinyin.startswith(folded) or row.initials.startswith(folded):
            rank = 1
        elif any(folded in part for part in _everything(row)):
            rank = 2
        else:
            continue
        ranked.append((rank, place, row))
    return [row for _rank, _place, row in sorted(ranked, key=lambda entry: entry[:2])[:limit]]


def _everything(row: Any) -> tuple[str, ...]:
    return (fold(row.search_text()), row.pinyin, row.initials, getattr(row, "other_readings", ""))
