"""The page of a one-time link: no account, one question of one project, one answer."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import actions
from projects.actions.opinion_link import give_opinion_by_link
from projects.forms.answer_link import LinkAnswerForm, LinkOpinionForm, link_conditions
from projects.models import AnswerLink, LinkPurpose
from projects.queries.blocker import link_by_key
from promotion.web.pages import attempt
from promotion.web.throttle import too_many_tries
from staff.models import key_hash


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Show the question and take the answer; a wrong key is 404, a spent, void or expired one says so with 410."""
    address = request.META.get("REMOTE_ADDR", "")
    if too_many_tries("answer-link", address):
        return _page(request, {"problem": _("尝试太频繁，请 5 分钟后再打开。")}, 429)
    link = link_by_key(key_hash(key))
    if link is None:
        return _page(
            request, {"problem": _("链接不完整或不存在。请从收到的消息里重新打开，或向项目专员索取。")}, 404
        )
    if not link.is_live():
        return _page(request, {"link": link, "problem": _why_not(link)}, 410)
    if request.method == "GET":
        actions.open_link(actor=None, link=link, address=address)
    take = _take_opinion if link.purpose == LinkPurpose.OPINION else _take_answer
    return take(request, link, address)


def _take_answer(request: HttpRequest, link: AnswerLink, address: str) -> HttpResponse:
    """The answer about a blocker."""
    form = LinkAnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answered = attempt(
            form,
            lambda: actions.answer_by_link(actor=None, link=link, address=address, **form.cleaned_data),
        )
        if answered is not None:
            return _page(request, {"link": link, "answered": answered}, 200)
    return _page(request, {"link": link, "form": form}, 422 if form.errors else 200)


def _take_opinion(request: HttpRequest, link: AnswerLink, address: str) -> HttpResponse:
    """The opinion in a joint review, with its conditions."""
    form = LinkOpinionForm(request.POST or None, request.FILES or None)
    lines = link_conditions(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        given = {**form.cleaned_data, "conditions": lines.conditions(), "address": address}
        kept = attempt(form, lambda: give_opinion_by_link(actor=None, link=link, **given))
        if kept is not None:
            return _page(request, {"link": link, "opinion": kept}, 200)
    wrong = bool(form.errors) or (lines.is_bound and bool(lines.total_error_count()))
    return _page(request, {"link": link, "form": form, "lines": lines}, 422 if wrong else 200)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(
        request, "projects/answer.html", {**context, "body_names": settings.BODY_NAMES}, status=status
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _why_not(link: AnswerLink) -> str:
    words = {"name": link.issued_by.display_name}
    if link.used_at is not None:
        return _("这个链接已经答复过，答复已送达。需要补充请联系项目专员%(name)s。") % words
    if link.revoked_at is not None:
        return _("这个链接已作废，不用再答复。有疑问请联系项目专员%(name)s。") % words
    return _("这个链接已过期。请向项目专员%(name)s索取新的链接。") % words
