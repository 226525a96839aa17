"""A person leaves or moves: everything in custody goes to its receivers in one transaction, or nothing does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import person_sees
from projects.access.handover import can_hand_over_all
from projects.actions.custody import move_custody, take_over
from projects.actions.handover import end_handover
from projects.actions.moves import save_project
from projects.models import (
    OPEN_HANDOVER,
    BatchKind,
    Handover,
    HandoverBatch,
    HandoverItem,
    HandoverState,
    ItemKind,
    Project,
    ProjectReader,
)
from projects.queries.custody import Custody, Held, custody_of, project_of
from projects.queries.handover import contents_of, posts_on
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, Refused
from staff.access import in_force, teams_led_by
from staff.models import Account, Appointment, Person, Role, Team
from staff.queries.due_item import DueItem


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
    """Give every project and every other open thing of a person to the receiver that `receivers` names by its key.

    Next steps in others' projects fall back to their specialists, requests that waited for him are rejected, and who leaves
    reads no secret project any longer. Stages, history and shares stay as they are. Raises Refused for what cannot be (an item without a receiver, a receiver
    without a post, a project with a request in hand, somebody who still leads a team), Conflict when the custody changed.
    """
    if not can_hand_over_all(actor, person):
        raise NotAllowed(_("整体交接由本队队长、分管领导或人事办理，不能由本人办理。"))
    # Two people settle the same leaver: the second waits here and then finds nothing left.
    person = Person.objects.select_for_update().get(pk=person.pk)
    _lock_projects(person)
    custody = custody_of(person)
    _check_form(kind, reason, last_day)
    _check_items(custody, receivers)
    _check_person(actor, person, custody)
    posts = _checked_receivers(actor, person, receivers)
    _check_sight(custody, receivers)
    batch = HandoverBatch.objects.create(
        person=person, kind=kind, last_day=last_day, reason=reason.strip()[:200], confirmed_by=actor
    )
    for project in custody.projects:
        _hand_project(actor, batch, project, receivers[f"project-{project.public_id}"], posts, custody.due)
    for held in custody.held:
        receiver = receivers[held.key]
        _hand_held(batch, held, receiver, posts[receiver.pk].team)
    _let_go(actor, batch, custody)
    _record(actor, batch, custody, receivers, _end_readings(batch))
    _tell(actor, batch)
    return batch


def _lock_projects(person: Person) -> None:
    """The own projects, those whose next step is his, and those that he was to receive, in the order that everybody locks."""
    waiting = Handover.objects.filter(receiver=person, state__in=OPEN_HANDOVER).values("project")
    touched = Q(owner=person) | Q(next_step_person=person) | Q(pk__in=waiting)
    list(Project.objects.filter(touched).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _record(
    actor: Account, batch: HandoverBatch, custody: Custody, receivers: Mapping[str, Person], readings: int
) -> None:
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
            "held": Counter(one.kind.value for one in custody.held),
            "steps": len(custody.steps),
            "requests": len(custody.waiting),
            "readings": readings,
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
    if custody.is_empty:
        raise Refused(_("名下没有在管的项目和其他事项，不用交接。"))
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
    names = [str(handover.project) for handover in busy]
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


def _check_sight(custody: Custody, receivers: Mapping[str, Person]) -> None:
    """Tasks and promises are seen to in the project: whoever receives one sees it."""
    for held in custody.held:
        project = project_of(held)
        if project is not None and not person_sees(receivers[held.key], project):
            raise Refused(
                _("%(name)s看不到“%(title)s”所在的项目，不能接收；请另选这个项目团队的人。")
                % {"name": receivers[held.key].name, "title": held.title}
            )


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


def _hand_held(batch: HandoverBatch, held: Held, receiver: Person, team: Team) -> None:
    """One open thing beside the projects. Raises Conflict when it was closed or given to somebody else meanwhile."""
    if not take_over(held, batch.person, receiver, team):
        raise Conflict(
            _("“%(title)s”刚刚已办结或另有责任人。没有办理任何交接，请刷新后核对再提交。")
            % {"title": held.title}
        )
    _keep_item(batch, held.kind, held.title, held.detail, receiver)


def _let_go(actor: Account, batch: HandoverBatch, custody: Custody) -> None:
    """What needs no receiver: next steps fall back to the specialists, requests that waited for the leaver are rejected."""
    for project in custody.steps:
        project.next_step_person = None
        save_project(project, "next_step_person")
        _keep_item(batch, ItemKind.STEP, project.next_step or str(project), str(project), project.owner)
    for handover in custody.waiting:
        reason = _("接收人%(name)s%(kind)s，请另选接收人。") % {
            "name": batch.person.name,
            "kind": batch.get_kind_display(),
        }
        end_handover(actor, handover, HandoverState.REJECTED, "handover.reject", reason)
        detail = _("已驳回，项目仍由%(name)s负责") % {"name": handover.giver.name}
        _keep_item(batch, ItemKind.REQUEST, str(handover.project), detail, handover.giver)


def _keep_item(batch: HandoverBatch, kind: ItemKind, title: str, detail: str, receiver: Person) -> None:
    HandoverItem.objects.create(
        batch=batch, kind=kind, title=title[:200], detail=detail[:200], receiver=receiver
    )


def _end_readings(batch: HandoverBatch) -> int:
    """Who leaves reads no secret project any longer by name; who moves keeps what was granted until it is ended."""
    if batch.kind != BatchKind.LEAVE:
        return 0
    today = timezone.localdate()
    named = ProjectReader.objects.filter(person=batch.person, reads_from__lte=today)
    return named.filter(Q(reads_until=None) | Q(reads_until__gt=today)).update(reads_until=today)


def _tell(actor: Account, batch: HandoverBatch) -> None:
    """Everybody on the sheet hears how much of it is his."""
    rows = [
        *batch.handovers.values_list("receiver", flat=True),
        *batch.items.values_list("receiver", flat=True),
    ]
    counts = Counter(rows)
    accounts = Account.objects.filter(person__in=counts, is_active=True).exclude(pk=actor.pk)
    for account in accounts:
        text = _("%(name)s整体交接：您接收 %(count)s 项，请与其当面核对。") % {
            "name": batch.person.name,
            "count": counts[account.person_id or 0],
        }
        notify(recipients=[account], text=text, url=f"/handover-batches/{batch.public_id}/")
