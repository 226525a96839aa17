"""New jobs in the score: posted with the whole number of people, shared, summed alike by database and reference, taken back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from kpi.actions.ledger import post_credit
from kpi.models import LedgerLine
from kpi.queries.assumptions import Assumption, read_assumption
from kpi.queries.ledger import last_line, ledger_digest, live_lines
from kpi.queries.linear import is_linear, linear_sums
from kpi.queries.lines import credit_lines
from kpi.queries.measures import Extent, measure_all
from kpi.queries.steps import Opportunities
from kpi.scoring.document import parse_scheme
from kpi.scoring.measures import measure
from kpi.scoring.scheme import Band, Filter, Measure
from projects.actions import recognise_achievement, report_achievement, reverse_achievement
from projects.models import Achievement, Project
from promotion.errors import Refused
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.kpi import make_run, make_scheme
from tests.factories.projects import make_project, make_share
from tests.factories.sites import make_promise

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = TODAY.year
BANDS = (Band("few", "30 人以下", None, Decimal(30)), Band("many", "30 人以上", Decimal(30), None))
PLAIN: dict[str, Any] = {"code": "m", "title": "新增就业", "kinds": ("jobs",), "field": "people"}
MEASURES = [
    Measure(**PLAIN, aggregate="sum", unit="人", amount_unit="人", share_mode="amount"),
    Measure(**PLAIN, aggregate="sum", unit="万人", amount_unit="万人"),
    Measure(**PLAIN, aggregate="tiers", amount_unit="人", bands=BANDS),
    Measure(**PLAIN, aggregate="tiers", amount_unit="人", bands=BANDS, share_mode="amount"),
    Measure(**PLAIN, aggregate="count", amount_unit="人", where=(Filter("amount", "gte", Decimal(30)),)),
    Measure(**PLAIN, aggregate="count", amount_unit="人", where=(Filter("people", "lt", Decimal(30)),)),
    Measure(code="m", title="金额", kinds=("jobs", "tax"), aggregate="sum", unit="万元", amount_unit="万元"),
]


@pytest.fixture
def project(officer: Account, colleague: Account) -> Project:
    made = make_project(officer, stage="produced")
    make_share(made, officer.person, percent=Decimal("66.67"))  # type: ignore[arg-type]
    make_share(made, colleague.person, percent=Decimal("33.33"))  # type: ignore[arg-type]
    return made


def employed(officer: Account, manager: Account, project: Project, people: int) -> Achievement:
    made = report_achievement(
        actor=officer, kind="jobs", project=project, happened_on=TODAY, people=people,
        evidence=[make_pdf("社保.pdf")], evidence_types=["social_insurance"],
    )  # fmt: skip
    return recognise_achievement(actor=manager, achievement=made)


@pytest.mark.parametrize("definition", MEASURES, ids=range(len(MEASURES)))
def test_the_database_counts_people_as_the_reference_does(
    officer: Account, colleague: Account, manager: Account, project: Project, definition: Measure
) -> None:
    for people in (25, 60):
        employed(officer, manager, project, people)
    post_credit(run=make_run(make_scheme(YEAR), year=YEAR), year=YEAR)
    extent = Extent(YEAR, last_line(YEAR), date(YEAR, 12, 31))
    found = measure_all(definition, extent)
    summed = linear_sums({("i", "m"): definition}, extent) if is_linear(definition) else None

    for person in (officer.person_id, colleague.person_id):
        lines = [one for one in live_lines(YEAR, extent.last_line) if one.person_id == person]
        expected = measure(definition, credit_lines(lines, "subject"))
        key = ("person", person)
        if key in found:
            assert (found[key].value, found[key].bands) == (expected.value, expected.bands)
        else:
            assert expected.value == 0
        if summed is not None and key in summed:
            assert summed[key]["i", "m"].value == expected.value


def test_lines_carry_the_people_and_a_reversal_takes_them_back(
    officer: Account, manager: Account, project: Project
) -> None:
    made = employed(officer, manager, project, 60)
    run = make_run(make_scheme(YEAR), year=YEAR)
    post_credit(run=run, year=YEAR)
    posted = list(LedgerLine.objects.order_by("pk").values_list("full_people", "share", "full_amount"))
    before = ledger_digest(YEAR, last_line(YEAR))
    reverse_achievement(actor=manager, achievement=made, reason="名单重复")
    post_credit(run=run, year=YEAR)

    assert [(people, amount) for people, _share, amount in posted] == [(60, None), (60, None)]
    assert sum(share for _people, share, _amount in posted) == 1
    assert not live_lines(YEAR, last_line(YEAR)).exists()
    assert ledger_digest(YEAR, last_line(YEAR)) != before
    assert int(ledger_digest(YEAR, last_line(YEAR)), 16) == 0


def test_two_numbers_of_people_have_two_fingerprints(
    officer: Account, manager: Account, project: Project
) -> None:
    run = make_run(make_scheme(YEAR), year=YEAR)
    digests = set()
    for people in (1, 2):
        made = employed(officer, manager, project, people)
        post_credit(run=run, year=YEAR)
        line = LedgerLine.objects.latest("pk")
        digests.add(ledger_digest(YEAR, line.pk, since=line.pk - 1))
        assert line.achievement_id == made.pk
    assert len(digests) == 2


SCHEME = """
scheme: jobs
title: 就业
year: 2026
targets: {jobs: {title: 新增就业, unit: 人}}
indicators:
  - code: jobs
    title: 新增就业
    measures:
      people: {title: 新增就业, facts: [jobs], aggregate: sum, unit: 人%s}
    rule: {kind: ratio_times_points, of: people, target: jobs, points: 10}
"""


def test_a_scheme_that_forgets_the_field_is_warned_and_one_in_money_is_refused() -> None:
    assert not parse_scheme(SCHEME % ", field: people").warnings
    assert "新增就业没有金额" in parse_scheme(SCHEME % "").warnings[0]
    with pytest.raises(ValueError, match="人数（people）不是金额"):
        parse_scheme(SCHEME.replace("unit: 人%s", "unit: 万元, field: people"))


def test_people_can_be_assumed_and_only_whole_ones() -> None:
    assumed = Assumption("jobs", TODAY, Decimal(36))
    assert read_assumption(assumed.text) == assumed
    for wrong in (None, Decimal("1.5"), Decimal(0), Decimal(1_000_001)):
        with pytest.raises(Refused):
            read_assumption(Assumption("jobs", TODAY, wrong).text)


def test_a_promise_of_jobs_is_what_could_still_be_brought_home(
    officer: Account, manager: Account, project: Project
) -> None:
    make_promise(
        project, officer, direction="company", subject="jobs", figure=Decimal(260), unit="people",
        due_on=min(TODAY + timedelta(5), date(YEAR, 12, 31)),
    )  # fmt: skip
    run = make_run(make_scheme(YEAR), year=YEAR)
    steps = Opportunities(officer, run, TODAY, is_running=True).steps()
    promised = next(one for one in steps if one.key.startswith("p."))

    assert (promised.title, promised.facts[0].fact.amount) == ("新增就业", None)
    assert promised.facts[0].fact.attributes["people"] == Decimal(260)
    assert "260 人" in promised.detail
