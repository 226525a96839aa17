"""Deciding: the queue, the panel of two taps, reversing."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from projects import access, actions, queries
from projects.filters.achievement import RecognitionFilter
from projects.forms.achievement import DecisionForm, ReasonForm
from projects.models import Achievement, Recognition
from projects.queries.evidence import checklist_of
from projects.views.achievement import visible_achievement
from promotion.errors import NotAllowed
from promotion.web.components import badge, link_button
from promotion.web.formats import day, exact, wan
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest


class RecognitionList(ListPage):
    """Draws hints and the way to the panel beside each row, both computed for the page at once."""

    request: SignedInRequest

    @property
    def hints(self) -> dict[int, list[queries.Hint]]:
        if not hasattr(self, "_hints"):
            seen = access.sees_hints(self.request.user)
            self._hints = queries.recognition_hints(self.page.object_list) if seen else {}
        return self._hints


@require_GET
def recognitions(request: SignedInRequest) -> HttpResponse:
    """What waits for recognition, the oldest first."""
    listing = RecognitionList(
        request=request,
        queryset=queries.listed_achievements(request.user),
        layout=[],
        row_url=queries.address_of,
        default_sort="submitted",
        filterset=RecognitionFilter,
        url_name="projects:recognitions",
        empty={"title": _("没有待认定的业绩"), "text": _("有人申报时会出现在这里，并通知分管领导。")},
    )
    listing.layout = _layout(request, listing)
    return list_page(request, "projects/recognition_list.html", listing, {"title": _("业绩认定")})


def _layout(request: SignedInRequest, listing: RecognitionList) -> list[Column]:
    return [
        Column("what", gettext_lazy("业绩"), queries.title_of),
        Column("team", gettext_lazy("团队"), lambda row: row.project.team.name if row.project else "—"),
        Column(
            "happened",
            gettext_lazy("发生"),
            lambda row: day(row.happened_on),
            align="day",
            sort="happened_on",
        ),
        Column("submitted", gettext_lazy("申报"), _submitted, sort="submitted_at"),
        Column("waits", gettext_lazy("等待"), _waiting),
        Column(
            "amount",
            gettext_lazy("申报（万元）"),
            _reported,
            sort="amount_cny",
            align="end",
        ),
        Column("evidence", gettext_lazy("佐证"), _evidence, sort="evidence_count", align="end"),
        Column("hints", gettext_lazy("认定提示"), lambda row: _hints(listing.hints.get(row.pk, []))),
        Column("decide", gettext_lazy("办理"), lambda row: _decide(request, row)),
    ]


def _submitted(row: Achievement) -> str:
    return f"{day(row.submitted_at)} {row.submitted_by.display_name}"


def _reported(row: Achievement) -> str:
    """The amount in 万元, or people, who say so themselves under a heading of money."""
    return wan(row.amount_cny) if row.people is None else _("%(people)s 人") % {"people": exact(row.people)}


def _waiting(row: Achievement) -> SafeString | str:
    if row.state != Recognition.SUBMITTED:
        return badge(row.get_state_display(), queries.STATE_TONES[Recognition(row.state)])
    days = queries.days_waiting(row)
    tone = "alarm" if days > queries.LATE_DAYS else "attention" if days > queries.SLOW_DAYS else "plain"
    return badge(_("今天") if days == 0 else _("%(days)s 天") % {"days": days}, tone)


def _evidence(row: Any) -> SafeString:
    return format_html('<a href="{}#evidence">{}</a>', queries.address_of(row), row.evidence_count)


def _hints(hints: list[queries.Hint]) -> SafeString:
    return format_html_join(
        " ",
        '<a href="{}">{}</a>',
        ((hint.url or "#", badge(hint.word, "attention", hint.sentence)) for hint in hints),
    )


def _decide(request: SignedInRequest, row: Achievement) -> SafeString | str:
    if row.state != Recognition.SUBMITTED or not access.can_recognise(request.user, row):
        return ""
    url = reverse("projects:recognition", args=[row.public_id])
    return link_button(_("认定"), f"{url}?from=queue", small=True, dialog=True)


@require_http_methods(["GET", "POST"])
def recognition(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The panel of two taps: 认定 with the amount as reported (or less), or 退回 with a reason."""
    achievement = visible_achievement(request, public_id)
    _permit(request, achievement)
    checklist = checklist_of(achievement)
    form = DecisionForm(request.POST or None, achievement=achievement, missing=checklist.missing)
    if form.is_valid() and attempt(form, lambda: _decided(request, achievement, form)) is not None:
        queue = request.GET.get("from") == "queue"
        url = reverse("projects:recognitions") if queue else queries.address_of(achievement)
        said = _("已退回，申报人会收到通知。") if form.returns else _("已认定，下次核算计入得分。")
        return done(request, url, said)
    context = {
        "achievement": achievement,
        "title": queries.title_of(achievement),
        "form": form,
        "checklist": checklist,
        "hints": queries.recognition_hints([achievement]).get(achievement.pk, []),
    }
    return page(
        request,
        "projects/recognition_form.html",
        context,
        fragment="panel",
        status=422 if form.errors else 200,
    )


def _permit(request: SignedInRequest, achievement: Achievement) -> None:
    """The page is not even shown to those who cannot decide; the action asks again."""
    if not access.can_recognise(request.user, achievement):
        raise NotAllowed(_("业绩由分管领导认定，申报人不能认定自己的申报；您可以查看，但不能作决定。"))


def _decided(request: SignedInRequest, achievement: Achievement, form: DecisionForm) -> Achievement:
    given = form.cleaned_data
    if form.returns:
        return actions.return_achievement(
            actor=request.user, achievement=achievement, reason=given["note"], seen=given["version"]
        )
    return actions.recognise_achievement(
        actor=request.user,
        achievement=achievement,
        recognised_amount=given.get("recognised_amount"),
        recognised_people=given.get("recognised_people"),
        note=given["note"],
        exception_reason=given.get("exception_reason", ""),
        seen=given["version"],
    )


@require_http_methods(["GET", "POST"])
def achievement_reverse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take back a recognition, with the reason."""
    achievement = visible_achievement(request, public_id)
    _permit(request, achievement)
    form = ReasonForm(request.POST or None, initial={"version": achievement.version})
    if form.is_valid():
        given = form.cleaned_data
        reversed_one = attempt(
            form,
            lambda: actions.reverse_achievement(
                actor=request.user, achievement=achievement, reason=given["reason"], seen=given["version"]
            ),
        )
        if reversed_one is not None:
            return done(request, queries.address_of(achievement), _("已冲销，下次核算扣回得分。"))
    context = {"achievement": achievement, "title": queries.title_of(achievement), "form": form}
    return page(
        request,
        "projects/achievement_reverse.html",
        context,
        fragment="panel",
        status=422 if form.errors else 200,
    )
