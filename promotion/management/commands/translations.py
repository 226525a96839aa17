"""`manage.py translations`: bring the English catalogue in step with the sources, and say what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from promotion.translation import catalogue_faults, update_catalogue


class Command(BaseCommand):
    help = "Updates locale/en with the texts of code and templates; with --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when anything is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            came, went = update_catalogue(settings.BASE_DIR)
            self.stdout.write(f"{came} new, {went} gone")
        faults = catalogue_faults(settings.BASE_DIR)
        for fault in faults:
            self.stdout.write(fault)
        if faults and options["check"]:
            raise CommandError(f"{len(faults)} faults in the English catalogue")
