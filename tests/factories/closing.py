"""A year that is ready to be closed, and one that is."""

from datetime import date

from django.db import transaction

from kpi.actions.closing import close_year, prepare_closing
from kpi.actions.run import execute_run, request_run
from kpi.models import Run, Target, YearSeal
from staff.models import Account, Team
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

YEAR = 2025


def recalculated(year: int = YEAR) -> Run:
    run = request_run(actor=None, year=year)
    execute_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def make_year(
    officer: Account, outsider: Account, manager: Account, teams: tuple[Team, ...], year: int = YEAR
) -> Run:
    """A calculated past year: a scheme, targets, one recognised signing shared by two, everything posted."""
    make_scheme(year)
    assert officer.person
    assert outsider.person
    project = make_project(outsider)
    with transaction.atomic():
        make_share(project, outsider.person, 60, holds_from=date(year, 1, 1))
        make_share(project, officer.person, 40, holds_from=date(year, 1, 1))
    make_recognised(project, outsider, manager, happened_on=date(year, 3, 1))
    for team in teams:
        Target.objects.create(year=year, indicator="signings", team=team, amount=1)
    for account in (officer, outsider):
        Target.objects.create(year=year, indicator="signings", person=account.person, amount=2)
    return recalculated(year)


def make_closed(hr: Account, manager: Account, year: int = YEAR) -> YearSeal:
    """The calculated year closed by its two persons."""
    return close_year(actor=manager, request=prepare_closing(actor=hr, year=year))
