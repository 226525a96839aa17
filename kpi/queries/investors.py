"""Who invests (投资方), for filters by lists: the names that a fact's company was known by, kept ones before those of today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kpi.models import FactInvestor, LedgerLine
from kpi.queries.lines import fact_id
from kpi.queries.measures import SubjectKey
from kpi.scoring.facts import CreditLine, Fact
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.scheme import Measure, Scheme
from projects.models import Achievement, Company, Project

INVESTOR = "investor"
Names = tuple[str, ...]


def asks_investor(definition: Measure) -> bool:
    """Whether a measure looks at who invests."""
    return any(one.attribute == INVESTOR for one in definition.where)


def kinds_by_investor(scheme: Scheme) -> list[str]:
    """The kinds of fact of which the scheme asks who invests."""
    asking = (one for owner in scheme.owners for one in owner.measures.values() if asks_investor(one))
    return sorted({kind for one in asking for kind in one.kinds})


def names_of(company: Company) -> Names:
    """Everything a company is known by, its registered name first, each once."""
    return tuple(dict.fromkeys(name for name in (*company.names(), company.credit_code) if name))


def names_by_fact(achievements: Iterable[int]) -> dict[int, Names]:
    """The names behind each fact: as they were kept, else as they are today; nothing for a fact without a project."""
    asked = set(achievements)
    kept = FactInvestor.objects.filter(achievement__in=asked).values_list("achievement", "names")
    found = {pk: tuple(names) for pk, names in kept}
    missing = Achievement.objects.filter(pk__in=asked - found.keys(), project__isnull=False)
    for one in missing.select_related("project__company").only("project__company"):
        if one.project is not None:
            found[one.pk] = names_of(one.project.company)
    return found


def names_by_project(projects: Iterable[int]) -> dict[str, Names]:
    """The names of the companies of some projects as they are today, by the identifier facts use."""
    found = Project.objects.filter(pk__in=set(projects)).select_related("company").only("company")
    return {fact_id(one.pk): names_of(one.company) for one in found}


def facts_without_names(scheme: Scheme, year: int, last_line: int) -> list[int]:
    """The posted facts, up to a line, of which the scheme asks who invests and nobody kept it yet."""
    kinds = kinds_by_investor(scheme)
    if not kinds:
        return []
    lines = LedgerLine.objects.filter(
        year__lte=year, pk__lte=last_line, kind__in=kinds, project__isnull=False
    )
    known = FactInvestor.objects.values("achievement")
    facts = lines.exclude(achievement__in=known).order_by("achievement").values_list("achievement", flat=True)
    return list(facts.distinct())


def with_investors(
    lines: Mapping[SubjectKey, Sequence[CreditLine]], scheme: Scheme
) -> tuple[dict[SubjectKey, list[CreditLine]], str]:
    """The lines with the investors that the scheme asks for, and a digest of their names; empty when it asks for none."""
    kinds = set(kinds_by_investor(scheme))
    own = {key: list(group) for key, group in lines.items()}
    if not kinds:
        return own, ""
    wanted = {int(one.fact.id) for group in own.values() for one in group if one.fact.kind in kinds}
    names = names_by_fact(wanted)
    facts: dict[str, Fact] = {}
    for group in own.values():
        for line in group:
            if line.fact.id not in facts and int(line.fact.id) in names:
                facts[line.fact.id] = named(line.fact, names[int(line.fact.id)])
    named_lines = {
        key: [replace(one, fact=facts.get(one.fact.id, one.fact)) for one in group]
        for key, group in own.items()
    }
    return named_lines, fingerprint(sorted((pk, list(found)) for pk, found in names.items()))


def named(fact: Fact, names: Names) -> Fact:
    """The fact with its investor under all names."""
    first, *others = names
    return replace(
        fact,
        attributes={**fact.attributes, INVESTOR: first},
        also={**fact.also, INVESTOR: tuple(others)},
    )
