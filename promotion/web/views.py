"""Pages of the frame: search, notices, the audit trail, the component page, health, errors."""

import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from promotion import access, actions
from promotion.action import VERBS
from promotion.models import NoticeKind
from promotion.web.examples import examples
from promotion.web.pages import done, page
from promotion.web.search import find


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits for what was typed: a fragment under the search box, or a page of its own."""
    text = request.GET.get("q", "")[:80]
    groups = find(request.user, text)
    return page(request, "promotion/search.html", {"text": text, "groups": groups}, fragment="hits")


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The account's notices, newest first, by day; `kind` and `unread` narrow them."""
    own = access.notices_visible_to(request.user)
    unread = dict(own.filter(read_at=None).order_by().values_list("kind").annotate(Count("pk")))
    kind = request.GET.get("kind", "")
    if kind not in NoticeKind.values:
        kind = ""
    listed = own.filter(kind=kind) if kind else own
    if "unread" in request.GET:
        listed = listed.filter(read_at=None)
    base = reverse("notices")
    tabs = [
        {
            "label": label,
            "url": f"{base}?kind={key}" if key else base,
            "active": key == kind,
            "count": (unread.get(key) if key else sum(unread.values())) or None,
        }
        for key, label in [("", _("全部")), *NoticeKind.choices]
    ]
    context = {
        "page": Paginator(listed, 50).get_page(request.GET.get("page")),
        "tabs": tabs,
        "kind": kind,
        "only_unread": "unread" in request.GET,
        "unread_here": unread.get(kind, 0) if kind else sum(unread.values()),
    }
    return page(request, "promotion/notices.html", context)


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about; that is having read it."""
    notice = get_object_or_404(access.notices_visible_to(request.user), pk=pk)
    actions.read_notices(actor=request.user, pk=pk)
    safe = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, request.is_secure())
    return redirect(notice.url if safe and notice.url else reverse("notices"))


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    actions.read_notices(actor=request.user, kind=kind)
    return done(request, f"{reverse('notices')}?kind={kind}" if kind else reverse("notices"))


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The audit trail as far as this account may read it."""
    entries = access.audit_entries_visible_to(request.user)
    if target := request.GET.get("target"):
        kind, _separator, pk = target.partition(":")
        entries = entries.filter(target_type=kind, target_id=pk)
    if verb := request.GET.get("verb"):
        entries = entries.filter(verb=verb)
    listed = Paginator(entries, 50).get_page(request.GET.get("page"))
    veil = import_string(settings.AUDIT_VEIL)(request.user, listed.object_list)
    for entry in listed.object_list:
        if entry.pk in veil:
            entry.target_label, entry.reason, entry.detail = veil[entry.pk], "", {}
        entry.verb_label = VERBS.get(entry.verb, entry.verb)  # type: ignore[attr-defined]
    verbs = sorted(((key, str(label)) for key, label in VERBS.items()), key=lambda pair: pair[1])
    return page(request, "promotion/audit.html", {"page": listed, "verbs": verbs, "verb": verb or ""})


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component once, for those who build pages."""
    return page(
        request, "promotion/components.html", examples(), fragment="panel" if "panel" in request.GET else ""
    )


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the interface language for this browser."""
    chosen = request.POST.get("language", "")
    response = redirect(_back(request))
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax", httponly=True
        )
    return response


@login_not_required
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether the servers behind the page answer: 200 when all do, 503 otherwise."""
    parts = {"database": _database_answers(), "cache": _cache_answers()}
    told = {name: _told(path) for name, path in settings.HEALTH_NOTES.items()} if parts["database"] else {}
    body = {"ok": all(parts.values()), **parts, **told}
    return JsonResponse(body, status=200 if all(parts.values()) else 503)


def _told(path: str) -> str:
    """One word of an app on its own state; the product serves also when it is no good one."""
    try:
        return str(import_string(path)())
    except DatabaseError:
        return "unknown"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.set("health", 1, 5)
        return cache.get("health") == 1
    except Exception:  # noqa: BLE001 each client library has errors of its own, and all mean the same here
        return False


def _back(request: HttpRequest) -> str:
    """The page the request came from, if it is one of ours."""
    wanted = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return "/"


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(
        request,
        "errors/403.html",
        {"sentence": _("页面停留太久，安全校验已过期。请返回刷新后再提交。")},
        status=403,
    )


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    return render(request, "errors/400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    return render(request, "errors/403.html", {}, status=403)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return render(request, "errors/404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort. A database that restarts is no fault of ours: 503 with a retry time, and then a new connection.

    Asked here, because only here errors of middleware (the session's first of all) arrive as well as those of views.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _database_away(request)
    return render(request, "errors/500.html", {}, status=500)


def _database_away(request: HttpRequest) -> HttpResponse:
    connection.close()
    sentence = _("数据库正在重启，您的操作没有写入。请几秒后重试。")
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse(
            {"code": "unavailable", "message": sentence, "fields": {}}, status=503
        )
    else:
        response = HttpResponse(render_to_string("errors/503.html", {"sentence": sentence}), status=503)
    response["Retry-After"] = "3"
    return response
