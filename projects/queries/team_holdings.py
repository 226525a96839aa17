"""What keeps a team from being closed: the projects in its custody."""

from django.utils.translation import gettext as _

from projects.models import Project
from projects.workflow import Status
from staff.models import Team


def projects_of_team(team: Team) -> str:
    """The projects that the team answers for and that are not lost, in words; empty when there are none. No names: some are secret."""
    held = Project.objects.filter(team=team).exclude(status=Status.LOST).order_by("code")
    codes = list(held.values_list("code", flat=True)[:6])
    if not codes:
        return ""
    count = held.count()
    words = {"count": count, "codes": "、".join(codes) + ("…" if count > len(codes) else "")}
    return _("还有 %(count)s 个在管项目（%(codes)s）") % words
