"""A year that is calculated to its end, with results of people: what grades and pay stand on."""

from decimal import Decimal
from typing import Any

from kpi import actions
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
