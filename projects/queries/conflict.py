"""The masked conflict check: whether a name or code means a company that is there, and whose first reception protects it.

Two questions share one search: `find_conflicts` tells a person or system everything close, masked where it is another team's;
`blocking_company` asks whether an entry would take what another team protects. Both cost the same however many companies there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.credit_code import normalised
from projects.models import Company, FirstReception
from projects.name_core import core_of, place_and_rest, same_core
from projects.queries.company import CANDIDATES, companies_like, nearest_name
from projects.queries.protection import holding_on
from promotion.chinese import pinyin, query_grams
from staff.models import Account, Team

MOST = 10


@dataclass(frozen=True)
class Finding:
    """One company that the asked name or code may be; without name and address where it is another team's."""

    sentence: str
    visible: bool
    company: str
    matched: str
    held_by_team: str
    since: date | None
    in_pool: bool
    closeness: int
    protected: bool


def find_conflicts(*, actor: Account, name: str = "", credit_code: str = "") -> list[Finding]:
    """What is close to the name, or has the code, the closest first; four queries at most."""
    code = normalised(credit_code)
    if len(core_of(name)) < 2 and not code:
        return []
    rows = list(companies_like(actor, name, code))
    holding = _holders(row.pk for row in rows)
    found = [one for row in rows if (one := _finding(row, name, holding)) is not None]
    return sorted(found, key=lambda one: (one.closeness, not one.visible))[:MOST]


def blocking_reception(
    *, name: str, credit_code: str, team: Team, besides: Company | None = None
) -> FirstReception | None:
    """The reception of another team that protects a company of the same name, as far as names tell; None when free.

    A company whose code is known and differs from the given one is another company, whatever it is called; one that is
    met by the name of its group only is told of and does not block.
    """
    core = core_of(name)
    if len(core) < 2:
        return None
    _place, rest = place_and_rest(core)
    wanted = Q(grams__contains=query_grams(rest)) | Q(pinyin__startswith=pinyin(core))
    if besides is not None:
        wanted &= ~Q(pk=besides.pk)
    rows = (
        Company.objects.filter(wanted, merged_into=None).select_related("group").order_by("pk")[:CANDIDATES]
    )
    code = normalised(credit_code)
    same = [
        row
        for row in rows
        if _is_same(row, name) and not (code and row.credit_code and row.credit_code != code)
    ]
    if not same:
        return None
    held = holding_on(timezone.localdate()).filter(company__in=[row.pk for row in same])
    for one in held.select_related("team", "company", "person"):
        if team.pk not in (one.team_id, one.team.parent_id) and team.parent_id != one.team_id:
            return one
    return None


def _is_same(row: Company, name: str) -> bool:
    group = row.group.name if row.group else ""
    return any(same_core(name, each) for each in row.names() if each != group)


def _holders(keys: Iterable[int]) -> set[int]:
    held = holding_on(timezone.localdate()).filter(company__in=list(keys))
    return set(held.values_list("company_id", flat=True))


def _finding(row: Any, name: str, holding: set[int]) -> Finding | None:
    close, matched = nearest_name(name, row) if name else (None, "")
    if row.same_code:
        close, matched = 0, ""
    if close is None and not row.seen:
        return None
    team = row.held_by or row.followed_by or ""
    since = timezone.localdate(row.held_since) if row.held_since else row.followed_since
    return Finding(
        sentence=_sentence(row, team, since),
        visible=row.seen,
        company=row.public_id if row.seen else "",
        matched=(matched or row.name) if row.seen else "",
        held_by_team=team,
        since=since,
        in_pool=row.pk not in holding and row.held_before,
        closeness=2 if close is None else close,
        protected=row.pk in holding,
    )


def first_held_sentence(team: str, since: date) -> str:
    """What somebody is told about a company that another team was first to receive."""
    return _("已存在，由 %(team)s 自 %(month)s 首接") % {"team": team, "month": since.strftime("%Y-%m")}


def _sentence(row: Any, team: str, since: date | None) -> str:
    if row.held_since is not None and since is not None:
        return first_held_sentence(team, since)
    if team and since is not None:
        return _("已存在，由 %(team)s 自 %(month)s 起跟进") % {"team": team, "month": since.strftime("%Y-%m")}
    return _("已存在，由其他同事录入")


def same_in_history(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of an imported name and one that was there with the same core, for the report of an import."""
    cores: dict[str, str] = {}
    names = set(names)
    known = (
        Company.objects.filter(merged_into=None)
        .exclude(name__in=names)
        .order_by("pk")
        .values_list("name", "other_names")
    )
    for name, others in known.iterator(chunk_size=5000):
        for each in (name, *others.split("\n")):
            if each:
                cores.setdefault(place_and_rest(core_of(each))[1], each)
    found = ((name, cores.get(place_and_rest(core_of(name))[1], "")) for name in names)
    return [(name, other) for name, other in found if other and same_core(name, other)]
