"""The pay bill of a year on a copy: posts and scores of the year read once, computed by the rules and as assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpi.access.pay import can_keep_pay
from kpi.models import PayRule
from kpi.pay.month import Spell
from kpi.pay.scale import Monthly
from kpi.pay.totals import FEWEST, Totals, added, grouped, shown
from kpi.pay.what_if import Assumed, Year, bill
from kpi.queries.course import decisive_run
from kpi.queries.grades import results_of_people
from kpi.queries.pay_posts import PostsOfYear
from staff.models import Account, Grade, Team


@dataclass(frozen=True, slots=True)
class Compared:
    """A group's bill as it is and as assumed; None where it would tell what one person is paid."""

    name: str
    now: Totals | None
    then: Totals | None

    @property
    def difference(self) -> Decimal | None:
        return self.then.whole - self.now.whole if self.now and self.then else None


@dataclass(frozen=True, slots=True)
class BillTrial:
    """The whole bill with its groups; `without_score` counts those reckoned at target for want of a result."""

    whole: Compared
    grades: list[Compared]
    teams: list[Compared]
    without_score: int


def years_of_people(year: int, rule: PayRule) -> list[Year]:
    """Everybody's months and score of the year, by the team and grade of the last month."""
    posts, run = PostsOfYear(year, rule), decisive_run(year)
    scores = {person: result.total for person, result in results_of_people(run).items()} if run else {}
    nothing = {grade.value: Monthly(Decimal(0), Decimal(0)) for grade in Grade}
    months: dict[int, list[tuple[int, tuple[Spell, ...]]]] = {}
    last: dict[int, tuple[int, str]] = {}
    for month in range(1, 13):
        for person, held in posts.month(month, nothing).items():
            spells = tuple(Spell(part.grade, part.days) for part in held.pay.parts)
            months.setdefault(person, []).append((held.month_days, spells))
            last[person] = held.team_id, held.grade
    return [
        Year(str(last[person][0]), last[person][1], tuple(spans), scores.get(person))
        for person, spans in months.items()
    ]


def try_bill(actor: Account, year: int, rule: PayRule, now: Assumed, then: Assumed) -> BillTrial:
    """The bill as the rules say, beside the bill as assumed; small groups only for whoever sees single amounts anyway."""
    people = years_of_people(year, rule)
    before, after = bill(people, now), bill(people, then)
    is_open = can_keep_pay(actor)
    names = dict(Team.objects.filter(pk__in={int(each.team) for each in people}).values_list("pk", "name"))

    def compared(key: str, named: Mapping[str, str]) -> list[Compared]:
        old = grouped((getattr(each, key), totals) for each, totals in before)
        new = grouped((getattr(each, key), totals) for each, totals in after)
        allowed = old if is_open else shown(old)
        return [
            Compared(named[name], old[name], new[name])
            if allowed[name]
            else Compared(named[name], None, None)
            for name in named
            if name in old
        ]

    is_told = is_open or len(people) >= FEWEST
    return BillTrial(
        Compared("", *(added(one for _each, one in each) if is_told else None for each in (before, after))),
        compared("grade", {grade.value: str(grade.label) for grade in Grade}),
        compared("team", {str(key): name for key, name in names.items()}),
        sum(each.score is None for each in people),
    )
