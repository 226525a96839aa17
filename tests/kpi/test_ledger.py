"""Posting: who gets which part of what was recognised, exactly, once, and never rewritten."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from kpi.models import LedgerLine, Run
from kpi.queries.ledger import last_line, ledger_digest, live_lines, uncredited_achievements
from staff.models import Account, Team, TeamKind
from tests.factories.kpi import make_run, make_scheme, post
from tests.factories.projects import make_achievement, make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_appointment, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db: None) -> Run:
    return make_run(make_scheme())


def shares_of(run: Run) -> list[tuple[int, str, Decimal, Decimal]]:
    lines = live_lines(run.year, last_line(run.year))
    return sorted((line.person_id, line.role, line.share, line.amount) for line in lines)


def test_post_credit_shares_a_fact_by_the_shares_of_its_day(
    run: Run, officer: Account, outsider: Account, manager: Account, first_team: Team, second_team: Team
) -> None:
    project = make_project(officer, project_class="major", capital_source="foreign")
    make_share(project, officer.person, 60, role="capture")
    make_share(project, outsider.person, 40, role="introduction", holds_until=date(2026, 6, 1))
    make_share(project, officer.person, 40, role="landing", holds_from=date(2026, 6, 1))
    signed = make_recognised(project, officer, manager, happened_on=date(2026, 3, 1))
    make_achievement(project, officer, kind="started", happened_on=date(2026, 4, 1))

    assert post(run).posted == 2
    lines = LedgerLine.objects.order_by("share")
    assert [(line.person, line.team, line.ranked_team, line.role, line.share) for line in lines] == [
        (outsider.person, second_team, second_team, "introduction", Decimal("0.4")),
        (officer.person, first_team, first_team, "capture", Decimal("0.6")),
    ]
    assert [(line.amount, line.full_amount) for line in lines] == [
        (Decimal(40_000_000), Decimal(100_000_000)),
        (Decimal(60_000_000), Decimal(100_000_000)),
    ]
    assert {
        (line.achievement, line.project_class, line.capital_source, line.posted_run) for line in lines
    } == {(signed, "major", "foreign", run)}


def test_post_credit_of_a_fact_without_project_goes_to_its_person(
    run: Run, officer: Account, manager: Account
) -> None:
    make_recognised(
        None, manager, make_account(manager.role), kind="win", person=officer.person, level="city"
    )

    post(run)

    line = LedgerLine.objects.get()
    assert (line.person, line.share, line.role, line.level, line.project) == (
        officer.person,
        1,
        "",
        "city",
        None,
    )


def test_post_credit_keeps_usd_apart(run: Run, officer: Account, manager: Account) -> None:
    project = make_project(officer)
    make_share(project, officer.person, 100)
    make_recognised(
        project,
        officer,
        manager,
        kind="paid_in",
        currency="USD",
        amount=Decimal("3000000.01"),
        exchange_rate=Decimal("7.1"),
        rate_on=date(2026, 3, 1),
        amount_cny=Decimal("21300000.07"),
    )

    post(run)

    line = LedgerLine.objects.get()
    assert (line.amount, line.amount_usd) == (Decimal("21300000.07"), Decimal("3000000.01"))
    assert (line.full_amount, line.full_amount_usd) == (Decimal("21300000.07"), Decimal("3000000.01"))


def test_post_credit_again_posts_nothing(run: Run, officer: Account, manager: Account) -> None:
    project = make_project(officer)
    make_share(project, officer.person, 100)
    make_recognised(project, officer, manager)

    assert (post(run).posted, post(run).posted, post(run).reversed) == (1, 0, 0)


@pytest.mark.parametrize("amount", ["0.01", "0.07", "99999999.99", "123456789.13"])
@pytest.mark.parametrize(
    "percents", [["33.33", "33.33", "33.34"], ["0.01", "0.01", "99.98"], ["14.29"] * 6 + ["14.26"]]
)
def test_lines_of_a_fact_sum_to_its_amount_to_the_last_digit(
    run: Run, officer: Account, manager: Account, amount: str, percents: list[str]
) -> None:
    project = make_project(officer)
    for percent in percents:
        make_share(project, make_person(), percent=Decimal(percent))  # type: ignore[arg-type]
    make_recognised(project, officer, manager, amount=Decimal(amount), amount_cny=Decimal(amount))

    post(run)

    sums = LedgerLine.objects.aggregate(amount=Sum("amount"), share=Sum("share"))
    assert sums == {"amount": Decimal(amount), "share": Decimal(1)}


def test_the_digest_tells_who_has_what(run: Run, officer: Account, manager: Account) -> None:
    """Two people change places: the same facts, people and shares, which sums of each column would not tell apart."""
    one, other = make_person(), make_person()
    shares = []
    for person in (one, other):
        project = make_project(officer)
        shares.append(make_share(project, person, 100))
        make_recognised(project, officer, manager)
    post(run)
    digest = ledger_digest(2026, last_line(2026))

    for share, person in zip(shares, (other, one), strict=True):
        share.person = person
        share.save()
    assert (post(run).reversed, len(shares_of(run))) == (2, 2)

    changed = ledger_digest(2026, last_line(2026))
    assert changed != digest
    assert changed[16:] == digest[16:]


def test_reversing_an_achievement_leaves_nothing(run: Run, officer: Account, manager: Account) -> None:
    project = make_project(officer)
    make_share(project, officer.person, 100)
    kept = make_recognised(project, officer, manager)
    post(run)
    before, digest = shares_of(run), ledger_digest(2026, last_line(2026))
    extra = make_recognised(project, officer, manager, kind="paid_in")
    post(run)
    assert len(shares_of(run)) == 2

    extra.state = "reversed"
    extra.save()
    posting = post(run)

    assert (posting.posted, posting.reversed) == (0, 1)
    assert shares_of(run) == before
    assert ledger_digest(2026, last_line(2026)) == digest
    assert LedgerLine.objects.filter(achievement=extra).aggregate(s=Sum("share"), a=Sum("amount")) == {
        "s": 0,
        "a": 0,
    }
    assert live_lines(2026, last_line(2026)).get().achievement == kept


def test_changed_share_is_reversed_and_posted_anew(
    run: Run, officer: Account, colleague: Account, manager: Account
) -> None:
    project = make_project(officer)
    mine, theirs = make_share(project, officer.person, 70), make_share(project, colleague.person, 30)
    make_recognised(project, officer, manager)
    post(run)

    for row, percent in ((mine, Decimal(20)), (theirs, Decimal(80))):
        row.weight, row.share, row.percent = Decimal(100), percent, percent
        row.save()
    posting = post(run)

    assert (posting.posted, posting.reversed) == (2, 2)
    assert [(person, share) for person, _role, share, _amount in shares_of(run)] == sorted(
        [(officer.person_id, Decimal("0.2")), (colleague.person_id, Decimal("0.8"))]
    )


def test_moving_to_another_team_later_changes_nothing_earlier(
    run: Run, officer: Account, manager: Account, first_team: Team, second_team: Team
) -> None:
    project = make_project(officer)
    make_share(project, officer.person, 100)
    make_recognised(project, officer, manager, happened_on=date(2026, 3, 1))
    post(run)

    appointment = officer.person.appointments.get()
    appointment.ends_on = date(2026, 5, 1)
    appointment.save()
    make_appointment(officer.person, second_team, starts_on=date(2026, 5, 1))
    make_recognised(project, officer, manager, kind="started", happened_on=date(2026, 6, 1))
    project.industry = "materials"
    project.save()
    post(run)

    lines = LedgerLine.objects.order_by("happened_on")
    assert [(line.ranked_team, line.industry) for line in lines] == [
        (first_team, "new_energy"),
        (second_team, "materials"),
    ]


def test_liaison_counts_for_the_team_above_and_a_department_for_none(
    run: Run, manager: Account, first_team: Team
) -> None:
    liaison = make_team(kind=TeamKind.LIAISON, parent=first_team)
    department = make_team(kind=TeamKind.DEPARTMENT)
    for team in (liaison, department):
        account = make_account(team=team)
        project = make_project(account)
        make_share(project, account.person, 100)
        make_recognised(project, account, manager)

    post(run)

    assert [(line.team, line.ranked_team) for line in LedgerLine.objects.order_by("id")] == [
        (liaison, first_team),
        (department, None),
    ]


def test_team_lines_are_the_lines_of_its_members_of_that_day(
    run: Run, manager: Account, first_team: Team, second_team: Team
) -> None:
    accounts = [make_account(team=team) for team in (first_team, first_team, second_team)]
    for turn, account in enumerate(itertools.islice(itertools.cycle(accounts), 7)):
        project = make_project(account)
        make_share(project, account.person, 50)
        make_share(project, accounts[turn % 3 - 1].person, 50, role="landing")
        make_recognised(project, account, manager, happened_on=date(2026, 1 + turn, 3))

    post(run)

    for team, members in ((first_team, accounts[:2]), (second_team, accounts[2:])):
        own = set(LedgerLine.objects.filter(ranked_team=team).values_list("pk", flat=True))
        theirs = LedgerLine.objects.filter(person__in=[m.person for m in members]).values_list(
            "pk", flat=True
        )
        assert own == set(theirs)


def test_other_years_are_not_touched(run: Run, officer: Account, manager: Account) -> None:
    project = make_project(officer)
    make_share(project, officer.person, 100, holds_from=date(2025, 1, 1))
    make_recognised(project, officer, manager, happened_on=date(2025, 12, 31))

    assert post(run).posted == 0


def test_fact_without_any_share_is_named_and_credits_nobody(
    run: Run, officer: Account, manager: Account
) -> None:
    signed = make_recognised(make_project(officer), officer, manager)

    assert post(run).posted == 0
    assert list(uncredited_achievements(2026)) == [signed]
