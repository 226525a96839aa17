"""Companies: what is already there when a name is typed, and what their pages list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import companies_visible_to, projects_visible_to
from projects.credit_code import normalised
from projects.models import Company, CompanyAlias, FirstReception, Project
from projects.name_core import core_of, folded, place_and_rest, same_core
from projects.queries.company_name import company_of_code
from promotion.chinese import fold, initials, pinyin, query_grams
from promotion.models import AuditEntry
from staff.models import Account

CANDIDATES = 60
SHOWN = 6
LONGEST = 30
# How many letters of a reading, or of initials, are taken to mean a company that one may not see.
SPELT, INITIALLED = 6, 4


@dataclass(frozen=True)
class Duplicate:
    """Something of that name or code that is already there.

    What the reader may not see comes without name and address: only which team follows it since which month. `pick`
    is the public id of a company that may be chosen for the entry, `also` the other name that it was found by.
    """

    kind: str
    title: str
    url: str
    held_by_team: str
    since: date | None
    visible: bool
    credit_code: str = ""
    pick: str = ""
    also: str = ""


def masked_sentence(team: str, since: date | None) -> str:
    """What somebody is told about a company that is another team's."""
    if not team or since is None:
        return _("已存在，由其他同事录入")
    return _("已存在，由 %(team)s 自 %(month)s 起跟进") % {"team": team, "month": since.strftime("%Y-%m")}


def find_duplicates(*, actor: Account, name: str = "", credit_code: str = "") -> list[Duplicate]:
    """Companies and projects that a new entry may repeat, closest first; as many queries whatever is found.

    Found by substring, reading (homophones too), initials, English, former and other names, group and code. Visible ones carry their address;
    others are told of, masked, when the names contain each other, the codes are the same, or the reading is spelt.
    """
    name, code = name[:LONGEST], normalised(credit_code)
    if len(core_of(name)) < 2 and not code:
        return []
    companies = [_company_hit(row, name, code) for row in companies_like(actor, name, code)]
    projects = [_project_hit(row, name) for row in _projects_like(actor, name)]
    found = [hit for hit in [*companies, *projects] if hit is not None]
    found.sort(key=lambda pair: (pair[0], not pair[1].visible))
    kept: list[Duplicate] = []
    for _closeness, hit in found:
        if hit.visible or all(hit.title != other.title for other in kept):
            kept.append(hit)
    return kept[:SHOWN]


def companies_like(actor: Account, name: str, code: str) -> QuerySet[Company]:
    """Candidates for a name or code with what is said of each; every branch of the condition has an index.

    Found first, asked about afterwards: only for a few keys does the planner probe what is visible row by row.
    """
    holding = FirstReception.objects.filter(company=OuterRef("pk"), released_at=None)
    followed = Project.objects.filter(company=OuterRef("pk")).order_by("reported_on", "pk")
    wanted = _named_like(name) | _also_named(name)
    if len(fold(name)) >= 3 and name.isascii():
        wanted |= Q(english_name__icontains=name.strip())
    same = company_of_code(code)
    if same is not None:
        wanted |= Q(pk=same.pk)
    same_code = ExpressionWrapper(Q(pk=same.pk if same else 0), BooleanField())
    close = Company.objects.filter(wanted, merged_into=None).annotate(same_code=same_code)
    keys = close.order_by("-same_code", Length("name"), "pk").values_list("pk", flat=True)[:CANDIDATES]
    return (
        Company.objects.filter(pk__in=list(keys))
        .annotate(
            seen=_seen(companies_visible_to(actor)),
            same_code=same_code,
            held_by=Subquery(holding.values("team__name")[:1]),
            held_since=Subquery(holding.values("claimed_at")[:1]),
            held_before=Exists(FirstReception.objects.filter(company=OuterRef("pk"))),
            followed_by=Subquery(followed.values("team__name")[:1]),
            followed_since=Subquery(followed.values("reported_on")[:1]),
        )
        .order_by("-same_code", Length("name"), "pk")
    )


def _projects_like(actor: Account, name: str) -> QuerySet[Project]:
    return (
        Project.objects.filter(_named_like(name))
        .annotate(seen=_seen(projects_visible_to(actor)))
        .select_related("team")
        .order_by(Length("name"), "pk")[:CANDIDATES]
    )


def _named_like(name: str) -> Q:
    """Names that contain the typed one, are contained in it, or read like it; each branch has an index."""
    core, typed = core_of(name), fold(name)
    if len(core) < 2:
        return Q(pk__in=[])
    wanted = Q(grams__contains=query_grams(core)) | Q(pinyin__in=_readings_within(typed))
    place, rest = place_and_rest(core)
    if place:
        wanted |= Q(grams__contains=query_grams(rest))
    if core.isascii():
        return wanted | Q(pinyin__contains=core) | Q(initials__startswith=core)
    return wanted | Q(pinyin__startswith=pinyin(core))


