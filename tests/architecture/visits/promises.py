"""A promise of the officer's project, and a report that waits for a second person."""

from datetime import date

from projects.models import Project, PromiseFulfilment
from staff.models import Account
from tests.factories.sites import make_promise


class Act:
    """What an act is visited with."""

    def __init__(self, public_id: str, verb: str) -> None:
        self.public_id, self.verb = public_id, verb


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    promise = make_promise(project, officer)
    report = PromiseFulfilment.objects.create(
        promise=promise, happened_on=date(2026, 3, 1), reported_by=officer
    )
    return {
        "projects:promise": promise,
        "projects:promise-fulfil": promise,
        "projects:promise-settle": Act(promise.public_id, "waive"),
        "projects:fulfilment-decide": Act(report.public_id, "confirm"),
    }
