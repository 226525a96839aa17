"""谁能看到这个项目，为什么: everybody who sees a project, with every reason."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.access import SEES_ALL
from projects.models import CreditRole, CreditShare, Project, ProjectReader
from staff.access import in_force
from staff.models import Account, Appointment, Person, Role


@dataclass(frozen=True)
class Viewer:
    """Somebody who sees the project: a person or a role, the reasons, and until when (None: without end)."""

    name: str
    reasons: tuple[str, ...]
    until: date | None = None


def readers_of(project: Project) -> QuerySet[ProjectReader]:
    """The named readers in force today, the latest first."""
    today = timezone.localdate()
    rows = project.readers.filter(Q(reads_until=None) | Q(reads_until__gt=today), reads_from__lte=today)
    return rows.select_related("person", "granted_by")


def viewers_of(project: Project) -> list[Viewer]:
    """Roles first, then people; the same rule as `access.projects_visible_to`, told the other way round."""
    reasons: dict[Person, list[str]] = {project.owner: [_("服务专员")]}
    until: dict[Person, date | None] = {}
    for reader in readers_of(project):
        reasons.setdefault(reader.person, []).append(_("指定查看人：%(reason)s") % {"reason": reader.reason})
        until[reader.person] = reader.reads_until
    if not project.is_secret:
        _add_team_and_shares(project, reasons)
    people = [
        Viewer(person.name, tuple(words), until.get(person) if len(words) == 1 else None)
        for person, words in reasons.items()
    ]
    return [*_roles(project), *people]


def _add_team_and_shares(project: Project, reasons: dict[Person, list[str]]) -> None:
    shares = CreditShare.objects.filter(project=project, holds_until=None).select_related("person")
    for share in shares:
        word = _("业绩份额：%(role)s") % {"role": CreditRole(share.role).label}
        reasons.setdefault(share.person, []).append(word)
    teams = Q(team=project.team_id) | Q(team__in=_above(project))
    posts = Appointment.objects.filter(teams, in_force()).select_related("person", "team")
    for post in posts.order_by("-is_leader", "person__pinyin"):
        word = _("%(team)s队长") if post.is_leader else _("%(team)s成员")
        reasons.setdefault(post.person, []).append(word % {"team": post.team.name})


def _above(project: Project) -> list[int]:
    return [project.team.parent_id] if project.team.parent_id else []


def _roles(project: Project) -> list[Viewer]:
    """Who sees it by office."""
    roles = [Role.AUDITOR] if project.is_secret else list(SEES_ALL)
    word = _("按角色，每次查看留痕") if project.is_secret else _("按角色，可看全部项目")
    held = dict.fromkeys(
        Account.objects.filter(role__in=roles, is_active=True).order_by().values_list("role", flat=True)
    )
    return [Viewer(str(role.label), (word,)) for role in roles if role in held]
