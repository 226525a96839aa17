"""Who sees which projects, and who may do what with them: one short function each, used by every edge."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from projects.access.company import (
    companies_visible_to as companies_visible_to,
)
from projects.access.company import (
    count_companies_visible_to as count_companies_visible_to,
)
from projects.access.company import (
    youngest_found_by as youngest_found_by,
)
from projects.access.found import (
    parts_counted_for as parts_counted_for,
)
from projects.access.found import (
    parts_found_by as parts_found_by,
)
from projects.access.found import (
    projects_found_by as projects_found_by,
)
from projects.access.sight import (
    SEES_ALL as SEES_ALL,
)
from projects.access.sight import (
    Eyes as Eyes,
)
from projects.access.sight import (
    accounts_that_see as accounts_that_see,
)
from projects.access.sight import (
    bulk_changes_visible_to as bulk_changes_visible_to,
)
from projects.access.sight import (
    can_set_secrecy as can_set_secrecy,
)
from projects.access.sight import (
    hidden_from as hidden_from,
)
from projects.access.sight import (
    masked_companies as masked_companies,
)
from projects.access.sight import (
    person_sees as person_sees,
)
from projects.access.sight import (
    projects_visible_to as projects_visible_to,
)
from projects.access.sight import (
    reads_view_log as reads_view_log,
)
from projects.access.sight import (
    shown_names as shown_names,
)
from projects.access.sight import (
    views_visible_to as views_visible_to,
)
from projects.models import (
    Achievement,
    Company,
    CompanyGroup,
    CompanyMerge,
    Contact,
    CreditShare,
    Department,
    Document,
    DuplicatePair,
    FollowUp,
    Plant,
    Plot,
    Project,
    Promise,
    PromiseFulfilment,
    Reservation,
)
from staff.access import in_force, leads, teams_led_by
from staff.models import Account, Appointment, Person, Role


def groups_visible_to(actor: Account) -> QuerySet[CompanyGroup]:
    """The groups of the companies one sees, those above them, and those one entered."""
    if actor.is_role(*SEES_ALL):
        return CompanyGroup.objects.all()
    grouped = companies_visible_to(actor).exclude(group=None)
    own = Q(pk__in=grouped.values("group")) | Q(created_by=actor)
    return CompanyGroup.objects.filter(own | Q(pk__in=grouped.values("group__parent")))


def contacts_visible_to(actor: Account) -> QuerySet[Contact]:
    """The people at the companies one sees."""
    return Contact.objects.filter(company__in=companies_visible_to(actor).values("pk"))


def can_merge(actor: Account, companies: Iterable[Company]) -> bool:
    """Managers merge any companies; leaders those whose projects they see every one of."""
    if actor.is_role(Role.MANAGER):
        return True
    if not actor.is_role(Role.LEADER):
        return False
    rows = Project.objects.filter(company__in=[company.pk for company in companies])
    return not rows.exclude(pk__in=projects_visible_to(actor).values("pk")).exists()


def merges_visible_to(actor: Account) -> QuerySet[CompanyMerge]:
    """The merges into companies one sees."""
    return CompanyMerge.objects.filter(kept__in=companies_visible_to(actor).values("pk"))


def can_scan_duplicates(actor: Account) -> bool:
    """The scan speaks of companies of every team, so only those who decide, and administrators, ask for it."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def duplicate_pairs_visible_to(actor: Account) -> QuerySet[DuplicatePair]:
    """Suspected duplicates are read by those who may scan; pairs with a merged company are settled and left out."""
    if not can_scan_duplicates(actor):
        return DuplicatePair.objects.none()
    return DuplicatePair.objects.filter(first__merged_into=None, second__merged_into=None)


def achievements_visible_to(actor: Account) -> QuerySet[Achievement]:
    """The achievements of the projects one sees, and one's own without a project."""
    if actor.is_role(*SEES_ALL):
        return Achievement.objects.exclude(project__in=hidden_from(actor).values("pk"))
    return Achievement.objects.filter(
        Eyes.of(actor).see("project") | Q(person=actor.person_id, project=None) | Q(submitted_by=actor)
    ).exclude(project__in=hidden_from(actor).values("pk"))


