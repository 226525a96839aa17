"""Who may read what the frame itself stores."""

from typing import Any

from django.db.models import QuerySet

from promotion.models import AuditEntry, Notice, SavedView


def audit_entries_visible_to(actor: Any) -> QuerySet[AuditEntry]:
    """Auditors and administrators read the whole trail; everybody else what they did themselves."""
    if actor.role in ("auditor", "administrator"):
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(actor=actor)


def can_correct_calendar(actor: Any) -> bool:
    """HR and administrators keep the working calendar."""
    return actor.role in ("hr", "administrator")


def notices_visible_to(actor: Any) -> QuerySet[Notice]:
    """A person's own notices."""
    return Notice.objects.filter(recipient=actor)


def saved_views_visible_to(actor: Any) -> QuerySet[SavedView]:
    """A person's own views."""
    return SavedView.objects.filter(owner=actor)
