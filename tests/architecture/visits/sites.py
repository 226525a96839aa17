"""A plot, a plant and a request of the officer's project."""

from projects.models import Project
from staff.models import Account
from tests.factories.sites import make_plant, make_plot, make_reservation


class Act:
    """What an act on a reservation is visited with."""

    def __init__(self, public_id: str) -> None:
        self.public_id, self.verb, self.kind = public_id, "release", "plots"


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    plot, plant = make_plot(manager), make_plant(manager)
    reservation = make_reservation(project, plot, officer, state="requested")
    return {
        "projects:plot": plot,
        "projects:plot-edit": plot,
        "projects:plant": plant,
        "projects:plant-edit": plant,
        "projects:site-enter": Act(plot.public_id),
        "projects:reservation": reservation,
        "projects:reservation-act": Act(reservation.public_id),
    }
