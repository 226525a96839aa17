"""What `manage.py check --deploy` says of the keys of the sealed archives."""

from typing import Any

from django.core import checks
from django.db import DatabaseError

from promotion.sealing import key_file_faults, sealing_keys
from staff.queries.sealed import key_state


@checks.register(deploy=True)
def check_sealing_keys(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Missing, wrong, or readable by other accounts of the machine."""
    found: list[checks.CheckMessage] = []
    if not sealing_keys():
        found.append(
            checks.Warning(
                "No key for the sealed archives: they can be neither sealed nor opened.",
                hint="Set SEALED_KEYS (docs/operations.md).",
                id="staff.W001",
            )
        )
    found += [
        checks.Error(f"{path} is readable by others.", hint=f"chmod 600 {path}", id="staff.E002")
        for path in key_file_faults()
    ]
    try:
        is_wrong = key_state().state == "wrong"
    except DatabaseError:
        # The database is not there while images are built.
        return found
    if is_wrong:
        hint = "Put the key that sealed them back into SEALED_KEYS, behind the newest one."
        found.append(checks.Error("The keys do not open what is sealed.", hint=hint, id="staff.E003"))
    return found
