"""Counting projects and achievements anew, should the kept totals ever differ from them."""

from django.db import connection, transaction

from projects.models.achievement_tally import FILL_ACHIEVEMENT_TALLY
from projects.models.tally import FILL_TALLY


@transaction.atomic
def recount_projects() -> None:
    """Write all kept totals anew from the projects; changes of projects wait until it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(FILL_TALLY)


@transaction.atomic
def recount_achievements() -> None:
    """Write all kept totals anew from the achievements; changes of achievements wait until it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(FILL_ACHIEVEMENT_TALLY)
