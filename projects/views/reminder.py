"""A person's reminders and calendar: settings, the secret address, and the calendar itself."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.actions.calendar_feed import note_reading, renew_calendar_feed, revoke_calendar_feed
from projects.actions.reminder import set_reminders
from projects.exports.calendar import live_feed, personal_calendar
from projects.forms.reminder import ReminderForm
from projects.models import CalendarFeed, ReminderSetting
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

READS_AN_HOUR = 60
GUESSES_A_MINUTE = 20


@require_http_methods(["GET", "POST"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """How to be reminded; and the address for the calendar of the phone."""
    setting = ReminderSetting.objects.filter(account=request.user).first() or ReminderSetting()
    form = ReminderForm.of(setting, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(form, lambda: set_reminders(actor=request.user, **values)):
            return done(request, reverse("projects:reminders"), _("提醒设置已保存。"))
    return _settings_page(request, form)


def _settings_page(request: SignedInRequest, form: ReminderForm, token: str = "") -> HttpResponse:
    path = reverse("projects:calendar-feed", args=[token]) if token else ""
    address = request.build_absolute_uri(path) if token else ""
    context = {
        "form": form,
        "feed": CalendarFeed.objects.filter(account=request.user, revoked_at=None).first(),
        "address": address,
        "subscribe": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "mails": bool(settings.EMAIL_HOST),
    }
    response = page(request, "projects/reminders.html", context, status=422 if form.errors else 200)
    if token:
        response["Cache-Control"] = "no-store"
    return response


@require_POST
def calendar_renew(request: SignedInRequest) -> HttpResponse:
    """A new address, shown this once; the old one stops."""
    _feed, token = renew_calendar_feed(actor=request.user)
    setting = ReminderSetting.objects.filter(account=request.user).first() or ReminderSetting()
    return _settings_page(request, ReminderForm.of(setting), token)


@require_POST
def calendar_revoke(request: SignedInRequest) -> HttpResponse:
    """No calendar any more."""
    revoke_calendar_feed(actor=request.user)
    return done(request, reverse("projects:reminders"), _("日历地址已停用。"))


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address: 404 for a wrong or stopped one, 304 when nothing changed, 429 when hurried."""
    feed = live_feed(token)
    if feed is None:
        if _hurried(f"calendar-guess:{request.META.get('REMOTE_ADDR', '')}", GUESSES_A_MINUTE, 60):
            return _slower()
        raise Http404
    if _hurried(f"calendar-read:{feed.pk}", READS_AN_HOUR, 3600):
        return _slower()
    note_reading(feed)
    with translation.override(feed.account.language):
        content = personal_calendar(feed.account, timezone.localdate())
    tag = quote_etag(f"{feed.prefix}-{hash_of(content)}")
    fresh = tag in parse_etags(request.headers.get("If-None-Match", ""))
    response = (
        HttpResponse(status=304)
        if fresh
        else HttpResponse(content, content_type="text/calendar; charset=utf-8")
    )
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    if not fresh:
        response["Content-Disposition"] = 'inline; filename="zhaoshang.ics"'
    return response


def hash_of(content: bytes) -> str:
    """A short digest of the calendar."""
    return hashlib.sha256(content).hexdigest()[:32]


def _hurried(key: str, most: int, seconds: int) -> bool:
    """Whether this has come more often than allowed; counts it."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key)) > most
    except ValueError:
        return False


def _slower() -> HttpResponse:
    return HttpResponse(_("读取太频繁，请稍后再试。"), status=429, headers={"Retry-After": "600"})
