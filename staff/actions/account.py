"""Log-ins: made, changed and closed by administrators; the password and the language by their owner."""

import re
import secrets

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.identifiers import ALPHABET
from staff.access import accounts_visible_to, can_manage_accounts
from staff.actions.delegation import end_lent_work
from staff.models import Account, Person, Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


def first_password() -> str:
    """Sixteen characters without look-alikes, in fours, to be read out over the telephone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(4))


@action("account.create", gettext_lazy("开通账号"))
def create_account(
    *,
    actor: Account,
    username: str,
    role: str,
    display_name: str = "",
    person: Person | None = None,
    email: str = "",
    password: str | None = None,
    by_invitation: bool = False,
) -> tuple[Account, str]:
    """Open a log-in; gives it with its first password, which is shown once and must be changed at the first sign-in.

    `by_invitation` gives no password: nobody can sign in until the owner has used an invitation.

    Raises Refused for a name that cannot be one, Conflict when the name or the person already has an account.
    """
    _need_administrator(actor)
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        sentence = _("登录名须为 3 至 40 个小写字母、数字、点、横线或下划线，并以字母或数字开头。")
        raise Refused(sentence, fields={"username": sentence})
    display_name = display_name.strip() or (person.name if person else "")
    if not display_name:
        raise Refused(
            _("请填写姓名，或选择一位人员。"), fields={"display_name": _("请填写姓名，或选择一位人员。")}
        )
    if Account.objects.filter(username=username).exists():
        sentence = _("登录名“%(name)s”已被使用，请换一个。") % {"name": username}
        raise Conflict(sentence, fields={"username": sentence})
    if person is not None and Account.objects.filter(person=person).exists():
        sentence = _("%(name)s 已有账号，请在账号列表中查找。") % {"name": person.name}
        raise Conflict(sentence, fields={"person": sentence})
    given = "" if by_invitation and role != Role.API_CLIENT else password or first_password()
    account = Account.objects.create_user(
        username,
        given or None,
        role=Role(role),
        display_name=display_name,
        person=person,
        email=email,
        must_change_password=bool(given) and password is None,
    )
    record(
        actor=actor,
        verb="account.create",
        target=account,
        detail={"username": username, "role": account.role},
    )
    return account, given


@action("account.change", gettext_lazy("修改账号"))
def change_account(*, actor: Account, account: Account, role: str) -> Account:
    """Give a log-in another role. Nobody changes the own one: the last administrator could lock the house."""
    account = _locked(actor, account)
    if account.pk == actor.pk:
        raise Refused(
            _("不能修改自己的角色，请另一位系统管理员办理。"), fields={"role": _("不能修改自己的角色。")}
        )
    before, account.role = account.role, Role(role)
    account.save(update_fields=["role"])
    record(actor=actor, verb="account.change", target=account, detail={"role": [before, account.role]})
    return account


@action("account.deactivate", gettext_lazy("停用账号"))
def deactivate_account(*, actor: Account, account: Account, reason: str) -> Account:
    """Close a log-in: its sessions, its tokens and what it lends or was lent stop working at once, what it did stays."""
    account = _locked(actor, account)
    if account.pk == actor.pk:
        raise Refused(_("不能停用自己的账号，请另一位系统管理员办理。"))
    if not account.is_active:
        raise Refused(_("这个账号已经停用。"))
    if not reason.strip():
        raise Refused(_("请写明停用的理由。"), fields={"reason": _("请写明停用的理由。")})
    account.is_active = False
    account.save(update_fields=["is_active"])
    ended = end_lent_work(account.person, timezone.localdate(), by=actor) if account.person else 0
    detail = {"delegations_ended": ended} if ended else {}
    record(actor=actor, verb="account.deactivate", target=account, reason=reason.strip(), detail=detail)
    return account


@action("account.reopen", gettext_lazy("重新启用账号"))
def reopen_account(*, actor: Account, account: Account, reason: str) -> Account:
    """Let a closed log-in in again, with its old password, its views, notices and tokens that have not expired.

    Raises Refused when it is open, or without a reason.
    """
    account = _locked(actor, account)
    if account.is_active:
        raise Refused(_("这个账号没有停用。"))
    if not reason.strip():
        raise Refused(_("请写明重新启用的理由。"), fields={"reason": _("请写明重新启用的理由。")})
    account.is_active = True
    account.save(update_fields=["is_active"])
    record(actor=actor, verb="account.reopen", target=account, reason=reason.strip())
    return account


@action("account.reset-password", gettext_lazy("重置密码"))
def reset_password(*, actor: Account, account: Account) -> tuple[Account, str]:
    """Give a log-in a new first password, shown once; also how an imported or closed account is opened."""
    account = _locked(actor, account)
    given = first_password()
    account.set_password(given)
    account.is_active, account.must_change_password = True, True
    account.save(update_fields=["password", "is_active", "must_change_password"])
    record(actor=actor, verb="account.reset-password", target=account)
    return account, given


@action("account.change-password", gettext_lazy("修改密码"))
def change_password(*, actor: Account, present: str, new: str) -> Account:
    """Set the own password. Raises Refused when the present one is wrong or the new one is weak or the same."""
    account = Account.objects.select_for_update().get(pk=actor.pk)
    if not account.check_password(present):
        raise Refused(_("现密码不对。"), fields={"present": _("现密码不对，请重新输入。")})
    if present == new:
        raise Refused(_("新密码与现密码相同。"), fields={"new": _("新密码不能与现密码相同。")})
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise Refused(_("新密码太弱。"), fields={"new": " ".join(error.messages)}) from error
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    record(actor=actor, verb="account.change-password", target=account)
    return account


@action("account.language", gettext_lazy("选择界面语言"))
def change_language(*, actor: Account, language: str) -> Account:
    """Set the own language of pages and messages."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("没有这种语言。"), fields={"language": _("请从列表中选择。")})
    actor.language = language
    actor.save(update_fields=["language"])
    record(actor=actor, verb="account.language", target=actor, detail={"language": language})
    return actor


@action("account.sign-in", gettext_lazy("登录"))
def sign_in(*, actor: Account, address: str) -> None:
    """Keep in the audit trail that a log-in was used, and from where."""
    if not actor.is_active:
        raise NotAllowed(_("这个账号已经停用，请联系系统管理员。"))
    record(actor=actor, verb="account.sign-in", target=actor, detail={"address": address})


def _need_administrator(actor: Account) -> None:
    if not can_manage_accounts(actor):
        raise NotAllowed(_("只有系统管理员可以管理账号。需要开通或停用账号，请联系系统管理员。"))


def _locked(actor: Account, account: Account) -> Account:
    found = accounts_visible_to(actor).select_for_update(of=("self",)).filter(pk=account.pk).first()
    if found is None:
        raise NotFound(_("没有这个账号。"))
    _need_administrator(actor)
    return found
