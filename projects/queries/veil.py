"""What the audit trail keeps to itself (遮蔽): entries about a secret project, for whoever may not open it.

An entry written before the project became secret carries its name, and the sealed trail is never rewritten; so the name is
held back when it is read. Auditors read everything.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from projects.access import hidden_from, masked_companies
from promotion.models import AuditEntry
from staff.models import Account


def veiled_labels(actor: Account, entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Entry → what its record is called for the account, for the entries it may not read whole.

    Two statements for who is hidden, and one for each kind of record among the entries.
    """
    hidden = dict(hidden_from(actor).values_list("pk", "code_name"))
    if not hidden:
        return {}
    companies = set(masked_companies(actor).values_list("pk", flat=True))
    of_kind: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        of_kind[entry.target_type].append(entry)
    veiled: dict[int, str] = {}
    for kind, rows in of_kind.items():
        of_record = _projects_of(kind, rows)
        for entry in rows:
            project = of_record.get(entry.target_id)
            if project in hidden:
                veiled[entry.pk] = _("保密项目「%(code)s」") % {"code": hidden[project]}
            elif kind == "projects.company" and int(entry.target_id) in companies:
                veiled[entry.pk] = _("保密项目的企业")
    return veiled


def _projects_of(kind: str, entries: list[AuditEntry]) -> dict[str, int]:
    """Record → its project, for kinds of records that hang on one."""
    keys = [entry.target_id for entry in entries]
    if kind == "projects.project":
        return {key: int(key) for key in keys}
    model = _model(kind)
    if model is None:
        return {}
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", "project")  # noqa: SLF001 Django's documented way to a model not known by name
    return {str(pk): project for pk, project in rows if project is not None}


def _model(kind: str) -> type[Model] | None:
    """The model of the kind, if its rows name a project."""
    try:
        model = apps.get_model(kind)
        model._meta.get_field("project")
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return model
