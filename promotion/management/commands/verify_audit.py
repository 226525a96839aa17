"""`manage.py verify_audit`: recompute the hash chain of the audit trail and say what does not hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promotion.actions import verify_audit_trail
from promotion.models import AuditSeal


class Command(BaseCommand):
    help = (
        "Recomputes the seals of the audit trail; fails when an entry was changed or removed after sealing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = verify_audit_trail()
        if broken:
            raise CommandError("\n".join(broken))
        self.stdout.write(f"{AuditSeal.objects.count()} seals hold")
