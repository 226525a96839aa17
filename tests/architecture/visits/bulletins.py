"""A draft bulletin of a month."""

from datetime import date

from kpi.models import Bulletin
from kpi.queries.bulletin.taking import take_figures
from projects.models import Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    day = date(2026, 3, 31)
    figures = take_figures(manager, 2026, "M03", day)
    bulletin = Bulletin.objects.create(
        year=2026, period="M03", as_of=day, figures=figures, drafted_by=manager
    )
    return {"kpi:bulletin": bulletin, "kpi:bulletin-*": bulletin}
