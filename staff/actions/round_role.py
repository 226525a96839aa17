"""What a round does to log-ins on its day: who begins a post works as what it is, who only lost one looks in as staff."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import notify
from promotion.web.formats import day
from staff.models import Account, Competition, CompetitionState, Role
from staff.queries.placement import losing_accounts, placements_of

# Roles that are no more than a post; the others are kept, whatever a round does.
OF_A_POST = (Role.STAFF, Role.OFFICER, Role.LEADER)


@action("competition.settle-roles", gettext_lazy("按聘任调整角色"))
def settle_due_roles(*, actor: Account | None, today: date) -> int:
    """Settle the roles of the rounds whose day of appointment has come; gives how many log-ins changed."""
    due = Competition.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=CompetitionState.APPOINTED, roles_settled=False, appoint_on__lte=today
    )
    with translation.override(settings.LANGUAGE_CODE):
        return sum(settle_roles(actor, each) for each in due.order_by("pk"))


def settle_roles(actor: Account | None, competition: Competition) -> int:
    """Give each log-in the role of its post, once a round, within the caller's action; gives how many changed."""
    changed = 0
    for placement in placements_of(competition).select_related("application__person__account"):
        account = getattr(placement.application.person, "account", None)
        role = Role.LEADER if placement.post.leads else Role.OFFICER
        if account is not None and account.role in OF_A_POST:
            changed += _give(actor, competition, account, role)
    for account in losing_accounts(competition).select_for_update(of=("self",)):
        changed += _give(actor, competition, account, Role.STAFF)
        notify(
            recipients=[account],
            text=_("“%(name)s”：您的岗位自 %(day)s 起结束，登录角色改为机关工作人员；有疑问请联系人事。")
            % {"name": competition.name, "day": day(competition.appoint_on)},
            url=reverse("staff:competition", args=[competition.public_id]),
        )
    competition.roles_settled = True
    competition.save(update_fields=["roles_settled"])
    return changed


def _give(actor: Account | None, competition: Competition, account: Account, role: Role) -> int:
    if account.role == role:
        return 0
    before, account.role = account.role, role
    account.save(update_fields=["role"])
    detail = {"role": [before, role.value], "competition": competition.number}
    record(actor=actor, verb="account.change", target=account, reason=competition.name, detail=detail)
    return 1
