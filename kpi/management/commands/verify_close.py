"""`manage.py verify_close [YEAR]`: recompute the seals of closed years and say which part differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpi.models import YearSeal
from kpi.queries.seal import chain_faults, closed_years, content_faults


class Command(BaseCommand):
    help = (
        "Recomputes the chain of seals and the content of closed years (one, or all); fails when any differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, nargs="?", help="one year (default: every closed one)")

    def handle(self, *args: Any, year: int | None, **options: Any) -> None:
        years = (
            [year] if year else sorted({*closed_years(), *YearSeal.objects.values_list("year", flat=True)})
        )
        faults = [*chain_faults(), *(fault for each in years for fault in content_faults(each))]
        if faults:
            raise CommandError("\n".join(f"{one.year} {one.where}: {one.what}" for one in faults))
        self.stdout.write(f"{YearSeal.objects.count()} links hold; years looked at: {years}")
