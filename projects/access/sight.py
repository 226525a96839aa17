"""The one visible set of projects: who sees them, why, and under which name they count elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DateField, F, Func, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import BulkChange, Company, Project, ProjectSight, ProjectView
from promotion.prepared import IsAnyOf, Part, Slot
from staff.access import OVERSEERS, teams_of_person
from staff.models import Account, Person, Role

SEES_ALL = (*OVERSEERS, Role.API_CLIENT)


def _sight_of(*, teams: bool) -> QuerySet[ProjectSight]:
    """The rows of sight that hold on a day for a person, as itself and through the teams whose work it sees."""
    person, today = Slot("person", BigIntegerField()), Slot("today", DateField())
    rows = ProjectSight.objects.filter(seen_from__lte=today, seen_until__gt=today).order_by()
    if not teams:
        return rows.filter(viewer=person)
    own = teams_of_person(person, today).order_by().annotate(viewer=-F("pk")).values("viewer")
    viewers = Func(ArraySubquery(own, output_field=BigIntegerField()), person, function="array_append")
    return rows.filter(IsAnyOf(F("viewer"), viewers))


def personal_sight() -> QuerySet[ProjectSight]:
    """What a person sees as itself: owned, shared or named to read; with slots for the person and the day."""
    return _sight_of(teams=False)


# Nearly every statement asks who sees what, so these parts are compiled once.
_SEEN = Part(lambda: _sight_of(teams=True).values("project"))
_HIDDEN = Part(
    lambda: (
        Project.objects.filter(is_secret=True)
        .exclude(pk__in=_sight_of(teams=False).values("project"))
        .order_by()
        .values("pk")
    )
)


@dataclass(frozen=True)
class Eyes:
    """Whose sight is asked: the role, and the person and the day, which may be slots of a prepared statement."""

    role: str
    person: Any = field(default_factory=lambda: Slot("person"))
    today: Any = field(default_factory=lambda: Slot("today"))

    @classmethod
    def of(cls, actor: Account) -> "Eyes":
        return cls(actor.role, actor.person_id or 0, timezone.localdate())

    @property
    def values(self) -> dict[str, Any]:
        """What fills the slots of a statement that was prepared for this role."""
        return {"person": self.person, "today": self.today}

    def see(self, project: str = "project") -> Q:
        """That the project at the end of `project` is visible; true as well of rows that have none, for overseers."""
        if self.role == Role.AUDITOR:
            return Q()
        if self.role in SEES_ALL:
            return ~Q(**{f"{project}__in": _HIDDEN(person=self.person, today=self.today)})
        return Q(**{f"{project}__in": _SEEN(person=self.person, today=self.today)})


def hidden_from(actor: Account) -> QuerySet[Project]:
    """The secret projects that the account may not open."""
    if actor.is_role(Role.AUDITOR):
        return Project.objects.none()
    eyes = Eyes.of(actor)
    return Project.objects.filter(pk__in=_HIDDEN(**eyes.values)).order_by()


def projects_visible_to(actor: Account) -> QuerySet[Project]:
    """All for managers, HR, auditors, administrators and systems; otherwise one's team's, own, shared and read projects.

    A secret project is seen by its owner, its named readers and auditors alone. Written with subqueries, so that the set
    can be locked, counted and annotated.
    """
    return Project.objects.filter(Eyes.of(actor).see("pk"))


def person_sees(person: Person, project: Project) -> bool:
    """Whether somebody sees a project as the person he is, whatever the role of his account."""
    eyes = Eyes(Role.OFFICER, person.pk, timezone.localdate())
    return Project.objects.filter(eyes.see("pk"), pk=project.pk).exists()


def masked_companies(actor: Account) -> QuerySet[Company]:
    """Companies known only through secret projects that the account may not open."""
    hidden = hidden_from(actor).values("company")
    return Company.objects.filter(pk__in=hidden).exclude(
        pk__in=projects_visible_to(actor).filter(company__in=hidden).values("company")
    )


def shown_names(actor: Account, projects: Iterable[Project | None]) -> dict[int, str]:
    """What each project is called for this account: its name, or the code name of one it may not open."""
    rows = {project.pk: project for project in projects if project is not None}
    secret = [pk for pk, project in rows.items() if project.is_secret]
    hidden = set(hidden_from(actor).filter(pk__in=secret).values_list("pk", flat=True)) if secret else set()
    return {
        pk: _("保密项目「%(code)s」") % {"code": project.code_name} if pk in hidden else project.name
        for pk, project in rows.items()
    }


def accounts_that_see(project: Project, accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Those of the accounts who may be told of the project by name."""
    if not project.is_secret:
        return accounts
    today = timezone.localdate()
    rows = ProjectSight.objects.filter(project=project, seen_from__lte=today, seen_until__gt=today)
    return accounts.filter(Q(person__in=rows.values("viewer")) | Q(role=Role.AUDITOR))


def can_set_secrecy(actor: Account) -> bool:
    """Managers say that a project is secret, and name its readers."""
    return actor.is_role(Role.MANAGER)


def reads_view_log(actor: Account, project: Project) -> bool:
    """The owner and auditors read who opened a secret project."""
    return actor.is_role(Role.AUDITOR) or (
        actor.person_id is not None and project.owner_id == actor.person_id
    )


def views_visible_to(actor: Account, project: Project) -> QuerySet[ProjectView]:
    """The view log of a project, for its owner and for auditors."""
    views = ProjectView.objects.filter(project=project)
    return views if reads_view_log(actor, project) else views.none()


def bulk_changes_visible_to(actor: Account) -> QuerySet[BulkChange]:
    """One's own bulk changes."""
    return BulkChange.objects.filter(made_by=actor)
