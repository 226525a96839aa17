"""`manage.py recalculate --year 2026`: a run from the command line, through the same door as the button and the night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kpi.actions.run import execute_run, request_run
from kpi.models import Run
from kpi.queries.recompute import recompute
from kpi.queries.run import current_run
from promotion.errors import Outcome


class Command(BaseCommand):
    help = "Recalculate a year of assessment: here and now, or by the worker with --queue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--year", type=int, default=timezone.localdate().year, help="the year (default: this one)"
        )
        parser.add_argument("--queue", action="store_true", help="only ask; a worker carries it out")
        parser.add_argument(
            "--full", action="store_true", help="look at every fact again, not at what changed"
        )
        parser.add_argument(
            "--compare",
            action="store_true",
            help="compute the visible result again and compare, writing nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compare"]:
            self._compare(options["year"])
            return
        try:
            run = request_run(actor=None, year=options["year"], full=options["full"])
        except Outcome as outcome:
            raise CommandError(outcome.message) from outcome
        if not options["queue"]:
            # A worker may have heard the request first; then there is nothing left to do here.
            execute_run(run_id=run.pk)
        self._report(run)

    def _compare(self, year: int) -> None:
        run = current_run(year)
        if run is None:
            raise CommandError(f"{year} has no result yet.")
        found = recompute(run)
        for one in found.differences:
            self.stdout.write(
                f"{one.subject}: {one.total_then} (#{one.rank_then}) → {one.total_now} (#{one.rank_now})"
            )
        inputs = "same inputs" if found.same_inputs else "inputs changed since"
        if found.differences:
            raise CommandError(f"{year} #{run.number}: {len(found.differences)} differ, {inputs}")
        self.stdout.write(f"{year} #{run.number}: {found.subjects} subjects agree, {inputs}")

    def _report(self, run: Run) -> None:
        """Say how it ended; a worker may have been quicker than this process."""
        run.refresh_from_db()
        if run.error:
            raise CommandError(run.error)
        self.stdout.write(
            f"{run.year} #{run.number} {run.get_state_display()}: {run.standings.count()} standings, "
            f"fingerprint {run.fingerprint or '-'}"
        )
