"""`manage.py verify_tally`: count the projects and compare with the kept totals; `--recount` puts the totals right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.actions.tally import recount_projects
from projects.queries.tally import drifted_totals


class Command(BaseCommand):
    help = (
        "Counts the projects and compares with the totals that lists and board show; fails when they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recount", action="store_true", help="write the totals anew from the projects")

    def handle(self, *args: Any, **options: Any) -> None:
        drifted = drifted_totals()
        for one in drifted:
            self.stdout.write(
                f"team {one.team} {one.status} {one.stage} {one.industry}: {one.counted} counted, {one.kept} kept"
            )
        if options["recount"]:
            recount_projects()
            self.stdout.write(f"counted anew, {len(drifted)} totals put right")
        elif drifted:
            raise CommandError(f"{len(drifted)} totals differ; --recount writes them anew")
        else:
            self.stdout.write("the totals hold")
