"""What a run knows of people beside facts: read only where an award asks, told in the reason, part of the fingerprint."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpi.actions import approve_awards, decide_award, execute_run, request_run, submit_awards
from kpi.models import AssessmentYear, AwardCandidate, Run
from kpi.queries.circumstances import circumstances_of
from kpi.scoring.circumstances import Circumstances
from kpi.scoring.document import parse_scheme
from staff.models import Absence, Account, Appointment, Person
from tests.factories.awards import SCHEME as PLAIN
from tests.factories.awards import make_candidate, make_year
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db

YEAR = 2025
LAST = "  - {code: last, title: 末位, group: officers, last: 2, warning: true}\n"
SCHEME = PLAIN.replace(
    LAST,
    """  - code: last
    title: 末位
    group: officers
    last: 2
    warning: true
    except:
      months_in_post: 6
      away: {reasons: [sick, maternity], days: 60}
      seconded_days: 90
  - code: priority
    title: 优先选拔
    group: officers
    everybody: true
    if_all: [{identity: [enterprise]}]
    if_any: [{won: {award: gold, years: 2}}]
""",
)


def person_of(account: Account) -> Person:
    assert account.person is not None
    return account.person


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=YEAR).pk)
    assert run is not None
    return run


def away(person: Person, hr: Account, since: date, days: int, kind: str = "sick") -> None:
    Absence.objects.create(
        person=person, kind=kind, starts_on=since, ends_on=since + timedelta(days=days), written_by=hr
    )


def test_a_scheme_that_asks_nothing_reads_nothing() -> None:
    scheme = parse_scheme(PLAIN.replace("2026", str(YEAR)))
    with CaptureQueriesContext(connection) as queries:
        assert circumstances_of(scheme, date(YEAR, 12, 31)) == {}
    assert len(queries) == 0


def test_what_is_read_counts_the_year_only(officer: Account, hr: Account) -> None:
    person, scheme = person_of(officer), parse_scheme(SCHEME.replace("2026", str(YEAR)))
    away(person, hr, date(YEAR - 1, 12, 22), 20)
    away(person, hr, date(YEAR, 3, 1), 30, "maternity")
    away(person, hr, date(YEAR, 6, 1), 30, "study")
    Appointment.objects.filter(person=person).update(starts_on=date(YEAR, 2, 1))
    found = circumstances_of(scheme, date(YEAR, 6, 30))["person", person.pk]

    assert found == Circumstances(
        identity=person.identity, months=4, away={"sick": 10, "maternity": 30}, seconded=0, won={}
    )


def test_queries_do_not_grow_with_people(officer: Account) -> None:
    scheme = parse_scheme(SCHEME.replace("2026", str(YEAR)))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            circumstances_of(scheme, date(YEAR, 12, 31))
        return len(queries)

    before = cost()
    for _each in range(3):
        make_account(team=person_of(officer).appointments.get().team)
    assert cost() == before == 5


def test_a_run_passes_over_whom_the_scheme_excepts(
    officer: Account, outsider: Account, colleague: Account, hr: Account
) -> None:
    make_scheme(YEAR, SCHEME)
    away(person_of(officer), hr, date(YEAR, 3, 1), 60)
    run = run_once()
    rows = AwardCandidate.objects.filter(run=run, award="last", standing__person=officer.person)

    assert [(one.passed_over, "年内经登记离岗 60 天" in one.reason) for one in rows] == [(True, True)]
    assert not any("病假" in one.reason for one in AwardCandidate.objects.filter(run=run))


def test_the_fingerprint_knows_what_was_known(officer: Account, hr: Account) -> None:
    make_scheme(YEAR, SCHEME)
    first, same = run_once(), run_once()
    away(person_of(officer), hr, date(YEAR, 3, 1), 60)
    other = run_once()

    assert first.fingerprint == same.fingerprint != other.fingerprint


def test_gold_two_years_running_makes_a_candidate(officer: Account, hr: Account, manager: Account) -> None:
    person = person_of(officer)
    person.identity = "enterprise"
    person.save()
    for year in (YEAR - 2, YEAR - 1):
        made = make_year(year)
        make_candidate(made, "gold", person)
        named: dict[str, Any] = {"year": year, "award": "gold"}
        decide_award(actor=hr, subject=person, outcome="granted", **named)
        submit_awards(actor=hr, **named)
        approve_awards(actor=manager, approve=True, **named)
    make_scheme(YEAR, SCHEME)
    run = run_once()
    [found] = AwardCandidate.objects.filter(run=run, award="priority")

    assert (found.standing and found.standing.person, found.undecided) == (person, False)
    assert found.reason == f"身份为企业性质。{YEAR - 2}、{YEAR - 1} 年连续 2 年获“金牌招商能手”。"
    assert AssessmentYear.objects.get(year=YEAR).current_run == run


def test_a_career_counts_signings_in_which_one_had_a_part(
    officer: Account, outsider: Account, manager: Account
) -> None:
    person = person_of(officer)
    text = SCHEME.replace("[{won:", "[{introduced: {classes: [strategic], at_least: 2, since: 2021}}, {won:")
    for year, klass in ((2022, "strategic"), (2023, "strategic"), (2024, "major")):
        project = make_project(officer, project_class=klass)
        make_share(project, person, role="introduction", holds_from=date(2021, 1, 1))
        make_recognised(project, officer, manager, happened_on=date(year, 3, 1))
    late = make_project(officer, project_class="strategic")
    make_share(late, person_of(outsider), role="introduction", holds_from=date(2021, 1, 1))
    make_recognised(late, officer, manager, happened_on=date(YEAR, 9, 1))
    found = circumstances_of(parse_scheme(text.replace("2026", str(YEAR))), date(YEAR, 6, 30))

    assert found["person", person.pk].introduced == {"strategic": (2022, 2023)}
    assert found["person", person_of(outsider).pk].introduced == {}
