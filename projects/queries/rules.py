"""Who changed a rule last (规则的最近改动)."""

from collections.abc import Iterable

from promotion.models import AuditEntry


def latest_of_verbs(verbs: Iterable[str]) -> dict[str, AuditEntry]:
    """The newest audit entry of each verb that was ever done, by verb; one statement."""
    newest = AuditEntry.objects.filter(verb__in=set(verbs)).order_by("verb", "-id").distinct("verb")
    return {entry.verb: entry for entry in newest}
