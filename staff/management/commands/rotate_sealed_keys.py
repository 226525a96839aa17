"""`manage.py rotate_sealed_keys`: seal every archive anew with the newest key, a hundred at a time.

Put the new key in front of the old one (`SEALED_KEYS=new,old`), restart, run this, then take the old one away. It may be stopped and
begun again at any time: what is done is done, and what is left is found by the mark of its key.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from promotion.sealing import KeyTrouble, newest_mark
from staff.actions.sealed import note_rotation, rotate_batch
from staff.queries.sealed import waiting_for_rotation


class Command(BaseCommand):
    help = "Seal the archives anew with the newest of SEALED_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        total = left = waiting_for_rotation()
        self.stdout.write(f"key {newest_mark() or 'none'}: {total} records to seal anew")
        try:
            while left:
                if not rotate_batch():
                    raise CommandError(f"{left} records are being written by somebody; run this again.")
                left = waiting_for_rotation()
                self.stdout.write(f"{total - left} of {total}")
            note_rotation(actor=None, records=total)
        except KeyTrouble as trouble:
            raise CommandError(f"{trouble.message} ({total - left} of {total} done)") from trouble
        self.stdout.write("done: the older keys may be taken out of SEALED_KEYS")
