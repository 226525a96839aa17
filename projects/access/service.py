"""Who sees and works service plans, and who keeps the templates behind them."""

from django.db.models import QuerySet

from projects.access import projects_visible_to
from projects.models import PlanTemplate, ServiceTask
from staff.models import Account, Role


def tasks_visible_to(actor: Account) -> QuerySet[ServiceTask]:
    """The service tasks of the projects one sees."""
    return ServiceTask.objects.filter(plan__project__in=projects_visible_to(actor).values("pk"))


def templates_visible_to(actor: Account) -> QuerySet[PlanTemplate]:
    """Everybody of the house reads what a stage brings; another system too."""
    return PlanTemplate.objects.all() if actor.is_active else PlanTemplate.objects.none()


def can_keep_templates(actor: Account) -> bool:
    """Managers keep the templates of service plans."""
    return actor.is_role(Role.MANAGER)


def oversees_key_projects(actor: Account) -> bool:
    """Who reads the page of key projects that lack one of the four: those who decide, those who lead and those who audit."""
    return actor.is_role(Role.MANAGER, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR)
