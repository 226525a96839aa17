"""Who asks for a handover, who accepts and approves it, and who settles everything of somebody who leaves."""

from django.db.models import Q, QuerySet

from projects.access import can_share_credit, projects_visible_to
from projects.models import Handover, HandoverBatch, Project
from projects.workflow import KEY_CLASSES
from staff.access import OVERSEERS, in_force, teams_led_by, teams_visible_to
from staff.models import Account, Appointment, Person, Role


def handovers_visible_to(actor: Account) -> QuerySet[Handover]:
    """The handovers of the projects one sees, and those that one is to receive."""
    return Handover.objects.filter(
        Q(project__in=projects_visible_to(actor).values("pk"))
        | Q(receiver=actor.person_id, receiver__isnull=False)
    )


def can_propose_handover(actor: Account, project: Project) -> bool:
    """The specialist, the leader of the responsible team, managers."""
    own = actor.person_id is not None and project.owner_id == actor.person_id
    return own or can_share_credit(actor, project)


def can_accept_handover(actor: Account, handover: Handover) -> bool:
    """Only the receiver answers for himself."""
    return actor.person_id is not None and handover.receiver_id == actor.person_id


def can_approve_handover(actor: Account, handover: Handover) -> bool:
    """A second person, neither giver nor receiver: managers, and for ordinary projects the leader of both teams."""
    if actor.pk == handover.proposed_by_id or actor.person_id in (handover.giver_id, handover.receiver_id):
        return False
    if actor.is_role(Role.MANAGER):
        return True
    if handover.project.project_class in KEY_CLASSES:
        return False
    led = set(
        teams_led_by(actor)
        .filter(pk__in=(handover.from_team_id, handover.to_team_id))
        .values_list("pk", flat=True)
    )
    return led == {handover.from_team_id, handover.to_team_id}


def can_cancel_handover(actor: Account, handover: Handover) -> bool:
    """Whoever asked for it, and managers."""
    return actor.pk == handover.proposed_by_id or actor.is_role(Role.MANAGER)


def posts_to_receive(actor: Account) -> QuerySet[Appointment]:
    """The posts of today that a handover may go to: leaders and officers hand to anybody who is in office."""
    return Appointment.objects.filter(in_force(), team__in=teams_visible_to(actor).values("pk"))


def can_hand_over_all(actor: Account, person: Person) -> bool:
    """Managers and HR for everybody, leaders for the people of their teams; nobody for himself."""
    if actor.person_id is not None and actor.person_id == person.pk:
        return False
    if actor.is_role(Role.MANAGER, Role.HR):
        return True
    return (
        actor.is_role(Role.LEADER)
        and person.appointments.filter(in_force(), team__in=teams_led_by(actor).values("pk")).exists()
    )


def batches_visible_to(actor: Account) -> QuerySet[HandoverBatch]:
    """Overseers read all; others those they settled, gave or received."""
    if actor.is_role(*OVERSEERS):
        return HandoverBatch.objects.all()
    received = Handover.objects.filter(receiver=actor.person_id, batch__isnull=False).values("batch")
    return HandoverBatch.objects.filter(
        Q(confirmed_by=actor) | Q(person=actor.person_id, person__isnull=False) | Q(pk__in=received)
    )
