"""Companies that may be one, found among all at once: keys are written beside each company, and equal keys meet in SQL.

No company is compared with every other: two meet only where they share a key (a name, part of a name, most of a code, a
telephone number …), and a key that too many share says nothing and is left out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.access import duplicate_pairs_visible_to
from projects.models import Company, CompanyAlias, Contact, DuplicatePair, DuplicateScan
from projects.phone_number import dialled
from projects.queries.company import core_of
from promotion.chinese import fold
from staff.models import Account

# What two companies have in common → how much it says, and in words (assumption: the weights are the house's own).
SIGNS: dict[str, tuple[int, Any]] = {
    "name": (90, _("名称相同")),
    "alias": (80, _("别名或曾用名相同")),
    "core": (70, _("去掉公司形式后同名")),
    "part": (45, _("一个名称包含另一个")),
    "code": (75, _("信用代码只差一两位")),
    "phone": (40, _("电话相同")),
    "website": (40, _("网站相同")),
    "seat": (50, _("注册地址和实际控制人相同")),
}
# Two different codes that are no slip of the pen speak for two companies.
OTHER_CODE = -30
THRESHOLD = 40
# A key that more companies share tells nothing apart; so many pairs are kept, the closest first.
CROWD, MOST_PAIRS, CHUNK = 40, 20_000, 2_000
SHORTEST_PART = 4

KEYS_TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS company_key (company bigint, kind text, key text, own boolean);
TRUNCATE company_key;
"""
INDEX_KEYS = """
CREATE INDEX IF NOT EXISTS company_key_key ON company_key (kind, key, company);
ANALYZE company_key;
"""
# Names meet by equality; parts meet the whole core of another; each pair once, the elder company first.
PAIRS = """
WITH shared AS (
    SELECT kind, key FROM company_key WHERE kind <> 'part'
    GROUP BY kind, key HAVING count(DISTINCT company) <= %(crowd)s
), met AS (
    SELECT least(a.company, b.company) AS first, greatest(a.company, b.company) AS second,
           CASE WHEN a.kind = 'name' AND NOT (a.own AND b.own) THEN 'alias' ELSE a.kind END AS sign, a.key
    FROM company_key a
    JOIN shared USING (kind, key)
    JOIN company_key b ON b.kind = a.kind AND b.key = a.key AND b.company > a.company
    WHERE a.kind <> 'part'
    UNION ALL
    SELECT least(a.company, b.company), greatest(a.company, b.company), 'part', a.key
    FROM company_key a
    JOIN shared ON shared.kind = 'core' AND shared.key = a.key
    JOIN company_key b ON b.kind = 'core' AND b.key = a.key AND b.company <> a.company
    WHERE a.kind = 'part'
)
SELECT first, second, jsonb_object_agg(sign, key)
FROM (SELECT first, second, sign, min(key) AS key FROM met GROUP BY first, second, sign) one
GROUP BY first, second
"""


@dataclass(frozen=True)
class Candidate:
    """Two companies with what they share (sign → the shared text) and how much that says, 0 to 100."""

    first: int
    second: int
    signs: dict[str, str]
    score: int


def companies_to_scan() -> QuerySet[Company]:
    return Company.objects.filter(merged_into=None)


def prepare_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEYS_TABLE)


def write_keys(rows: list[Company]) -> None:
    """Write the keys of some companies: their names, parts of them, codes, websites, seats and telephone numbers."""
    ids = [row.pk for row in rows]
    keys = {key for row in rows for key in _keys_of(row)}
    for company, name in CompanyAlias.objects.filter(company__in=ids).values_list("company", "name"):
        keys |= set(_name_keys(company, name, own=False))
    for company, phone in (
        Contact.objects.filter(company__in=ids).exclude(phone="").values_list("company", "phone")
    ):
        keys.add((company, "phone", dialled(phone), True))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY company_key (company, kind, key, own) FROM STDIN") as copy,
    ):
        for key in sorted(keys):
            copy.write_row(key)