def _also_named(name: str) -> Q:
    """Companies one of whose other names (former, short, English, group) reads like the typed one or is part of it."""
    core, typed = core_of(name), fold(name)
    if len(core) < 2:
        return Q(pk__in=[])
    within = CompanyAlias.objects.filter(pinyin__in=_readings_within(typed))
    wanted = Q(pk__in=list(within.values_list("company_id", flat=True)[:CANDIDATES]))
    reading = core if core.isascii() else pinyin(core)
    return wanted | Q(other_readings__contains=reading) if len(reading) >= SPELT else wanted


def _readings_within(typed: str) -> set[str]:
    """The readings of every part of the typed text that could be a whole name."""
    length = len(typed)
    return {pinyin(typed[i:j]) for i in range(length) for j in range(i + 4, length + 1)}


def _seen(visible: QuerySet[Any]) -> Exists:
    """Asked row by row of the few candidates, never of all that is visible."""
    return Exists(visible.filter(pk=OuterRef("pk")))


def closeness(name: str, other: str) -> int | None:
    """0 for the same core, 1 when one contains the other, 2 when its reading or initials are typed; None otherwise.

    Characters that only sound like others are no sign; letters typed for a reading are meant as one.
    """
    mine, theirs = core_of(name), core_of(other)
    if mine == theirs or same_core(name, other):
        return 0
    if mine and theirs and (mine in folded(other) or theirs in folded(name)):
        return 1
    return 2 if _is_reading(mine, theirs) else None


def nearest_name(name: str, company: Company) -> tuple[int | None, str]:
    """How close the typed name comes to any name of the company, and the other name that it came closest to ("" for its own)."""
    own = closeness(name, company.name)
    best, matched = own, ""
    for other in company.names()[1:]:
        close = closeness(name, other)
        if close is not None and (best is None or close < best):
            best, matched = close, other
    return best, matched


def _is_reading(typed: str, core: str) -> bool:
    """Whether letters were typed that spell the name, or enough of its initials to mean it."""
    if not typed.isascii() or not typed.isalpha() or core.isascii():
        return False
    return (len(typed) >= SPELT and typed in pinyin(core)) or (
        len(typed) >= INITIALLED and initials(core).startswith(typed)
    )


def _company_hit(row: Any, name: str, code: str) -> tuple[int, Duplicate] | None:
    close, also = nearest_name(name, row)
    close = 0 if row.same_code else close
    team = row.held_by or row.followed_by or ""
    since = timezone.localdate(row.held_since) if row.held_since else row.followed_since
    if not row.seen:
        return _masked(_("企业"), close, team, since)
    url = reverse("projects:company", args=[row.public_id])
    hit = Duplicate(_("企业"), row.name, url, team, since, True, row.credit_code, row.public_id, also)
    return (2 if close is None else close), hit


def _project_hit(row: Any, name: str) -> tuple[int, Duplicate] | None:
    close = closeness(name, row.name)
    if not row.seen:
        return _masked(_("项目"), close, row.team.name, row.reported_on)
    url = reverse("projects:detail", args=[row.public_id])
    return (2 if close is None else close), Duplicate(
        _("项目"), row.name, url, row.team.name, row.reported_on, visible=True
    )


def _masked(kind: str, close: int | None, team: str, since: date | None) -> tuple[int, Duplicate] | None:
    if close is None:
        return None
    return close, Duplicate(kind, masked_sentence(team, since), "", team, since, visible=False)


def companies_listed(actor: Account) -> QuerySet[Company]:
    """The visible companies with what the list shows: visible projects, their planned investment (元), last progress."""
    return _with_figures(actor, companies_visible_to(actor))


def companies_by_keys(actor: Account, keys: Sequence[int]) -> dict[int, Company]:
    """The same of these companies, which the caller found among the visible ones; they are not asked for again."""
    return _with_figures(actor, Company.objects.all()).in_bulk(keys)


def _with_figures(actor: Account, companies: QuerySet[Company]) -> QuerySet[Company]:
    own = projects_visible_to(actor).filter(company=OuterRef("pk")).order_by().values("company")
    holding = FirstReception.objects.filter(company=OuterRef("pk"), released_at=None)
    return companies.select_related("group").annotate(
        project_count=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
        planned=Subquery(own.annotate(total=Sum("planned_investment")).values("total")),
        progressed_on=Subquery(own.annotate(last=Max("progressed_on")).values("last")),
        held_by=Subquery(holding.values("team__name")[:1]),
    )


def projects_of(actor: Account, company: Company) -> QuerySet[Project]:
    """The company's projects that the actor sees, the furthest first."""
    visible = projects_visible_to(actor).filter(company=company).select_related("owner", "team")
    return visible.order_by("status", "-stage_since", "-pk")


def company_history(company: Company) -> QuerySet[AuditEntry]:
    """Who did what to the company's own record and to those merged into it, latest first."""
    ids = [str(pk) for pk in (company.pk, *company.merged.values_list("pk", flat=True))]
    entries = AuditEntry.objects.filter(target_type="projects.company", target_id__in=ids)
    told_here = Q(target_id=str(company.pk)) | ~Q(verb__in=("company.merge", "company.undo-merge"))
    return entries.filter(told_here)[:20]
