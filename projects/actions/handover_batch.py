"""A person leaves or moves: everything in custody goes to its receivers in one transaction, or nothing does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.handover import can_hand_over_all
from projects.actions.custody import move_custody
from projects.models import (
    OPEN_HANDOVER,
    BatchKind,
    FirstReception,
    Handover,
    HandoverBatch,
    HandoverItem,
    HandoverState,
    ItemKind,
    Project,
    ServiceTask,
)
from projects.queries.due_item import DueItem
from projects.queries.handover import Custody, contents_of, custody_of, posts_on
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, Refused
from staff.access import in_force, teams_led_by
from staff.models import Account, Appointment, Person, Role


@action("handover.batch", gettext_lazy("整体交接"))
def hand_over_all(
    *,
    actor: Account,
    person: Person,
    last_day: date,
    kind: str,
    reason: str,
    receivers: Mapping[str, Person],
) -> HandoverBatch:
    """Give every project, named task and first reception of a person to the receiver that `receivers` names by its key.

    Stages, history and shares stay as they are. Raises Refused for what cannot be (an item without a receiver, a receiver
    without a post, a project with a request in hand, somebody who still leads a team), Conflict when the custody changed.
    """
    if not can_hand_over_all(actor, person):
        raise NotAllowed(_("整体交接由本队队长、分管领导或人事办理，不能由本人办理。"))
    # Two people settle the same leaver: the second waits here and then finds nothing left.
    person = Person.objects.select_for_update().get(pk=person.pk)
    list(
        Project.objects.filter(owner=person).order_by("pk").select_for_update(of=("self",)).values_list("pk")
    )
    custody = custody_of(person)
    _check_form(kind, reason, last_day)
    _check_items(custody, receivers)
    _check_person(actor, person, custody)
    posts = _checked_receivers(actor, person, receivers)
    batch = HandoverBatch.objects.create(
        person=person, kind=kind, last_day=last_day, reason=reason.strip()[:200], confirmed_by=actor
    )
    for project in custody.projects:
        _hand_project(actor, batch, project, receivers[f"project-{project.public_id}"], posts, custody.due)
    for task in custody.tasks:
        _hand_task(batch, task, receivers[f"task-{task.public_id}"])
    for reception in custody.receptions:
        _hand_reception(batch, reception, receivers[f"reception-{reception.pk}"], posts)
    _record(actor, batch, custody, receivers)
    _tell(actor, batch, person, receivers)
    return batch


def _record(actor: Account, batch: HandoverBatch, custody: Custody, receivers: Mapping[str, Person]) -> None:
    """One entry for the whole; each project has its own beside it."""
    counts = {receiver.name: count for receiver, count in Counter(receivers.values()).items()}
    record(
        actor=actor,
        verb="handover.batch",
        target=batch.person,
        reason=batch.reason,
        detail={
            "batch": batch.public_id,
            "last_day": str(batch.last_day),
            "projects": len(custody.projects),
            "tasks": len(custody.tasks),
            "receptions": len(custody.receptions),
            "receivers": counts,
        },
    )


def _check_form(kind: str, reason: str, last_day: date) -> None:
    fields = {}
    if kind not in BatchKind.values:
        fields["kind"] = _("请选择离职或调岗。")
    if not reason.strip():
        fields["reason"] = _("请写明交接的原因。")
    if abs((last_day - timezone.localdate()).days) > 366:
        fields["last_day"] = _("最后在岗日应在一年之内，请检查。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def _check_items(custody: Custody, receivers: Mapping[str, Person]) -> None:
    """Every item has a receiver, and there is no receiver for what is not in custody (any more)."""
    keys = set(custody.keys)
    if not keys:
        raise Refused(_("名下没有在管的项目、任务和首接，不用交接。"))
    gone = set(receivers) - keys
    if gone:
        raise Conflict(
            _("打开页面之后，其中 %(count)s 项已不在其名下。没有办理任何交接，请刷新后核对再提交。")
            % {"count": len(gone)}
        )
    missing = keys - set(receivers)
    if missing:
        raise Refused(_("还有 %(count)s 项没有选接收人；请补齐后再提交。") % {"count": len(missing)})


def _check_person(actor: Account, person: Person, custody: Custody) -> None:
    """What stands in the way on the giver's side."""
    led = Appointment.objects.filter(in_force(), person=person, is_leader=True).select_related("team").first()
    if led is not None:
        raise Refused(
            _("%(name)s仍是%(team)s队长；请先请人事另任队长、结束其队长任职，再办理交接。")
            % {"name": person.name, "team": led.team.name}
        )
    if custody.has_key_project and not actor.is_role(Role.MANAGER):
        raise NotAllowed(_("其中有重大或重特大项目，整体交接要由分管领导确认；请把接收方案交给他。"))
    busy = (
        Handover.objects.filter(
            project__in=[project.pk for project in custody.projects], state__in=OPEN_HANDOVER
        )
        .select_related("project")
        .order_by("pk")
    )
    names = [handover.project.name for handover in busy]
    if names:
        raise Refused(
            _("“%(names)s”另有移交申请在办；请先批准、驳回或撤销它，再办理整体交接。")
            % {"names": "、".join(names[:3])}
        )


