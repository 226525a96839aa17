"""Cards: the list, what rules propose, deciding on many at once, one with its course, lifting, and the dated rules."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kpi.access.card import can_decide_cards, can_settle_card_rules, cards_visible_to
from kpi.actions import card as actions
from kpi.filters import CardFilter
from kpi.forms import ReasonForm
from kpi.forms.card import CardPeriodForm, CardRuleForm
from kpi.models import Card, CardState, TargetPeriod
from kpi.queries.cards import listing as queries
from kpi.queries.run import current_run
from kpi.queries.standing import groups_of
from kpi.scoring.bulletin import as_of_day, period_of
from promotion.errors import NotAllowed
from promotion.web.components import badge
from promotion.web.formats import day
from promotion.web.lists import Column, ListPage, list_page
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest

COLOURS = {"yellow": "attention", "red": "alarm"}
STATES = {"proposed": "accent", "shown": "attention", "declined": "plain", "lifted": "done"}
COLUMNS = (
    Column("subject", gettext_lazy("对象"), lambda one: str(one.person or one.team)),
    Column(
        "colour",
        gettext_lazy("牌"),
        lambda one: badge(one.get_colour_display(), COLOURS[one.colour]),
        sort="colour",
    ),
    Column("kind", gettext_lazy("事由"), lambda one: one.get_kind_display(), sort="kind"),
    Column("reason", gettext_lazy("依据"), lambda one: one.reason),
    Column("period", gettext_lazy("时段"), lambda one: f"{one.year} {one.get_period_display()}", sort="year"),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda one: badge(one.get_state_display(), STATES[one.state]),
        sort="state",
    ),
    Column(
        "decided", gettext_lazy("决定日期"), lambda one: day(one.decided_at), sort="decided_at", align="day"
    ),
)


@require_GET
def cards(request: SignedInRequest) -> HttpResponse:
    """All cards that one sees; those who decide find on top what waits and the button that proposes."""
    listing = ListPage(
        request=request,
        queryset=queries.listed_cards(request.user),
        layout=COLUMNS,
        row_url=lambda one: reverse("kpi:card", args=[one.public_id]),
        default_sort="-decided",
        filterset=CardFilter,
        url_name="kpi:cards",
        empty={
            "title": _("没有亮牌"),
            "text": _("到月末、季末按规则提请，由另一人决定亮牌之后，列在这里。"),
        },
    )
    return list_page(request, "kpi/card_list.html", listing, {"title": _("亮牌"), **_deciding(request)})


def _deciding(request: SignedInRequest) -> dict[str, Any]:
    """What waits, and the periods that cards may be proposed for; nothing for those who do not decide."""
    if not can_decide_cards(request.user):
        return {"waiting": [], "periods": []}
    today = timezone.localdate()
    years = [today.year] if today.month > 1 else [today.year, today.year - 1]
    waiting = queries.waiting_cards(request.user)
    return {
        "waiting": waiting,
        "periods": [each for year in years for each in _periods(year)],
        "can_tick": any(one.proposed_by_id != request.user.pk for one in waiting),
    }


def _periods(year: int) -> list[tuple[str, str]]:
    """Begun periods of a year, the latest end first, those that are over before the running ones."""
    today = timezone.localdate()
    begun = [(code, as_of) for code in TargetPeriod.values if (as_of := as_of_day(code, year, today))]
    order = sorted(begun, key=lambda each: (each[1], -period_of(each[0]).part), reverse=True)
    over = [code for code, _day in order if period_of(code).days(year)[1] < today]
    running = [code for code, _day in order if code not in over]
    return [(f"{year}:{code}", f"{year} {TargetPeriod(code).label}") for code in [*over, *running]]


@require_POST
def cards_propose(request: SignedInRequest) -> HttpResponse:
    """Write down what the rules propose for a period."""
    year, _colon, period = request.POST.get("period", "").partition(":")
    form = CardPeriodForm({"year": year, "period": period})
    if form.is_valid():
        made = attempt(form, lambda: actions.propose_cards(actor=request.user, **form.cleaned_data))
        if made is not None:
            text = _("按规则提请 %(count)s 张牌，请另一位同事决定。") % {"count": len(made)}
            return done(
                request, reverse("kpi:cards"), text if made else _("没有达到亮牌界限的，或都已提请过。")
            )
    context = {**_deciding(request), "form": form}
    return page(request, "kpi/card_decide.html", context, status=422)


@require_POST
def cards_decide(request: SignedInRequest) -> HttpResponse:
    """Show or decline the ticked cards, all or none."""
    named = request.POST.getlist("card")
    chosen = list(cards_visible_to(request.user).filter(public_id__in=named).order_by("pk"))
    here = reverse("kpi:cards")
    form = ReasonForm(request.POST)
    if request.POST.get("verb") != "decline":
        form = ReasonForm({"reason": "-"})
        form.is_valid()
        shown = attempt(form, lambda: actions.show_cards(actor=request.user, cards=chosen))
        if shown is not None:
            return done(
                request, here, _("已亮牌 %(count)s 张，本人和本队会收到通知。") % {"count": len(shown)}
            )
    elif form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: actions.decline_cards(actor=request.user, cards=chosen, reason=reason)  # noqa: E731
        if (declined := attempt(form, act)) is not None:
            return done(request, here, _("%(count)s 张不亮牌，理由已记下。") % {"count": len(declined)})
    context = {
        **_deciding(request),
        "form": form,
        "ticked": set(named),
        "reason": request.POST.get("reason", ""),
    }
    return page(request, "kpi/card_decide.html", context, status=422)


@require_GET
def card(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One card: what it rests on, who decided, and whether it was lifted."""
    found = queries.visible_card(request.user, public_id)
    can_decide = can_decide_cards(request.user)
    context = {
        "card": found,
        "title": str(found.person or found.team),
        "marks": [
            (found.get_colour_display(), COLOURS[found.colour]),
            (found.get_state_display(), STATES[found.state]),
        ],
        "can_lift": can_decide and found.state == CardState.SHOWN and found.decided_by_id != request.user.pk,
    }
    return page(request, "kpi/card.html", context)


