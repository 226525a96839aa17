"""Facts that are assumed in a trial: as they would be posted if they were reported and recognised in whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from kpi.queries.lines import fact_id
from kpi.queries.measures import TEXT_ATTRIBUTES
from kpi.queries.trial import Credited
from kpi.scoring.facts import AttributeValue, Fact
from projects.models import (
    PEOPLE_KINDS,
    Achievement,
    AchievementKind,
    CapitalSource,
    CreditRole,
    CreditShare,
    Project,
)
from projects.models import Currency as Money

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
Shares = tuple[tuple[int, str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in 元, and in US dollars where foreign capital is counted in them; or a number of people (新增就业)."""

    cny: Decimal | None = None
    dollars: Decimal | None = None
    people: Decimal | None = None

    @property
    def foreign(self) -> tuple[str, Decimal] | None:
        """The amount in its own currency, where that is not 元."""
        return None if self.dollars is None else (Money.USD, self.dollars)


class Crediting:
    """Whose a fact of a project would be: the shares in force on its day, read once for all projects."""

    def __init__(self, projects: Iterable[int]) -> None:
        self._rows: dict[int, list[CreditShare]] = defaultdict(list)
        for row in CreditShare.objects.filter(project__in=set(projects)).order_by("pk"):
            self._rows[row.project_id].append(row)

    def of(self, project: int, on: date) -> Shares:
        """Person, role and share (0 to 1) on the day; nothing where no shares were settled."""
        found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for row in self._rows.get(project, ()):
            if row.holds_from <= on and (row.holds_until is None or row.holds_until > on):
                found[row.person_id, row.role] += row.percent
        return tuple((person, role, percent / HUNDRED) for (person, role), percent in found.items())

    def role_of(self, project: int, person: int, on: date) -> str:
        """In which role the person is credited on the day; 引进 where in none."""
        roles = [role for one, role, _share in self.of(project, on) if one == person]
        return roles[0] if roles else CreditRole.INTRODUCTION


@dataclass(slots=True)
class Assumer:
    """Makes facts that nobody reported yet. Their numbers come after all real ones, as those of later reports will."""

    crediting: Crediting
    dollar_rate: Decimal | None
    _serials: Iterable[int] = field(default_factory=count)

    def fact(
        self,
        kind: str,
        on: date,
        amount: Amount,
        *,
        project: Project | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
        new_project: bool = False,
    ) -> Fact:
        """A fact of a project of the house, of one that does not exist yet, or of none."""
        number = next(iter(self._serials))
        given = dict(attributes or {}) | (attributes_of(project) if project else {})
        if amount.dollars is not None:
            given["amount_usd"] = amount.dollars
        if amount.people is not None:
            given["people"] = amount.people
        name = fact_id(project.pk) if project else f"new-{number}" if new_project else None
        return Fact(f"9{number:017d}", kind, on, amount.cny, attributes=given, project=name)

    def of_project(self, project: Project, kind: str, on: date, amount: Amount) -> Credited:
        """The fact of a project, shared by its shares of the day."""
        fact = self.fact(kind, on, amount, project=project)
        return Credited(fact, self.crediting.of(project.pk, on), project.code, amount.foreign)

    def in_yuan(self, amount: Decimal | None, kind: str, source: str) -> Amount:
        """An amount in 元; foreign capital paid in is taken to be reported in US dollars at the newest rate known."""
        is_foreign = kind == AchievementKind.PAID_IN and source != CapitalSource.DOMESTIC
        if amount is None or not is_foreign or not self.dollar_rate:
            return Amount(amount)
        return Amount(amount, (amount / self.dollar_rate).quantize(CENT, rounding=ROUND_HALF_UP))

    def promised(self, figure: Decimal, kind: str, source: str) -> Amount:
        """What of a promise is still to be done: money, or people."""
        return Amount(people=figure) if kind in PEOPLE_KINDS else self.in_yuan(figure, kind, source)

    def in_dollars(self, amount: Decimal) -> Amount:
        """An amount in US dollars, with what it is in 元 at the newest rate known."""
        if not self.dollar_rate:
            return Amount(None, amount)
        return Amount((amount * self.dollar_rate).quantize(CENT, rounding=ROUND_HALF_UP), amount)


def newest_dollar_rate() -> Decimal | None:
    """元 for one US dollar on the newest day that anybody reported."""
    reported = Achievement.objects.filter(currency=Money.USD, exchange_rate__gt=0)
    return reported.order_by("-rate_on", "-pk").values_list("exchange_rate", flat=True).first()


def foreign_of(one: Achievement) -> tuple[str, Decimal] | None:
    """Currency and amount of a report in another currency."""
    original = one.recognised_amount if one.recognised_amount is not None else one.amount
    return None if one.currency == Money.CNY or original is None else (one.currency, original)


def fact_of_achievement(one: Achievement) -> Fact:
    """What a report posts once it is recognised as it was reported (or as it was recognised already)."""
    is_decided = one.recognised_on is not None and one.state == "recognised"
    cny = one.recognised_cny if is_decided else one.amount_cny
    original = one.recognised_amount if is_decided else one.amount
    attributes = attributes_of(one.project) if one.project else {}
    if one.level:
        attributes["level"] = one.level
    if one.incident_reason:
        attributes["reason"] = one.incident_reason
    people = one.recognised_people if is_decided else one.people
    if people is not None:
        attributes["people"] = Decimal(people)
    if one.currency == Money.USD and original is not None:
        attributes["amount_usd"] = original
    elif one.usd_rate and cny is not None:
        attributes["amount_usd"] = (cny / one.usd_rate).quantize(CENT, rounding=ROUND_HALF_UP)
    return Fact(
        id=fact_id(one.pk),
        kind=one.kind,
        on=one.happened_on,
        amount=cny,
        attributes=attributes,
        project=None if one.project_id is None else fact_id(one.project_id),
    )


def attributes_of(project: Project) -> dict[str, AttributeValue]:
    """The attributes of a project by which schemes filter, as far as they are known."""
    names = (name for name in TEXT_ATTRIBUTES if name not in ("level", "reason"))
    return {name: value for name in names if (value := getattr(project, name))}
