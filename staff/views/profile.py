"""A person's own page: who, in which team, language, password, keys."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff import actions
from staff.access import tokens_visible_to
from staff.forms.session import LanguageForm, PasswordForm
from staff.queries import appointments_of
from staff.views.session import keep_language


@require_GET
def profile(request: SignedInRequest) -> HttpResponse:
    """Name, role, team today, language, own keys."""
    account = request.user
    posts = list(appointments_of(account, account.person)) if account.person else []
    context = {
        "post": next((post for post in posts if holds_today(post)), None),
        "language_form": LanguageForm(initial={"language": translation.get_language()}),
        "tokens": tokens_visible_to(account).filter(account=account),
    }
    return page(request, "staff/profile.html", context)


@require_POST
def profile_language(request: SignedInRequest) -> HttpResponse:
    """Set the language of the account and of this browser."""
    form = LanguageForm(request.POST)
    language = form.data.get("language", "")
    actions.change_language(actor=request.user, language=language)
    with translation.override(language):
        response = done(request, reverse("profile"), _("界面语言已保存。"))
    keep_language(response, language)
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    """Change the own password; this session stays, the others end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = {"present": form.cleaned_data["present"], "new": form.cleaned_data["new"]}
        account = attempt(form, lambda: actions.change_password(actor=request.user, **typed))
        if account is not None:
            update_session_auth_hash(request, account)
            return done(request, reverse("profile"), _("密码已修改，其他设备上的登录已退出。"))
    context = {"form": form, "first": "first" in request.GET or request.user.must_change_password}
    return page(request, "staff/password.html", context, status=422 if form.errors else 200)


@require_POST
def profile_token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop one of the own keys."""
    token = get_object_or_404(tokens_visible_to(request.user).filter(account=request.user), pk=pk)
    actions.revoke_token(actor=request.user, token=token)
    return done(request, reverse("profile"), _("令牌“%(name)s”已停用。") % {"name": token.name})


def holds_today(post: object) -> bool:
    """Whether a post is in force today."""
    today = timezone.localdate()
    return post.starts_on <= today and (post.ends_on is None or post.ends_on > today)  # type: ignore[attr-defined]
