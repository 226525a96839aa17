"""What the record page of a project is put together from beyond its base: tabs, and cards in the right column.

Each subject (service plan, departments, promises …) adds one entry here and owns its template and its query; the record
page itself does not grow. A tab's context is built only while the tab is open. Its count, and whether a card is empty, is a line
of `projects/queries/record_facts.py`: all of them are asked on every visit, in one statement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.queries.alarms import shows_alarms
from projects.queries.clock import clock_book, runs_clocks
from projects.queries.contact import contact_card
from projects.queries.find_people import find_card
from projects.queries.money import money_tab
from projects.queries.protection_card import project_protection
from projects.queries.record_visit import RecordVisit
from projects.queries.service import service_tab
from projects.views import admission, blocker, review, specialist
from projects.views.drive import drive_card
from projects.views.key_project import key_card
from projects.views.promise import promise_tab
from projects.views.reservation import site_card
from staff.models import Account

Context = Callable[[Account, Project], Mapping[str, Any]]


@dataclass(frozen=True)
class RecordTab:
    """A tab of the record: `template` draws its inside from `context`; `count` is shown beside the label.

    `alarm` says that the count is bad news (red); a count may say so itself as (count, bad news).
    """

    key: str
    label: Any
    template: str
    context: Context
    count: Callable[[RecordVisit], int | str | tuple[int, bool] | None] = lambda _visit: None
    alarm: bool = False

    def shown(self, visit: RecordVisit) -> tuple[int | str | None, bool]:
        """The count beside the label, and whether it is bad news."""
        counted = self.count(visit)
        return counted if isinstance(counted, tuple) else (counted, self.alarm)


@dataclass(frozen=True)
class RecordCard:
    """A card of the right column, left out when `context` gives None."""

    template: str
    context: Callable[[RecordVisit], Mapping[str, Any] | None]


def _clocks(visit: RecordVisit) -> Mapping[str, Any] | None:
    """The clocks that run, while any does."""
    clocks = clock_book().running(visit.project) if runs_clocks(visit.project) else []
    return {"clocks": clocks} if clocks else None


def _plan_progress(visit: RecordVisit) -> str | None:
    """What the tab shows beside its name: 12/19."""
    return str(visit.four.progress) if visit.four.progress else None


def _lacking_specialists(visit: RecordVisit) -> tuple[int, bool] | None:
    """How many departments have named nobody though building goes on."""
    lacking = len(visit.four.departments_lacking)
    return (lacking, True) if lacking else None


def _alarms(visit: RecordVisit) -> Mapping[str, Any] | None:
    """The card loads itself: what is usual is counted over all projects."""
    shown = shows_alarms(visit.actor, visit.achievements)
    return {"url": reverse("projects:alarms", args=[visit.project.public_id])} if shown else None


# In the order of the page, between 团队与份额 and 变更记录.
TABS: tuple[RecordTab, ...] = (
    RecordTab("money", _("资金"), "projects/_project_money.html", money_tab),
    RecordTab("service", _("服务方案"), "projects/_project_service.html", service_tab, _plan_progress),
    RecordTab(
        "promises",
        _("承诺"),
        "projects/_project_promises.html",
        promise_tab,
        count=lambda visit: (visit.facts["promise_count"], visit.facts["promises_late"]),
    ),
    RecordTab(
        "blockers",
        _("堵点"),
        "projects/_project_blockers.html",
        blocker.tab_context,
        count=lambda visit: visit.facts["blocker_count"],
        alarm=True,
    ),
    RecordTab(
        "admission",
        _("准入与辅导"),
        "projects/_project_admission.html",
        admission.tab_context,
        count=lambda visit: visit.facts["admission_waits"],
    ),
    RecordTab(
        "specialists",
        _("部门专员"),
        "projects/_project_specialists.html",
        specialist.tab_context,
        _lacking_specialists,
    ),
    RecordTab(
        "reviews",
        _("联审"),
        "projects/_project_reviews.html",
        review.tab_context,
        count=lambda visit: (visit.facts["review_count"], visit.facts["reviews_late"]),
    ),
)

# Below 四个一 and 份额.
CARDS: tuple[RecordCard, ...] = (
    RecordCard("projects/_record_clocks.html", _clocks),
    RecordCard("projects/_record_key.html", key_card),
    RecordCard("projects/_record_drives.html", drive_card),
    RecordCard("projects/_contact_card.html", contact_card),
    RecordCard("projects/_record_find.html", find_card),
    RecordCard("projects/_project_protection.html", project_protection),
    RecordCard("projects/_site_card.html", site_card),
    RecordCard("projects/_record_sight.html", lambda visit: {"project": visit.project}),
    RecordCard("projects/_alarms_slot.html", _alarms),
)


def tab_of(key: str) -> RecordTab | None:
    """The added tab of this key, if there is one."""
    return next((tab for tab in TABS if tab.key == key), None)


def open_tab(actor: Account, project: Project, key: str) -> dict[str, Any]:
    """The context of an added tab with its template; empty for a tab of the base."""
    tab = tab_of(key)
    return {} if tab is None else {"tab_template": tab.template, **tab.context(actor, project)}


def cards_of(visit: RecordVisit) -> list[dict[str, Any]]:
    """The added cards, each with its template under `template`."""
    found = ((card.template, card.context(visit)) for card in CARDS)
    return [{"template": template, "card": context} for template, context in found if context is not None]
