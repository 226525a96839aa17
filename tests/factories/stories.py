"""Whole stories told through the actions: a signed project, an assessed year, a house with something of everything."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kpi import tasks
from kpi.actions import TargetRow, draft_scheme, publish_scheme, request_run, set_targets
from kpi.models import Run
from projects.actions import advance_project, log_lead, recognise_achievement
from projects.models import Achievement, Project
from staff.models import Account, Team
from tests.factories.files import PDF, make_pdf
from tests.factories.kpi import SCHEME

YEAR = timezone.localdate().year


def days_ago(count: int) -> date:
    """A day of this year, as far back as the year allows."""
    return max(timezone.localdate() - timedelta(days=count), date(YEAR, 1, 1))


def a_paper(name: str) -> Any:
    """A file with a content of its own."""
    return make_pdf(name, PDF + f"% {name}\n".encode())


def signed_project(officer: Account, name: str, *, amount: int = 200_000_000, **lead: Any) -> Project:
    """A lead brought to 签约 with evidence; the signing waits for recognition."""
    given = {
        "company_name": f"演示{name}有限公司",
        "channel": "event",
        "industry": "new_energy",
        "planned_investment": Decimal(amount),
        "next_step": "注册公司",
        "next_step_on": timezone.localdate() + timedelta(days=7),
        "on": days_ago(90),
    }
    project = log_lead(actor=officer, name=name, **{**given, **lead})
    for to, days in (("negotiation", 70), ("admission", 50)):
        project = advance_project(actor=officer, project=project, to=to, happened_on=days_ago(days))
    return advance_project(
        actor=officer,
        project=project,
        to="signed",
        details={"admission_note": "符合准入目录。"},
        milestone={
            "happened_on": days_ago(20),
            "amount": Decimal(amount),
            "evidence": [a_paper(f"{name}合同.pdf")],
        },
    )


def recognised_signing(officer: Account, manager: Account, name: str, **given: Any) -> Achievement:
    """The same, recognised by the manager."""
    project = signed_project(officer, name, **given)
    return recognise_achievement(actor=manager, achievement=project.achievements.get(kind="signed"))


def publish_year(hr: Account, manager: Account, *, year: int = YEAR) -> None:
    """The scheme of the tests, drafted by one and published by another."""
    publish_scheme(
        actor=manager, scheme=draft_scheme(actor=hr, year=year, text=SCHEME.replace("2026", str(year)))
    )


def give_targets(hr: Account, *subjects: tuple[Account | Team, int], year: int = YEAR) -> None:
    """How many signings each is to reach."""
    rows = [
        TargetRow("signings", Decimal(count), team=subject)
        if isinstance(subject, Team)
        else TargetRow("signings", Decimal(count), person=subject.person)
        for subject, count in subjects
    ]
    set_targets(actor=hr, year=year, rows=rows)


def recalculate(*, year: int = YEAR) -> Run:
    """A whole run, as a worker carries it out."""
    run = request_run(actor=None, year=year)
    # Tasks run at once in tests, but only those whose module is loaded; a second delivery does nothing.
    tasks.execute_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error
    return run
