"""A request to close a past year that waits for a manager."""

from types import SimpleNamespace

from kpi.models import Run, YearRequest
from projects.models import Project
from staff.models import Account
from tests.factories.kpi import make_scheme


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    run = Run.objects.create(year=2023, number=1, as_of="2023-12-31", scheme=make_scheme(2023), state="done")
    asked = YearRequest.objects.create(year=2023, kind="closed", run=run, requested_by=manager)
    return {
        "kpi:closing-bundle": SimpleNamespace(year=2023),
        "kpi:closing-prepare": SimpleNamespace(year=2023),
        "kpi:closing-reopen": SimpleNamespace(year=2023),
        "kpi:closing-grant": asked,
        "kpi:closing-decline": asked,
        "kpi:closing-withdraw": asked,
    }
