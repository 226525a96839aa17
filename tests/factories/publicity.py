"""A calculated year that is made public, and what is answered to it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kpi.actions.publicity import announce_publicity, draft_publicity
from kpi.actions.run import execute_run, request_run
from kpi.actions.score_objection import raise_score_objection
from kpi.models import Publicity, Run, ScoreObjection, Standing, Target
from projects.models import Achievement
from staff.models import Account
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

YEAR = 2025


def calculate(year: int = YEAR) -> Run:
    """A whole run of the year, without a worker."""
    run = execute_run(run_id=request_run(actor=None, year=year).pk)
    assert run is not None
    return run


def sign_for(account: Account, manager: Account, *, percent: int = 100, **fields: Any) -> Achievement:
    """A recognised signing of the year on a project of the account."""
    project = make_project(account, reported_on=date(YEAR, 1, 1))
    make_share(project, account.person, percent, holds_from=date(YEAR, 1, 1))  # type: ignore[arg-type]
    return make_recognised(project, account, manager, **{"happened_on": date(YEAR, 3, 1), **fields})


def assess(*accounts: Account, manager: Account) -> Run:
    """A scheme, a target of four signings each, one signing each, and the run that counts them."""
    make_scheme(YEAR)
    for account in accounts:
        Target.objects.create(year=YEAR, indicator="signings", person=account.person, amount=Decimal(4))
        for team in {account.person.appointments.get().team for account in accounts}:  # type: ignore[union-attr]
            Target.objects.get_or_create(
                year=YEAR, indicator="signings", team=team, defaults={"amount": Decimal(4)}
            )
        sign_for(account, manager)
    return calculate()


def publicise(hr: Account, manager: Account, **fields: Any) -> Publicity:
    """The year's present result, drafted by HR and announced by the manager."""
    drafted = draft_publicity(actor=hr, year=YEAR, **fields)
    return announce_publicity(actor=manager, publicity=drafted)


def pass_window(publicity: Publicity) -> Publicity:
    """As if its last day had been yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Publicity.objects.filter(pk=publicity.pk).update(
        opens_on=yesterday - timedelta(days=7), closes_on=yesterday
    )
    publicity.refresh_from_db()
    return publicity


def standing_of(publicity: Publicity, account: Account) -> Standing:
    return Standing.objects.get(run=publicity.run, person=account.person)


def object_to(publicity: Publicity, account: Account, **fields: Any) -> ScoreObjection:
    """An objection to the signings of the account."""
    given = {"text": "少计一条签约。", "asked": "请补计。", "indicator": "signing", **fields}
    return raise_score_objection(
        actor=account, publicity=publicity, standing=standing_of(publicity, account), **given
    )
