"""Targets by person and team, period and level: set, replaced, withdrawn, with their history, and taken by the engine."""

from decimal import Decimal

import pytest

from kpi.actions import TargetRow, execute_run, request_run, set_target, set_targets
from kpi.models import Item, Target, TargetPeriod
from kpi.queries.roster import targets_by_subject
from kpi.queries.scheme import read_scheme
from kpi.scoring.periods import PERIODS
from kpi.scoring.periods import YEAR as YEAR_PERIOD
from promotion.errors import NotAllowed, Refused
from promotion.models import AuditEntry
from staff.models import Account, Person, Team
from tests.factories.kpi import SCHEME, make_scheme

pytestmark = pytest.mark.django_db

ANNUAL = "rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}"
YEAR = 2025


def subject(account: Account) -> Person:
    assert account.person
    return account.person


def amounts() -> list[tuple[str, str, Decimal]]:
    return list(Target.objects.order_by("period", "level").values_list("period", "level", "amount"))


def test_a_target_is_set_replaced_and_recorded(hr: Account, officer: Account) -> None:
    make_scheme()
    given = {"actor": hr, "year": 2026, "code": "signings", "person": subject(officer)}

    set_target(**given, amount=Decimal(4))  # type: ignore[arg-type]
    target = set_target(**given, amount=Decimal(5))  # type: ignore[arg-type]

    assert (amounts(), target.unit) == ([("year", "base", Decimal(5))], "个")
    entries = AuditEntry.objects.filter(verb="target.set", target_id=str(target.pk)).order_by("pk")
    assert [entry.detail["amount"] for entry in entries] == ["4", "5"]


def test_each_period_and_level_has_one_value_with_its_history(hr: Account, first_team: Team) -> None:
    make_scheme()

    def row(amount: str | None, period: str, level: str = "base") -> TargetRow:
        number = None if amount is None else Decimal(amount)
        return TargetRow("signings", number, team=first_team, period=period, level=level)

    set_targets(actor=hr, year=2026, rows=[row("12", "year"), row("15", "year", "stretch"), row("3", "Q1")])
    set_targets(actor=hr, year=2026, rows=[row("2.5", "Q1"), row("1", "M01"), row(None, "year", "stretch")])

    assert amounts() == [
        ("M01", "base", Decimal(1)),
        ("Q1", "base", Decimal("2.5")),
        ("year", "base", Decimal(12)),
    ]
    events = Target.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    told = sorted(events.values_list("period", "level", "amount", "pgh_label"))
    assert told == [
        ("M01", "base", Decimal(1), "insert"),
        ("Q1", "base", Decimal("2.5"), "update"),
        ("Q1", "base", Decimal(3), "insert"),
        ("year", "base", Decimal(12), "insert"),
        ("year", "stretch", Decimal(15), "delete"),
        ("year", "stretch", Decimal(15), "insert"),
    ]


def test_the_periods_of_targets_are_those_of_the_engine() -> None:
    assert set(TargetPeriod.values) == {YEAR_PERIOD, *PERIODS}
    assert {period: TargetPeriod(period).label for period in PERIODS} == {
        name: period.title for name, period in PERIODS.items()
    }


def test_many_targets_are_set_all_or_none(hr: Account, officer: Account, first_team: Team) -> None:
    make_scheme()
    good = [
        TargetRow("signings", Decimal(4), person=subject(officer)),
        TargetRow("signings", Decimal(9), team=first_team),
    ]

    for bad, sentence in (
        (TargetRow("other", Decimal(1), team=first_team), "没有目标“other”"),
        (TargetRow("signings", Decimal(8), team=first_team), "写了两次"),
        (TargetRow("signings", Decimal(8), team=first_team, level="stretch"), "加压目标 8 低于基本目标 9"),
    ):
        with pytest.raises(Refused, match=sentence):
            set_targets(actor=hr, year=2026, rows=[*good, bad])
    assert not Target.objects.exists()
    assert set_targets(actor=hr, year=2026, rows=good) == 2
    assert Target.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount": Decimal(-1)}, "不能是负数"),
        ({"amount": Decimal(10) ** 14}, "十四位"),
        ({"amount": Decimal(5), "person": None}, "一个人或一个团队"),
        ({"amount": Decimal(5), "period": "Q5"}, "没有时段“Q5”"),
        ({"amount": Decimal(5), "level": "top"}, "没有档次“top”"),
    ],
)
def test_an_impossible_target_is_refused(
    hr: Account, officer: Account, fields: dict[str, object], sentence: str
) -> None:
    make_scheme()

    with pytest.raises(Refused, match=sentence):
        set_target(**{"actor": hr, "year": 2026, "code": "signings", "person": officer.person, **fields})  # type: ignore[arg-type]