def documents_visible_to(actor: Account) -> QuerySet[Document]:
    """The files of what one sees."""
    if actor.is_role(*SEES_ALL):
        hidden = hidden_from(actor).values("pk")
        return Document.objects.exclude(Q(project__in=hidden) | Q(achievement__project__in=hidden))
    return Document.objects.filter(
        Eyes.of(actor).see("project") | Q(achievement__in=achievements_visible_to(actor).values("pk"))
    )


def follow_ups_visible_to(actor: Account) -> QuerySet[FollowUp]:
    """The timelines of the projects one sees."""
    return FollowUp.objects.filter(Eyes.of(actor).see("project"))


def can_log_leads(actor: Account) -> bool:
    """Whoever is on the staff and works on projects, and systems with the right scope."""
    return actor.is_role(Role.OFFICER, Role.LEADER, Role.MANAGER, Role.API_CLIENT)


def can_change(actor: Account, project: Project, shares: Iterable[CreditShare] | None = None) -> bool:
    """The service specialist, whoever holds a share, the team's leader, managers, and systems that may write.

    `shares` are those that hold today, where they are at hand.
    """
    if actor.is_role(Role.MANAGER, Role.API_CLIENT):
        return True
    if not actor.is_role(Role.OFFICER, Role.LEADER) or actor.person_id is None:
        return False
    return (
        project.owner_id == actor.person_id
        or leads(actor, project.team_id)
        or (
            any(share.person_id == actor.person_id for share in shares)
            if shares is not None
            else CreditShare.objects.filter(
                project=project, person=actor.person_id, holds_until=None
            ).exists()
        )
    )


def people_with_custody(project: Project) -> QuerySet[Person]:
    """Who may be made responsible for a step: the service specialist, whoever holds a share, leaders of the team."""
    return Person.objects.filter(Q(pk=project.owner_id) | with_custody(project.pk, project.team_id))


def with_custody(project: Any, team: Any, on: Any = None) -> Q:
    """People who hold a share of the project or lead its team on the day, by keys (or slots of a prepared statement)."""
    shared = CreditShare.objects.filter(project=project, holds_until=None).values("person")
    led = Appointment.objects.filter(in_force(on), team=team, is_leader=True).values("person")
    return Q(pk__in=shared) | Q(pk__in=led)


def can_set_clocks(actor: Account) -> bool:
    """Managers and administrators say how many working days there are."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_set_ageing(actor: Account) -> bool:
    """Managers and administrators say after how many working days a project counts as stalled."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_set_load_limits(actor: Account) -> bool:
    """Managers, HR and administrators say how many projects a person of a grade may look after."""
    return actor.is_role(Role.MANAGER, Role.HR, Role.ADMINISTRATOR)


def can_recognise(actor: Account, achievement: Achievement) -> bool:
    """Managers recognise, never what they submitted themselves."""
    return actor.is_role(Role.MANAGER) and achievement.submitted_by_id != actor.pk


def can_share_credit(actor: Account, project: Project) -> bool:
    """Leaders of the responsible team and managers settle the shares."""
    return actor.is_role(Role.MANAGER) or leads(actor, project.team_id)


def can_correct_shares(actor: Account, project: Project) -> bool:
    """Over facts that are credited already only managers settle shares, and none that the manager has a part in."""
    return (
        actor.is_role(Role.MANAGER)
        and not CreditShare.objects.filter(
            project=project, person=actor.person_id, person__isnull=False, holds_until=None
        ).exists()
    )


def can_record_incidents(actor: Account) -> bool:
    """Managers and leaders record what costs points; a second person recognises it."""
    return actor.is_role(Role.MANAGER, Role.LEADER)


