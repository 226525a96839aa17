"""Accounts and keys, for administrators. A password or a key is drawn once, in the reply that made it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.web.formats import NOTHING, day, moment
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import accounts_visible_to, invitations_visible_to, tokens_visible_to
from staff.filters.account import AccountFilter
from staff.forms.account import AccountForm, ReasonForm, RoleForm, TokenForm
from staff.models import Account, Role
from staff.views.permits import for_administrators


def state_of(account: Account) -> str:
    """What an administrator wants to know about a log-in."""
    if not account.is_active:
        return _("已停用")
    if not account.has_usable_password():
        return _("未开通")
    return _("须改密码") if account.must_change_password else _("启用")


ACCOUNT_COLUMNS = (
    Column("username", gettext_lazy("登录名"), lambda account: account.username, sort="username"),
    Column("display_name", gettext_lazy("姓名"), lambda account: account.display_name, sort="display_name"),
    Column("role", gettext_lazy("角色"), lambda account: account.get_role_display(), sort="role"),
    Column("state", gettext_lazy("状态"), state_of, sort="is_active"),
    Column(
        "last_login",
        gettext_lazy("最近登录"),
        lambda account: moment(account.last_login),
        "last_login",
        "end",
    ),
    Column(
        "created_at",
        gettext_lazy("开通"),
        lambda account: day(account.created_at),
        sort="created_at",
        align="end",
    ),
)


@require_GET
@for_administrators
def account_list(request: SignedInRequest) -> HttpResponse:
    """All log-ins."""
    listing = ListPage(
        request=request,
        queryset=accounts_visible_to(request.user),
        layout=ACCOUNT_COLUMNS,
        row_url=lambda account: reverse("staff:account", args=[account.pk]),
        default_sort="username",
        filterset=AccountFilter,
        url_name="staff:accounts",
        empty={"title": _("还没有账号"), "text": _("开通账号后在这里管理。")},
    )
    return list_page(request, "staff/accounts.html", listing, {"title": _("账号")})


@never_cache
@require_http_methods(["GET", "POST"])
@for_administrators
def account_new(request: SignedInRequest) -> HttpResponse:
    """Open a log-in; the link of its invitation, or its first password, is on the page that answers."""
    form = AccountForm(request.POST or None, actor=request.user, initial={"by_invitation": True})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create_account(actor=request.user, **form.cleaned_data))
        if made is not None and made[1]:
            return account_page(request, made[0], secret=made[1])
        if made is not None:
            _invitation, key = actions.invite_account(actor=request.user, account=made[0])
            return account_page(request, made[0], invitation=invitation_address(request, key))
    context = {"form": form, "title": _("开通账号"), "back_url": reverse("staff:accounts")}
    return page(request, "staff/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@for_administrators
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    """One log-in: its role, its keys, and how it is closed. A POST gives it another role."""
    found = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        changed = attempt(form, lambda: actions.change_account(actor=request.user, account=found, role=role))
        if changed is not None:
            return done(request, request.path, _("角色已修改。"))
    return account_page(request, found, form=form)


@never_cache
@require_POST
@for_administrators
def account_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a new first password, drawn once."""
    found = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    opened, secret = actions.reset_password(actor=request.user, account=found)
    return account_page(request, opened, secret=secret)


@require_http_methods(["GET", "POST"])
@for_administrators
def account_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a log-in, with a reason."""
    found = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    back = reverse("staff:account", args=[pk])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        closed = attempt(
            form, lambda: actions.deactivate_account(actor=request.user, account=found, reason=reason)
        )
        if closed is not None:
            return done(request, back, _("账号已停用，登录和令牌立即失效。"))
    context = {
        "form": form,
        "title": _("停用账号：%(name)s") % {"name": found.display_name},
        "back_url": back,
    }
    return page(request, "staff/form.html", context, fragment="panel", status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_administrators
def account_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a closed log-in in again, with a reason."""
    found = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    back = reverse("staff:account", args=[pk])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        opened = attempt(
            form, lambda: actions.reopen_account(actor=request.user, account=found, reason=reason)
        )
        if opened is not None:
            return done(request, back, _("账号已重新启用，原密码仍然有效。"))
    title = _("重新启用账号：%(name)s") % {"name": found.display_name}
    context = {"form": form, "title": title, "back_url": back}
    return page(request, "staff/form.html", context, fragment="panel", status=422 if form.errors else 200)


def invitation_address(request: HttpRequest, key: str) -> str:
    """The whole address that an invited person opens."""
    return request.build_absolute_uri(reverse("invitation", args=[key]))


def account_page(
    request: SignedInRequest,
    found: Account,
    *,
    secret: str = "",
    invitation: str = "",
    form: RoleForm | None = None,
) -> HttpResponse:
    """The page of a log-in, perhaps with a password or the link of an invitation that is never shown again."""
    context = {
        "account": found,
        "state": state_of(found),
        "last_login": moment(found.last_login) if found.last_login else NOTHING,
        "secret": secret,
        "invitation": invitation,
        "sent": invitations_visible_to(request.user).filter(account=found).first(),
        "may_invite": found.is_active and found.last_login is None and found.role != Role.API_CLIENT,
        "form": form or RoleForm(initial={"role": found.role}),
        "tokens": tokens_visible_to(request.user).filter(account=found),
        "is_own": found.pk == request.user.pk,
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "staff/account.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@for_administrators
def tokens(request: SignedInRequest) -> HttpResponse:
    """All keys, and a form for a new one; the key itself is drawn once, in the reply."""
    accounts = accounts_visible_to(request.user).filter(is_active=True).order_by("role", "username")
    form = TokenForm(request.POST or None, accounts=accounts, initial={"account": request.GET.get("account")})
    secret, name = "", ""
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.issue_token(actor=request.user, **form.values()))
        if made is not None:
            secret, name = made[1], made[0].name
            form = TokenForm(accounts=accounts)
    listed = tokens_visible_to(request.user).select_related("account")[:200]
    context = {"form": form, "tokens": listed, "secret": secret, "token_name": name}
    return page(request, "staff/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a key at once."""
    token = get_object_or_404(tokens_visible_to(request.user), pk=pk)
    actions.revoke_token(actor=request.user, token=token)
    return done(request, reverse("staff:tokens"), _("令牌“%(name)s”已停用。") % {"name": token.name})
