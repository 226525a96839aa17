"""What reporting and deciding share: the locked achievement, its state, the stage it holds, and who is told."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import access
from projects.access import accounts_that_see
from projects.actions.moves import place_project
from projects.models import MILESTONE_KINDS, Achievement, Project, Recognition
from projects.workflow import ORDER, Stage, stage_after_reversal, stage_of_milestone
from promotion.actions import notify
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account, Role

LIVE = (Recognition.SUBMITTED, Recognition.RECOGNISED)


def locked_achievement(actor: Account, achievement: Achievement) -> Achievement:
    """The achievement of the visible set; its project is locked first, in the order that every action keeps."""
    if achievement.project_id is not None:
        Project.objects.select_for_update().filter(pk=achievement.project_id).first()
    locked = access.achievements_visible_to(actor).select_for_update().filter(pk=achievement.pk).first()
    if locked is None:
        raise NotFound(_("没有找到这条业绩申报；请返回列表。"))
    return locked


def check_state(achievement: Achievement, wanted: str, sentence: str) -> None:
    """Raises Conflict naming who decided meanwhile."""
    if achievement.state == wanted:
        return
    state = achievement.get_state_display()
    met = _("这条业绩%(state)s。") % {"state": state}
    if achievement.decided_by:
        met = _("这条业绩%(state)s（%(who)s）。") % {
            "state": state,
            "who": achievement.decided_by.display_name,
        }
    raise Conflict(f"{met}{sentence}")


def checked_reason(reason: str, sentence: str) -> str:
    """The reason without blanks around it. Raises Refused with `sentence` when there is none."""
    reason = reason.strip()
    if not reason:
        raise Refused(sentence, fields={"reason": sentence})
    if len(reason) > 300:
        raise Refused(_("理由最多 300 个字。"), fields={"reason": _("理由最多 300 个字。")})
    return reason


def write_state(achievement: Achievement, fields: Mapping[str, Any]) -> None:
    """Write the named fields and count the change."""
    for name, value in fields.items():
        setattr(achievement, name, value)
    achievement.version += 1
    achievement.save(update_fields=[*fields, "version", "changed_at"])


def fall_back(actor: Account, achievement: Achievement, note: str) -> None:
    """Take the project to the stage before the milestone, unless this or a later milestone still holds it there."""
    stage = stage_of_milestone(achievement.kind)
    if achievement.project_id is None or stage is None:
        return
    project = Project.objects.select_for_update().get(pk=achievement.project_id)
    if ORDER.index(Stage(project.stage)) < ORDER.index(stage):
        return
    holding = MILESTONE_KINDS[MILESTONE_KINDS.index(achievement.kind) :]
    if (
        Achievement.objects.filter(project=project, kind__in=holding, state__in=LIVE)
        .exclude(pk=achievement.pk)
        .exists()
    ):
        return
    place_project(
        project=project,
        stage=stage_after_reversal(achievement.kind),
        actor=actor,
        on=timezone.localdate(),
        note=note,
    )


def text_of(value: Decimal | None) -> str | None:
    """A figure as the audit trail keeps it."""
    return None if value is None else str(value)


def announce_report(achievement: Achievement, actor: Account) -> None:
    """Tell the managers who may recognise it, after commit."""
    values = {
        "who": actor.display_name,
        "what": subject_of(achievement),
        "kind": achievement.get_kind_display(),
    }
    text = _("%(who)s 申报了“%(what)s”的%(kind)s，请认定。") % values
    managers = Account.objects.filter(role=Role.MANAGER, is_active=True).exclude(pk=actor.pk)
    if achievement.project is not None:
        managers = accounts_that_see(achievement.project, managers)
    _announce(achievement, managers, text)


def announce_decision(achievement: Achievement, outcome: str) -> None:
    """Tell the submitter, after commit."""
    values = {"what": subject_of(achievement), "kind": achievement.get_kind_display(), "outcome": outcome}
    text = _("您申报的“%(what)s”%(kind)s%(outcome)s") % values
    _announce(achievement, [achievement.submitted_by], text)


def subject_of(achievement: Achievement) -> str:
    """The project's or the person's name."""
    return str(achievement.project or achievement.person or "")


def _announce(achievement: Achievement, recipients: Sequence[Account] | Any, text: str) -> None:
    url = reverse("projects:achievement", args=[achievement.public_id])
    transaction.on_commit(lambda: notify(recipients=list(recipients), text=text, url=url))