@require_http_methods(["GET", "POST"])
def card_lift(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a shown card back, with the reason."""
    found = queries.visible_card(request.user, public_id)
    if not can_decide_cards(request.user):
        raise NotAllowed(_("亮牌和摘牌由人事和分管领导办理。"))
    form = ReasonForm(request.POST or None)
    back = reverse("kpi:card", args=[public_id])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if (
            attempt(form, lambda: actions.lift_card(actor=request.user, card=found, reason=reason))
            is not None
        ):
            return done(request, back, _("已摘牌，本人和本队会收到通知。"))
    context = {
        "form": form,
        "title": _("摘牌"),
        "detail": _subject_line(found),
        "label": _("摘牌"),
        "back": back,
    }
    status = 422 if form.errors else 200
    return page(request, "kpi/reason_panel.html", context, fragment="panel", status=status)


def _subject_line(found: Card) -> str:
    return f"{found.person or found.team}：{found.reason}"


@require_http_methods(["GET", "POST"])
def card_rules(request: SignedInRequest) -> HttpResponse:
    """From which limit on a card is due, with every earlier limit; managers settle new ones."""
    run = current_run(timezone.localdate().year)
    groups = [(group.code, group.title) for group in groups_of(run)] if run else [("teams", _("团队"))]
    can_settle = can_settle_card_rules(request.user)
    form = CardRuleForm(request.POST or None, groups=groups) if can_settle else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("亮牌规则由分管领导制定。"))
        if form.is_valid():
            made = attempt(form, lambda: actions.settle_card_rule(actor=request.user, **form.cleaned_data))
            if made is not None:
                return done(request, reverse("kpi:card-rules"), _("已记下，从起始日起按新规则提请。"))
    context = {"form": form, "rules": queries.card_rules(), "groups": dict(groups)}
    return page(request, "kpi/card_rules.html", context, status=422 if form and form.errors else 200)
