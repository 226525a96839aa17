"""`manage.py verify_tally`: count projects and achievements and compare with the kept totals; `--recount` puts the totals right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.actions.tally import recount_achievements, recount_projects
from projects.queries.achievement_tally import drifted_achievements
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
        achievements = drifted_achievements()
        for kind, state, year, month, _of_project, counted, kept in achievements:
            self.stdout.write(
                f"{kind} {state} {year}-{month:02}: {counted} achievements counted, {kept} kept"
            )
        differ = len(drifted) + len(achievements)
        if options["recount"]:
            recount_projects()
            recount_achievements()
            self.stdout.write(f"counted anew, {differ} totals put right")
        elif differ:
            raise CommandError(f"{differ} totals differ; --recount writes them anew")
        else:
            self.stdout.write("the totals hold")