def index_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute(INDEX_KEYS)


def find_pairs() -> list[Candidate]:
    """The pairs that share enough, closest first."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"crowd": CROWD})
        met = [(first, second, _read(signs)) for first, second, signs in cursor.fetchall()]
    codes = dict(_codes({pk for first, second, _signs in met for pk in (first, second)}))
    scored = [_scored(first, second, signs, codes) for first, second, signs in met]
    found = sorted(
        (each for each in scored if each.score >= THRESHOLD),
        key=lambda each: (-each.score, each.first, each.second),
    )
    return found[:MOST_PAIRS]


def slips_between(code: str, other: str) -> int:
    """In how many places two codes of the same length differ; a neighbour swapped with its neighbour is one slip."""
    if len(code) != len(other):
        return max(len(code), len(other))
    places = [place for place, (one, two) in enumerate(zip(code, other, strict=True)) if one != two]
    if len(places) == 2 and places[1] == places[0] + 1 and code[places[0]] == other[places[1]]:
        return 1
    return len(places)


def pairs_listed(actor: Account) -> QuerySet[DuplicatePair]:
    """The pairs one may settle, with both companies and who holds them."""
    return duplicate_pairs_visible_to(actor).select_related("first", "second", "dismissed_by")


def latest_scan() -> DuplicateScan | None:
    return DuplicateScan.objects.order_by("-pk").first()


def told_signs(pair: DuplicatePair) -> list[tuple[str, str]]:
    """What a pair has in common, in words, the strongest first; telephone numbers are not repeated here."""
    known = sorted(
        (row for row in pair.reasons if row["sign"] in SIGNS), key=lambda row: -SIGNS[row["sign"]][0]
    )
    return [(str(SIGNS[row["sign"]][1]), row["text"]) for row in known]


def _keys_of(row: Company) -> Iterator[tuple[int, str, str, bool]]:
    yield from _name_keys(row.pk, row.name, own=True)
    if row.english_name:
        yield from _name_keys(row.pk, row.english_name, own=False)
    if len(row.credit_code) == 18:
        code = row.credit_code
        for part in (code[8:17], code[2:12], code[2:8] + code[12:]):
            yield row.pk, "code", part, True
    host = (urlsplit(row.website).hostname or "").removeprefix("www.")
    if host:
        yield row.pk, "website", host, True
    if row.address and row.controller:
        yield row.pk, "seat", f"{fold(row.address)} {fold(row.controller)}", True


def _name_keys(company: int, name: str, *, own: bool) -> Iterator[tuple[int, str, str, bool]]:
    folded, core = fold(name), core_of(name)
    yield company, "name", folded, own
    if len(core) < 2 or (core.isascii() and len(core) < SHORTEST_PART):
        return
    yield company, "core", core, own
    for length in range(SHORTEST_PART, len(core)):
        yield company, "part", core[:length], own
        yield company, "part", core[-length:], own


def _codes(ids: set[int]) -> Iterator[tuple[int, str]]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        yield from Company.objects.filter(pk__in=chunk).values_list("pk", "credit_code")


def _scored(first: int, second: int, signs: dict[str, str], codes: dict[int, str]) -> Candidate:
    one, two = codes.get(first, ""), codes.get(second, "")
    kept = dict(signs)
    if "name" in kept or "alias" in kept:
        kept.pop("core", None)
    if {"name", "alias", "core"} & kept.keys():
        kept.pop("part", None)
    score = 0
    if one and two:
        near = slips_between(one, two) <= 2 or one[8:17] == two[8:17]
        kept["code"] = f"{one} / {two}"
        if not near:
            kept.pop("code")
            score = OTHER_CODE
    else:
        kept.pop("code", None)
    return Candidate(first, second, kept, max(0, min(100, score + sum(SIGNS[sign][0] for sign in kept))))


def _read(signs: Any) -> dict[str, str]:
    return json.loads(signs) if isinstance(signs, str) else signs