def can_import_history(actor: Account) -> bool:
    """Administrators bring in the years before the product."""
    return actor.is_role(Role.ADMINISTRATOR)


def can_correct(actor: Account, achievement: Achievement) -> bool:
    """Whoever submitted a report mends it when it was returned."""
    return achievement.submitted_by_id == actor.pk


def can_withdraw(actor: Account, achievement: Achievement) -> bool:
    """The submitter, and whoever may change the project, take back what nobody has recognised yet."""
    if achievement.submitted_by_id == actor.pk:
        return True
    return achievement.project is not None and can_change(actor, achievement.project)


def can_report_for(actor: Account, person: Person) -> bool:
    """Without a project everybody reports for the own person only."""
    return actor.is_role(Role.OFFICER, Role.LEADER, Role.MANAGER) and actor.person_id == person.pk


def can_record_incident_of(actor: Account, person: Person) -> bool:
    """Managers for everybody, leaders for the people of their teams; nobody for himself."""
    if not can_record_incidents(actor) or actor.person_id == person.pk:
        return False
    if actor.is_role(Role.MANAGER):
        return True
    return person.appointments.filter(in_force(), team__in=teams_led_by(actor)).exists()


def sees_hints(actor: Account) -> bool:
    """Hints speak of projects outside one's own, so only those who decide and those who audit read them."""
    return actor.is_role(Role.MANAGER, Role.AUDITOR)


def departments_visible_to(actor: Account) -> QuerySet[Department]:
    """The directory of departments is open to every account of the house."""
    return Department.objects.all() if actor.is_active else Department.objects.none()


def can_keep_departments(actor: Account) -> bool:
    """Managers, HR and administrators keep the directory of departments."""
    return actor.is_role(Role.MANAGER, Role.HR, Role.ADMINISTRATOR)


def can_replace_document(actor: Account, document: Document) -> bool:
    """Whoever may add to where the file belongs."""
    if document.achievement is not None:
        return can_withdraw(actor, document.achievement)
    return document.project is not None and can_change(actor, document.project)


def can_keep_checklist(actor: Account) -> bool:
    """Managers and HR say which papers prove what; everybody may read it."""
    return actor.is_role(Role.MANAGER, Role.HR)


def plots_visible_to(actor: Account) -> QuerySet[Plot]:
    """What the zone can offer is open to every account of the house; whose it is may be masked."""
    return Plot.objects.all() if actor.is_active else Plot.objects.none()


def plants_visible_to(actor: Account) -> QuerySet[Plant]:
    """The same for plants."""
    return Plant.objects.all() if actor.is_active else Plant.objects.none()


def reservations_visible_to(actor: Account) -> QuerySet[Reservation]:
    """The reservations of the projects one sees; of others one learns only that the place is taken."""
    return Reservation.objects.filter(Eyes.of(actor).see("project"))


def can_keep_sites(actor: Account) -> bool:
    """Managers and administrators keep plots and plants."""
    return actor.is_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_decide_reservation(actor: Account, reservation: Reservation) -> bool:
    """The team's leader and managers, never what they asked for themselves."""
    return reservation.requested_by_id != actor.pk and can_dispose_of_site(actor, reservation)


def can_dispose_of_site(actor: Account, reservation: Reservation) -> bool:
    """The team's leader and managers extend, lock and land."""
    return can_share_credit(actor, reservation.project)


def promises_visible_to(actor: Account) -> QuerySet[Promise]:
    """The promises of the projects one sees."""
    return Promise.objects.filter(Eyes.of(actor).see("project"))


def can_settle_promise(actor: Account, promise: Promise) -> bool:
    """The team's leader and managers change the terms of a promise and release from it."""
    return can_share_credit(actor, promise.project)


def can_confirm_fulfilment(actor: Account, fulfilment: PromiseFulfilment) -> bool:
    """The team's leader and managers, never what they reported themselves."""
    return fulfilment.reported_by_id != actor.pk and can_settle_promise(actor, fulfilment.promise)
