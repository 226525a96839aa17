"""The wizard for a person who leaves or moves: what is in custody, who receives it, a last look, and the result."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from projects.access import hidden_from
from projects.access.handover import batches_visible_to, can_hand_over_all
from projects.actions import hand_over_all
from projects.forms.handover import BatchForm
from projects.models import BatchKind, ItemKind
from projects.queries.custody import Custody, custody_of
from promotion.errors import NotAllowed, NotFound
from promotion.web.pages import attempt, done, page
from promotion.web.requests import SignedInRequest
from staff.access import people_visible_to
from staff.models import Account, Person
from staff.queries.due_item import DueItem


def _person(request: SignedInRequest, public_id: str) -> Person:
    person = people_visible_to(request.user).filter(public_id=public_id).first()
    if person is None:
        raise NotFound(_("没有这位人员。请返回人员列表。"))
    return person


@require_GET
def card(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What the person's page shows of custody, to those who may settle it; nothing to others."""
    person = _person(request, public_id)
    if not can_hand_over_all(request.user, person):
        return HttpResponse("")
    batches = batches_visible_to(request.user).filter(person=person)
    context = {"person": person, "custody": custody_of(person), "batches": batches}
    return page(request, "projects/custody_card.html", context)


@require_http_methods(["GET", "POST"])
def wizard(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One page in three looks: choose receivers, fill in bulk, see who gets what; only the last button writes."""
    person = _person(request, public_id)
    if not can_hand_over_all(request.user, person):
        raise NotAllowed(_("整体交接由本队队长、分管领导或人事办理，不能由本人办理。"))
    custody = custody_of(person)
    step = request.POST.get("step", "")
    form = BatchForm(request.POST or None, actor=request.user, person=person, keys=_keys(request, custody))
    if step == "fill" and form.is_valid():
        data = request.POST.copy()
        for name, value in form.filled().items():
            data[name] = value
        data["everything_to"] = data["spread_over"] = ""
        form = BatchForm(data, actor=request.user, person=person, keys=custody.keys)
        form.is_valid()
    elif step == "fill":
        form.is_valid()
    summary: list[dict[str, Any]] = []
    if step in ("preview", "confirm") and form.is_valid():
        receivers = form.receivers()
        missing = len(custody.keys) - len(receivers)
        if missing > 0:
            form.add_error(None, _("还有 %(count)s 项没有选接收人；请补齐后再提交。") % {"count": missing})
        elif step == "confirm":
            batch = attempt(
                form,
                lambda: hand_over_all(
                    actor=request.user,
                    person=person,
                    receivers=receivers,
                    **{name: form.cleaned_data[name] for name in ("kind", "last_day", "reason")},
                ),
            )
            if batch:
                return done(
                    request, reverse("projects:handover-batch", args=[batch.public_id]), _("交接已办结。")
                )
        else:
            summary = _summary(custody, receivers)
    context = {"person": person, "custody": custody, "form": form, "summary": summary, **_rows(custody, form)}
    context["due"] = _speakable_due(request.user, custody)
    context["kind_label"] = dict(BatchKind.choices).get(form["kind"].value() or "", "—")
    wrong = step in ("preview", "confirm") and bool(form.errors)
    return page(request, "projects/handover_wizard.html", context, status=422 if wrong else 200)


def _keys(request: SignedInRequest, custody: Custody) -> list[str]:
    """The items of today, and those that the page was drawn with: what is gone meanwhile is said and not forgotten."""
    kinds = ("project-", *(f"{kind.value}-" for kind in ItemKind))
    posted = [name for name in request.POST if name.startswith(kinds)]
    return [*custody.keys, *(name for name in posted if name not in custody.keys)]


def _rows(custody: Custody, form: BatchForm) -> dict[str, Any]:
    """The items with their choice of a receiver, projects by stage."""
    projects = [
        (label, [(project, form[f"project-{project.public_id}"]) for project in group])
        for label, group in groupby(custody.projects, key=lambda project: project.get_stage_display())
    ]
    held = [
        (kind.label, [(one, form[one.key]) for one in group])
        for kind, group in groupby(custody.held, key=lambda one: one.kind)
    ]
    return {"project_rows": projects, "held_rows": held}


def _speakable_due(actor: Account, custody: Custody) -> list[DueItem]:
    """What is due to the leaver, without what would name a secret project that the actor may not open."""
    hidden = hidden_from(actor).values_list("name", "company__name")
    names = [name for pair in hidden for name in pair]
    return [item for item in custody.due if not any(name in f"{item.title} {item.detail}" for name in names)]


def _summary(custody: Custody, receivers: dict[str, Person]) -> list[dict[str, Any]]:
    """Who receives what, by receiver."""
    labels = {
        **{f"project-{one.public_id}": str(one) for one in custody.projects},
        **{one.key: one.title for one in custody.held},
    }
    found: dict[Person, list[str]] = {}
    for key, receiver in receivers.items():
        if key in labels:
            found.setdefault(receiver, []).append(labels[key])
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0].staff_number))
    return [{"receiver": receiver, "items": items} for receiver, items in ordered]


@require_GET
def batch(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The result, printable as the list that giver, receivers and witness sign."""
    found = (
        batches_visible_to(request.user)
        .select_related("person", "confirmed_by")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这份交接单，或者您看不到它。"))
    handovers = found.handovers.select_related("project__company", "receiver", "to_team").order_by(
        "receiver__staff_number", "pk"
    )
    items = found.items.select_related("receiver").order_by("receiver__staff_number", "pk")
    people = {one.receiver.pk: one.receiver for one in handovers}
    people |= {one.receiver.pk: one.receiver for one in items}
    groups = [
        {
            "receiver": person,
            "handovers": [one for one in handovers if one.receiver_id == key],
            "items": [one for one in items if one.receiver_id == key],
        }
        for key, person in people.items()
    ]
    return page(request, "projects/handover_batch.html", {"batch": found, "groups": groups})
