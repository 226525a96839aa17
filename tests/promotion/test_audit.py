"""The audit trail: append-only in the database, sealed in a chain, readable by those who may."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from projects.actions import advance_project
from promotion import actions
from promotion.action import record
from promotion.models import AuditEntry, AuditSeal
from staff.models import Account
from tests.factories.files import make_pdf
from tests.factories.projects import make_project

pytestmark = pytest.mark.django_db


def write_entries(actor: Account, count: int) -> list[AuditEntry]:
    """Entries old enough to be sealed."""
    entries = [record(actor=actor, verb="view.save", target=actor, detail={"n": n}) for n in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE promotion_auditentry SET at = %s", [timezone.now() - timedelta(minutes=5)])
        cursor.execute("SET session_replication_role = origin")
    return entries


def tamper(sql: str, *values: object) -> None:
    """What only somebody with the database's own keys can do: write past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = origin")


def test_entry_cannot_be_changed_or_deleted(officer: Account) -> None:
    entry = record(actor=officer, verb="view.save", target=officer)

    for change in (entry.delete, lambda: AuditEntry.objects.update(verb="other")):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
    assert AuditEntry.objects.get().verb == "view.save"


def test_seals_chain_over_old_entries_only(officer: Account) -> None:
    write_entries(officer, 3)
    fresh = record(actor=officer, verb="view.save", target=officer)

    first = actions.seal_audit_trail()

    assert first is not None
    assert (first.entry_count, first.last_entry < fresh.pk) == (3, True)
    assert actions.seal_audit_trail() is None
    assert actions.verify_audit_trail() == []


def test_changed_entry_breaks_the_chain(officer: Account) -> None:
    entries = write_entries(officer, 3)
    actions.seal_audit_trail()

    tamper("UPDATE promotion_auditentry SET reason = 'later' WHERE id = %s", entries[1].pk)

    assert len(actions.verify_audit_trail()) == 1


def test_removed_entry_breaks_the_chain(officer: Account) -> None:
    entries = write_entries(officer, 3)
    actions.seal_audit_trail()

    tamper("DELETE FROM promotion_auditentry WHERE id = %s", entries[2].pk)

    assert len(actions.verify_audit_trail()) == 1
    assert AuditSeal.objects.count() == 1


def test_auditor_reads_all_and_officer_his_own(
    officer: Account, outsider: Account, auditor: Account, client_as: Callable[[Account], Client]
) -> None:
    record(actor=officer, verb="view.save", target=officer)
    record(actor=outsider, verb="view.save", target=outsider)

    def shown(account: Account) -> set[str]:
        page = client_as(account).get("/audit/")
        return {entry.actor_name for entry in page.context["page"].object_list}

    assert shown(auditor) == {officer.display_name, outsider.display_name}
    assert shown(officer) == {officer.display_name}


def test_row_history_names_the_outer_action(officer: Account) -> None:
    """Moving to 签约 reports an achievement inside; both rows are written under the move."""
    project = make_project(officer, stage="admission", admission_note="同意")
    evidence = make_pdf("协议.pdf")

    advance_project(
        actor=officer,
        project=project,
        to="signed",
        milestone={"happened_on": timezone.localdate(), "amount": Decimal(10**8), "evidence": [evidence]},
    )

    verbs = {
        event.pgh_context.metadata["verb"]
        for model in (apps.get_model("projects.ProjectEvent"), apps.get_model("projects.AchievementEvent"))
        for event in model.objects.exclude(pgh_context=None).select_related("pgh_context")
    }
    assert verbs == {"project.advance"}
