"""Who may read what the frame itself stores."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

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
    """A person's own views, and those that others share with the team or with everybody."""
    return saved_views_of(actor.pk, getattr(actor, "person_id", None) or 0, timezone.localdate())


def saved_views_of(account: Any, person: Any, today: Any) -> QuerySet[SavedView]:
    """The same for the keys of an account and its person on a day, which may be slots of a prepared statement."""
    audiences = import_string(settings.VIEW_AUDIENCES)(person, today)
    return SavedView.objects.filter(Q(owner=account) | Q(audience="everyone") | Q(audience__in=audiences))


def saved_views_kept_by(actor: Any) -> QuerySet[SavedView]:
    """A person's own views: nobody else changes or deletes them."""
    return SavedView.objects.filter(owner=actor)


def audiences_given_by(actor: Any) -> list[tuple[str, str]]:
    """Whom the account may share a view with beside keeping it to itself, as (audience, label)."""
    return list(import_string(settings.VIEW_AUDIENCES_GIVEN)(actor))
