"""Records that addresses are visited with, one module a subject: `visits(project, officer, manager)` gives URL name → record.

A key is the whole name of an address, or its start with a trailing `*`; the longest match wins. Modules are found by
themselves, so a new subject adds a file here and its lines to urls.txt.
"""

import importlib
import pkgutil

from projects.models import Project
from staff.models import Account


def all_visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    found: dict[str, object] = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        made = importlib.import_module(f"{__name__}.{module}").visits(project, officer, manager)
        assert not found.keys() & made.keys(), module
        found |= made
    return found


def visit_of(name: str, visits: dict[str, object]) -> object | None:
    """The record for the address of this name, or None."""
    if name in visits:
        return visits[name]
    starts = [key for key in visits if key.endswith("*") and name.startswith(key[:-1])]
    return visits[max(starts, key=len)] if starts else None
