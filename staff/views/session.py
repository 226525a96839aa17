"""Signing in and out. Five wrong passwords for one name from one address close the door for five minutes."""

import hashlib
import logging

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from redis.exceptions import RedisError

from staff import actions
from staff.forms.session import SignInForm
from staff.models import Account

FAILURES_ALLOWED = 5
LOCKED_SECONDS = 300
logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; who is signed in already goes on to where they wanted."""
    wanted = wanted_page(request)
    if request.user.is_authenticated:
        return redirect(wanted)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = checked_account(request, form)
        if account is not None:
            return signed_in(request, account, wanted)
    context = {"form": form, "next": wanted, "body_names": settings.BODY_NAMES}
    return render(request, "staff/sign_in.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the next person at this machine sees nothing of it."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def checked_account(request: HttpRequest, form: SignInForm) -> Account | None:
    """The account, or None with the reason in the form. The sentence is the same for a wrong name and a wrong password."""
    username = form.cleaned_data["username"].strip().lower()
    key = lock_key(username, request.META.get("REMOTE_ADDR", ""))
    if failures(key) >= FAILURES_ALLOWED:
        form.add_error(None, _("连续 5 次没有登录成功，请 5 分钟后再试，或联系系统管理员重置密码。"))
        return None
    account = authenticate(request, username=username, password=form.cleaned_data["password"])
    if isinstance(account, Account):
        forget(key)
        return account
    left = FAILURES_ALLOWED - count_failure(key)
    if left > 0:
        sentence = _("登录名或密码不对，没有登录。请核对大小写后重试，还可以试 %(left)s 次。") % {
            "left": left
        }
    else:
        sentence = _("登录名或密码不对，已连续 5 次。请 5 分钟后再试，或联系系统管理员重置密码。")
    form.add_error(None, sentence)
    return None


def signed_in(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    """Start the session in the account's language; a first password must be changed before anything else."""
    login(request, account)
    actions.sign_in(actor=account, address=request.META.get("REMOTE_ADDR", ""))
    if account.must_change_password:
        response = redirect(f"{reverse('password')}?first=1")
    else:
        response = redirect(wanted)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, account.language)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """Let this browser show the language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", httponly=True
    )


def wanted_page(request: HttpRequest) -> str:
    """Where to go afterwards: the page asked for, if it is one of ours, else the workbench."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)


def lock_key(username: str, address: str) -> str:
    """The cache key of a name at an address."""
    return f"sign-in:{hashlib.sha256(f'{username}|{address}'.encode()).hexdigest()}"


def failures(key: str) -> int:
    """How many failures are remembered; a cache that is away remembers none, so that people can still work."""
    try:
        return int(cache.get(key, 0))
    except RedisError as error:
        logger.warning("sign-in failures cannot be read: %s", error)
        return 0


def count_failure(key: str) -> int:
    """One more failure; the five minutes run from the last one."""
    try:
        cache.add(key, 0, LOCKED_SECONDS)
        count = cache.incr(key)
        cache.touch(key, LOCKED_SECONDS)
    except (RedisError, ValueError) as error:
        logger.warning("a sign-in failure cannot be counted: %s", error)
        return 1
    return count


def forget(key: str) -> None:
    """A success wipes the failures."""
    try:
        cache.delete(key)
    except RedisError as error:
        logger.warning("sign-in failures cannot be wiped: %s", error)