def test_a_stretch_target_is_held_against_the_base_that_is_there(hr: Account, first_team: Team) -> None:
    make_scheme()
    set_targets(actor=hr, year=2026, rows=[TargetRow("signings", Decimal(4), team=first_team, period="Q1")])

    higher = TargetRow("signings", Decimal(3), team=first_team, level="stretch")
    lower = TargetRow("signings", Decimal(3), team=first_team, period="Q1", level="stretch")
    assert set_targets(actor=hr, year=2026, rows=[higher]) == 1
    with pytest.raises(Refused, match="第一季度加压目标 3 低于基本目标 4"):
        set_targets(actor=hr, year=2026, rows=[lower])
    with pytest.raises(Refused, match="全年加压目标 3 低于基本目标 5"):
        set_target(actor=hr, year=2026, code="signings", team=first_team, amount=Decimal(5))


@pytest.mark.parametrize("who", ["officer", "leader", "auditor", "administrator"])
def test_targets_are_for_hr_and_managers_to_set(
    who: str, first_team: Team, request: pytest.FixtureRequest
) -> None:
    make_scheme()
    actor = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        set_target(actor=actor, year=2026, code="signings", team=first_team, amount=Decimal(1))


def test_a_target_in_an_older_unit_is_turned_into_the_schemes(hr: Account, first_team: Team) -> None:
    make_scheme(2026, SCHEME.replace("unit: 个", "unit: 万元"))
    set_target(actor=hr, year=2026, code="signings", team=first_team, amount=Decimal(25000))

    found = [
        targets_by_subject(2026, read_scheme(make_scheme(2026, text)))
        for text in (SCHEME.replace("unit: 个", f"unit: {unit}") for unit in ("亿元", "美元"))
    ]

    assert found == [{("team", first_team.pk): {"signings": Decimal("2.5")}}, {}]


def outcome(officer: Account, hr: Account) -> tuple[str, str]:
    execute_run(run_id=request_run(actor=hr, year=YEAR).pk)
    item = Item.objects.filter(standing__person=officer.person, indicator="signing").latest("pk")
    return item.status, item.explanation


def test_the_run_takes_the_target_of_the_period_and_level_that_the_scheme_asks_for(
    hr: Account, officer: Account
) -> None:
    asked = ANNUAL.replace("target: signings", "target: signings, timing: Q1, level: stretch")
    make_scheme(YEAR, SCHEME.replace(ANNUAL, asked))
    mine = {"actor": hr, "year": YEAR, "code": "signings", "person": subject(officer)}
    set_target(**mine, amount=Decimal(4))  # type: ignore[arg-type]
    set_target(**mine, amount=Decimal(1), period="Q1")  # type: ignore[arg-type]

    assert outcome(officer, hr) == (
        "undecided",
        "未下达目标“签约任务”的第一季度加压目标，本项无法计算；请先录入。",
    )
    set_target(**mine, amount=Decimal(2), period="Q1", level="stretch")  # type: ignore[arg-type]
    assert outcome(officer, hr) == ("scored", "0÷2×50 = 0")


def test_equal_parts_of_the_year_are_taken_only_where_the_scheme_says_so(
    hr: Account, officer: Account
) -> None:
    asked = ANNUAL.replace("target: signings", "target: signings, timing: Q1")
    equal = SCHEME.replace(ANNUAL, asked).replace("unit: 个}\nindic", "unit: 个, periods: equal}\nindic")
    make_scheme(YEAR, SCHEME.replace(ANNUAL, asked))
    set_target(actor=hr, year=YEAR, code="signings", person=subject(officer), amount=Decimal(4))

    assert outcome(officer, hr)[0] == "undecided"
    make_scheme(YEAR, equal)
    assert outcome(officer, hr) == ("scored", "0÷1×50 = 0")
