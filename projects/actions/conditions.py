"""Conditions of an opinion or an admission: written with the decision, closed with evidence (销号)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import reviews as access
from projects.actions.review_parts import kept_file, locked_row, save_row, words
from projects.models import AdmissionApplication, Document, GateCondition, Project, ReviewOpinion
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, Refused
from staff.models import Account, Person


@dataclass(frozen=True)
class Condition:
    """What somebody has to see to, and by when."""

    text: str
    owner: Person
    due_on: date


def write_conditions(
    *,
    project: Project,
    conditions: Sequence[Condition],
    opinion: ReviewOpinion | None = None,
    admission: AdmissionApplication | None = None,
) -> list[GateCondition]:
    """Store the conditions inside the transaction of the decision."""
    return [
        GateCondition.objects.create(
            project=project,
            opinion=opinion,
            admission=admission,
            text=words(each.text, "conditions", _("请写明条件的内容。")),
            owner=each.owner,
            due_on=each.due_on,
        )
        for each in conditions
    ]


@action("condition.close", gettext_lazy("条件销号"))
def close_condition(
    *,
    actor: Account,
    condition: GateCondition,
    note: str,
    upload: UploadedFile | None,
    on: date | None = None,
    seen: int | None = None,
) -> GateCondition:
    """Say how a condition was met, with evidence. Raises Conflict when it is closed already."""
    locked = locked_row(access.conditions_visible_to(actor), condition)
    if not access.can_close_condition(actor, locked):
        raise NotAllowed(_("条件由责任人或项目团队销号；请与责任人联系。"))
    if locked.closed_on:
        raise Conflict(_("%(who)s 已于 %(day)s 销号。") % {"who": locked.closed_by, "day": locked.closed_on})
    check_version(seen=seen, current=locked)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        sentence = _("落实日期还没有到。")
        raise Refused(sentence, fields={"on": sentence})
    locked.closing_note = words(note, "note", _("请写明怎么落实的。"))
    if upload is None:
        sentence = _("请附落实的佐证，例如批文、合同页或照片。")
        raise Refused(sentence, fields={"upload": sentence})
    locked.evidence = _evidence(actor, locked.project, upload)
    locked.closed_on, locked.closed_by = day, actor
    save_row(locked, "closing_note", "evidence", "closed_on", "closed_by")
    record(
        actor=actor,
        verb="condition.close",
        target=locked.project,
        reason=locked.closing_note,
        detail={"condition": locked.text, "on": str(day)},
    )
    return locked


def _evidence(actor: Account, project: Project, upload: UploadedFile) -> Document | None:
    try:
        return kept_file(actor, project, upload)
    except Refused as refusal:
        raise Refused(refusal.message, fields={"upload": refusal.message}) from refusal
