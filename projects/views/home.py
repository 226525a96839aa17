"""The workbench, and the page of everything there is to do."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.access import can_log_leads
from projects.queries.home import MOST, TodoGroup, lately, stage_shares, todo_groups
from promotion.web.pages import is_fragment, page
from promotion.web.requests import SignedInRequest
from staff.models import Role

SHOWN = 8


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """What to do now, then the projects, then what happened."""
    groups = todo_groups(request.user)
    shares = stage_shares(request.user)
    titles = {Role.OFFICER: _("我的项目"), Role.LEADER: _("本队项目")}
    context = {
        "groups": [(group, group.todos[:SHOWN], group.todos[SHOWN:]) for group in groups],
        "todo_count": _pressing(groups),
        "shares": shares,
        "project_count": sum(share.count for share in shares),
        "project_amount": sum(share.amount for share in shares),
        "projects_title": titles.get(request.user.role, _("全部项目")),
        "events": lately(request.user),
        "can_log": can_log_leads(request.user),
        "decides": request.user.is_role(Role.MANAGER),
    }
    return page(request, "projects/home.html", context)


@require_GET
def todos(request: SignedInRequest) -> HttpResponse:
    """Everything there is to do, or one `group` of it; the workbench asks for what it folds away when it is opened."""
    key = request.GET.get("group", "")
    groups = [group for group in todo_groups(request.user) if key in ("", group.key)]
    if is_fragment(request):
        groups = [TodoGroup(group.key, "", group.todos[SHOWN:]) for group in groups]
    context = {"groups": groups, "todo_count": _pressing(groups), "narrowed": key}
    return page(request, "projects/todos.html", context, fragment="rest")


def _pressing(groups: Sequence[TodoGroup]) -> int | str:
    """How many things are for today or overdue."""
    pressing = sum(len(group.todos) for group in groups if group.key != "week")
    return pressing if pressing < MOST else f"{MOST}+"