def _checked_receivers(
    actor: Account, person: Person, receivers: Mapping[str, Person]
) -> dict[int, Appointment]:
    """The posts of the receivers today, all of whom are others in office and within the actor's reach."""
    people = {receiver.pk: receiver for receiver in receivers.values()}
    posts = posts_on(timezone.localdate(), list(people.values()))
    reach = None
    if not actor.is_role(Role.MANAGER, Role.HR):
        reach = set(teams_led_by(actor).values_list("pk", flat=True))
    for key, receiver in people.items():
        if key == person.pk:
            raise Refused(_("接收人不能是交出人本人；请另选一位。"))
        if key not in posts or receiver.left_on is not None:
            raise Refused(
                _("%(name)s今天没有任职，不能接收；请另选一位在岗的专员。") % {"name": receiver.name}
            )
        if reach is not None and posts[key].team_id not in reach:
            raise Refused(
                _("%(name)s不在您的团队；跨团队交接请分管领导或人事办理。") % {"name": receiver.name}
            )
    return posts


def _hand_project(
    actor: Account,
    batch: HandoverBatch,
    project: Project,
    receiver: Person,
    posts: Mapping[int, Appointment],
    due: Sequence[DueItem],
) -> None:
    now, before, team = timezone.now(), project.team, posts[receiver.pk].team
    Handover.objects.create(
        project=project,
        batch=batch,
        giver=batch.person,
        receiver=receiver,
        from_team=before,
        to_team=team,
        state=HandoverState.APPROVED,
        reason=batch.reason,
        contents=contents_of(project, due),
        proposed_by=actor,
        decided_by=actor,
        decided_at=now,
    )
    move_custody(project, batch.person, receiver, team)
    record(
        actor=actor,
        verb="handover.approve",
        target=project,
        reason=batch.reason,
        detail={
            "batch": batch.public_id,
            "version": project.version,
            "changes": {"owner": [batch.person.name, receiver.name], "team": [before.name, team.name]},
        },
    )


def _hand_task(batch: HandoverBatch, task: ServiceTask, receiver: Person) -> None:
    """A task in somebody else's project; the receiver is named in the giver's place."""
    task.person = receiver
    task.version += 1
    task.save(update_fields=["person", "version"])
    HandoverItem.objects.create(
        batch=batch,
        kind=ItemKind.TASK,
        title=task.title,
        detail=f"{task.plan.project.name} · {task.due_on}"[:200],
        receiver=receiver,
        task=task,
    )


def _hand_reception(
    batch: HandoverBatch, reception: FirstReception, receiver: Person, posts: Mapping[int, Appointment]
) -> None:
    """A claim on an investor without a project of the giver's; its period runs on."""
    reception.person, reception.team = receiver, posts[receiver.pk].team
    reception.save(update_fields=["person", "team"])
    HandoverItem.objects.create(
        batch=batch,
        kind=ItemKind.RECEPTION,
        title=reception.company.name,
        detail=_("保护至 %(day)s") % {"day": reception.protected_until},
        receiver=receiver,
        reception=reception,
    )


def _tell(actor: Account, batch: HandoverBatch, person: Person, receivers: Mapping[str, Person]) -> None:
    counts = Counter(receiver.pk for receiver in receivers.values())
    accounts = Account.objects.filter(person__in=counts, is_active=True).exclude(pk=actor.pk)
    for account in accounts:
        text = _("%(name)s整体交接：您接收 %(count)s 项，请与其当面核对。") % {
            "name": person.name,
            "count": counts[account.person_id or 0],
        }
        notify(recipients=[account], text=text, url=f"/handover-batches/{batch.public_id}/")
