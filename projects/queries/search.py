"""What the one search finds among projects and companies: Chinese substring, pinyin, initials, code."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import companies_visible_to, projects_visible_to
from projects.models import Company, Project
from promotion.chinese import fold, query_grams
from promotion.web.search import Hit
from staff.models import Account

# Grams say that all pairs are there, not that they stand together; that is checked on at most this many rows.
CHECKED = 60


def named(text: str) -> Q:
    """Names (and codes) that may contain the text, by an index: grams for substrings, readings for Latin letters."""
    folded = fold(text)
    wanted = Q(grams__contains=query_grams(folded))
    if folded.isascii() and folded.isalpha() and len(folded) >= 2:
        wanted |= Q(pinyin__startswith=folded) | Q(initials__contains=folded)
    if folded.isascii() and folded.isalpha() and len(folded) >= 4:
        wanted |= Q(pinyin__contains=folded)
    return wanted


def find_projects(actor: Account, text: str, limit: int) -> list[Hit]:
    """The projects one sees whose name or code has the text, the best match first."""
    if not fold(text):
        return []
    rows: QuerySet[Project] = projects_visible_to(actor).filter(named(text)).select_related("company", "team")
    best = _best(rows.order_by("-changed_at", "-pk")[:CHECKED], text, limit)
    return [
        Hit(_("项目"), row.name, _project_detail(row), reverse("projects:detail", args=[row.public_id]))
        for row in best
    ]


def find_companies(actor: Account, text: str, limit: int) -> list[Hit]:
    """The companies one sees whose name, English name or code has the text."""
    if not fold(text):
        return []
    rows: QuerySet[Company] = companies_visible_to(actor).filter(named(text))
    best = _best(rows.order_by("-pk")[:CHECKED], text, limit)
    return [
        Hit(_("企业"), row.name, _company_detail(row), reverse("projects:company", args=[row.public_id]))
        for row in best
    ]


def _project_detail(row: Project) -> str:
    return " · ".join([row.code, row.company.name, str(row.get_stage_display()), row.team.name])


def _company_detail(row: Company) -> str:
    return " · ".join(part for part in (row.english_name, row.credit_code, row.country) if part)


def _best(rows: QuerySet[Any], text: str, limit: int) -> list[Any]:
    """Those that truly contain the text, names that begin with it first."""
    folded = fold(text)
    ranked = []
    for place, row in enumerate(rows):
        name = fold(row.name)
        if name.startswith(folded):
            rank = 0
        elif folded in name or row.pinyin.startswith(folded) or row.initials.startswith(folded):
            rank = 1
        elif folded in fold(row.search_text()) or folded in row.pinyin or folded in row.initials:
            rank = 2
        else:
            continue
        ranked.append((rank, place, row))
    return [row for _rank, _place, row in sorted(ranked, key=lambda entry: entry[:2])[:limit]]
