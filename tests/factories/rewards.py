"""A year that is calculated to its end, with results of people: what grades and pay stand on."""

from datetime import date
from decimal import Decimal
from typing import Any

from kpi import actions
from kpi.actions.pay_rules import PayTerms, ScaleRow
from kpi.models import AssessmentYear, GradeRound, GradeRule, Run, Standing
from staff.models import Account, Person
from tests.factories.kpi import make_run, make_scheme


def make_result(run: Run, person: Person, total: Any, **fields: Any) -> Standing:
    """A person's result in a run."""
    return Standing.objects.create(
        **{
            "run": run,
            "group": "officers",
            "person": person,
            "subject_name": person.name,
            "total": Decimal(total),
            "rank": 1,
            "group_size": 10,
            **fields,
        }
    )


def make_year(results: dict[Person, Any], *, year: int = 2025, **fields: Any) -> Run:
    """A year whose decisive run says these totals."""
    run = make_run(make_scheme(year), **fields)
    AssessmentYear.objects.update_or_create(year=year, defaults={"current_run": run})
    for place, (person, total) in enumerate(
        sorted(results.items(), key=lambda each: -Decimal(each[1])), start=1
    ):
        make_result(run, person, total, rank=place, group_size=len(results))
    return run


def terms_of_grades(**fields: Any) -> actions.GradeTerms:
    """Senior from 80, first from 60, one grade a year."""
    values = {
        "title": "办法",
        "holds_from": 2024,
        "measure": "score",
        "senior_at": Decimal(80),
        "first_at": Decimal(60),
    }
    return actions.GradeTerms(**{**values, **fields})  # type: ignore[arg-type]


def release_grades(hr: Account, manager: Account, **fields: Any) -> GradeRule:
    """Thresholds drafted by one and released by the other."""
    draft = actions.draft_grade_rule(actor=hr, terms=terms_of_grades(**fields))
    return actions.release_grade_rule(actor=manager, rule=draft)


def open_round(hr: Account, manager: Account, results: dict[Person, Any], *, year: int = 2025) -> GradeRound:
    """A round on those results."""
    make_year(results, year=year)
    release_grades(hr, manager, holds_from=year)
    return actions.open_grade_round(actor=hr, year=year)


SCALE_ROWS = [
    ScaleRow("senior", Decimal(6000), Decimal(12000)),
    ScaleRow("first", Decimal(5000), Decimal(10000)),
    ScaleRow("second", Decimal(4000), Decimal(8000)),
]


def pay_terms(**fields: Any) -> PayTerms:
    """From 0.4 at nothing over 1 at 60 to 1.2 at 100, evenly; 60 % paid month by month."""
    values: dict[str, Any] = {
        "title": "办法",
        "holds_from": 2024,
        "method": "linear",
        "points": (
            (Decimal(0), Decimal("0.4")),
            (Decimal(60), Decimal(1)),
            (Decimal(100), Decimal("1.2")),
        ),
        "advance_percent": Decimal(60),
    }
    return PayTerms(**{**values, **fields})


def release_pay(hr: Account, manager: Account, **fields: Any) -> None:
    """A scale from 2024 on and a rule, each drafted by one and released by the other."""
    scale = actions.draft_pay_scale(actor=hr, title="标准", holds_from=date(2024, 1, 1), rows=SCALE_ROWS)
    actions.release_pay_scale(actor=manager, scale=scale)
    actions.release_pay_rule(actor=manager, rule=actions.draft_pay_rule(actor=hr, terms=pay_terms(**fields)))


def paid_months(hr: Account, manager: Account, year: int, *, first: int = 1, last: int = 12) -> None:
    """Sheets of these months, made, confirmed and paid."""
    for month in range(first, last + 1):
        sheet = actions.make_pay_sheet(actor=hr, year=year, month=month)
        actions.confirm_pay_sheet(actor=manager, sheet=sheet, approve=True)
        actions.pay_out(actor=hr, sheet=sheet)
