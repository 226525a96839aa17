"""Jobs of projects that beat wakes: each asks one action, and a second delivery of a message does nothing more."""

from celery import shared_task

from projects.actions import department_mail, duplicate_scan, escalation, reminder
from projects.actions import protection_upkeep as protections
from projects.actions import reservation_decision as reservations


@shared_task
def end_reservations() -> None:
    """End what has run out, and tell whose time runs out soon."""
    reservations.expire_reservations()
    reservations.warn_of_expiry()


@shared_task
def start_duplicate_scan() -> None:
    """Ask for the weekly scan of all companies for duplicates."""
    duplicate_scan.request_scan(actor=None)


@shared_task
def execute_duplicate_scan(scan_id: int) -> None:
    """Carry out one scan; a second delivery of the same message finds it taken and does nothing."""
    duplicate_scan.execute_scan(scan_id=scan_id)


@shared_task
def requeue_stale_duplicate_scans() -> None:
    """Take up scans whose worker fell silent."""
    duplicate_scan.requeue_stale_scans()


@shared_task
def send_reminders() -> None:
    """The morning's reminders on working days, and what begins shortly."""
    reminder.remind()


@shared_task
def send_reminder_mails() -> None:
    """The e-mails that wait, to colleagues and to departments."""
    reminder.send_waiting_mails()
    department_mail.send_department_mails()


@shared_task
def escalate_blockers() -> None:
    """Every morning: cards of blockers, and whom the ladder tells."""
    escalation.escalate_blockers(actor=None)


def keep_protections() -> None:
    """Warn of protections that end soon, and let those that are over fall to the pool, batch after batch."""
    while protections.warn_of_lapse():
        pass
    while protections.lapse_receptions():
        pass
