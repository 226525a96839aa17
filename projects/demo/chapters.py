"""The chapters of the demo beyond projects and achievements, told in order after the history is there.

A chapter is a function of the world that goes through actions and gives the line to show; each subject has a module of its own.
"""

from collections.abc import Callable

from projects.demo import (
    blockers,
    clock,
    companies,
    departments,
    drives,
    evidence,
    gates,
    increases,
    jobs,
    key_projects,
    lists,
    promises,
    protection,
    reviews,
    secrecy,
    service,
    sites,
    specialists,
    staff_file,
)
from projects.demo.world import World
from staff.demo.training import tell_training

__all__ = ["CHAPTERS", "World"]

CHAPTERS: tuple[Callable[[World], str], ...] = (
    departments.tell,
    sites.tell,
    companies.tell,
    promises.tell,
    service.tell,
    specialists.tell,
    blockers.tell,
    drives.tell,
    clock.tell,
    protection.tell,
    evidence.tell,
    increases.tell,
    jobs.tell,
    key_projects.tell,
    gates.tell,
    reviews.tell,
    lists.tell,
    secrecy.tell,
    staff_file.tell,
    lambda world: tell_training(world.accounts["hr"], world.today),
)
