"""Keeping a place for a project: no place is promised twice."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils import timezone

from projects.actions.reservation import claim_site, enter_site, gap, request_site, wait_for_site
from projects.actions.reservation_decision import (
    approve_site,
    decline_site,
    expire_reservations,
    extend_site,
    land_site,
    lock_site,
    release_site,
    warn_of_expiry,
)
from projects.actions.site import change_plot
from projects.actions.status import lose_project
from projects.models import Plot, Project, Reservation
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Role
from tests.factories.projects import make_project
from tests.factories.sites import make_plant, make_plot, make_reservation
from tests.factories.staff import make_account, make_team

TODAY = timezone.localdate()
LATER = TODAY + timedelta(90)


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer)


@pytest.fixture
def rival(outsider: Account) -> Project:
    return make_project(outsider)


@pytest.fixture
def plot(manager: Account) -> Plot:
    return make_plot(manager, number="B-07")


def rows(plot: Plot) -> list[tuple[Any, ...]]:
    found = plot.reservations.order_by("id")
    return [(r.state, r.extent.lower, r.extent.upper, r.starts_on, r.ends_on) for r in found if r.extent]


@pytest.mark.parametrize(
    ("taken", "wanted", "at"),
    [
        ([], "60", "0"),
        ([], "61", None),
        ([("0", "20")], "40", "20"),
        ([("20", "40")], "20", "0"),
        ([("20", "40")], "30", None),
        ([("0", "20"), ("30", "60")], "10", "20"),
        ([("0", "40"), ("0", "20")], "20", "40"),
    ],
)
def test_a_part_goes_where_it_fits(taken: list[tuple[str, str]], wanted: str, at: str | None) -> None:
    parts = [(Decimal(a), Decimal(b)) for a, b in taken]

    assert gap(parts, Decimal(60), Decimal(wanted)) == (None if at is None else Decimal(at))


def test_an_officer_asks_and_a_second_person_approves(
    officer: Account, leader: Account, manager: Account, project: Project, plot: Plot,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        asked = request_site(actor=officer, project=project, plot=plot, ends_on=LATER, reason="一期 60 亩")
    told = set(Notice.objects.values_list("recipient", flat=True))
    with pytest.raises(NotAllowed):
        approve_site(actor=officer, reservation=asked)
    with django_capture_on_commit_callbacks(execute=True):
        kept = approve_site(actor=leader, reservation=asked, note="同意")

    assert rows(plot) == [("reserved", Decimal(0), Decimal(60), TODAY, LATER)]
    assert told == {leader.pk, manager.pk}
    assert Notice.objects.filter(recipient=officer, text__contains="已批准预留").count() == 1
    assert (kept.decided_by, kept.version) == (leader, 2)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "site.request",
        "site.approve",
    ]


def test_a_place_is_not_promised_twice(
    officer: Account, outsider: Account, project: Project, rival: Project, plot: Plot
) -> None:
    request_site(actor=officer, project=project, plot=plot, ends_on=LATER)

    with pytest.raises(Conflict, match=r"已为其他项目预留（至 .*登记候补"):
        request_site(actor=outsider, project=rival, plot=plot, ends_on=LATER)
    with pytest.raises(Conflict):
        request_site(actor=outsider, project=rival, plot=plot, area=Decimal(1), ends_on=LATER)
    after = request_site(
        actor=outsider, project=rival, plot=plot, starts_on=LATER, ends_on=LATER + timedelta(30)
    )

    assert after.starts_on == LATER
    assert plot.reservations.count() == 2


def test_parts_never_exceed_the_whole(
    officer: Account, outsider: Account, project: Project, rival: Project, plot: Plot
) -> None:
    request_site(actor=officer, project=project, plot=plot, area=Decimal(25), ends_on=LATER)
    request_site(actor=outsider, project=rival, plot=plot, area=Decimal(35), ends_on=LATER)

    with pytest.raises(Conflict):
        request_site(actor=officer, project=project, plot=plot, area=Decimal("0.5"), ends_on=LATER)
    assert [(low, high) for _s, low, high, *_rest in rows(plot)] == [(0, 25), (25, 60)]


@pytest.mark.parametrize(
    ("extent", "plant"),
    [((50, 61), False), ((-1, 10), False), ((0, 0), False), ((0, 60), False), (None, True)],
)
def test_the_database_itself_refuses(
    officer: Account, project: Project, manager: Account, plot: Plot, extent: Any, plant: bool
) -> None:
    """Even a writer that goes around the actions cannot promise twice, or more than there is."""
    hall = make_plant(manager)
    make_reservation(project, plot, officer, extent=NumericRange(Decimal(0), Decimal(5), "[)"))
    Reservation.objects.create(
        project=project, plant=hall, area=hall.area, starts_on=TODAY, ends_on=LATER, state="locked",
        requested_by=officer,
    )  # fmt: skip
    place: dict[str, Any] = (
        {"plant": hall}
        if plant
        else {"plot": plot, "extent": NumericRange(*(Decimal(v) for v in extent), "[)")}
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.create(
            project=project, area=1, starts_on=TODAY, ends_on=LATER, requested_by=officer, **place
        )


def test_a_plot_cannot_shrink_below_what_is_promised(
    officer: Account, manager: Account, project: Project, plot: Plot
) -> None:
    make_reservation(project, plot, officer)

    with pytest.raises(Conflict, match="面积不能小于已为项目预留的部分"):
        change_plot(actor=manager, plot=plot, area=Decimal(59))
    changed = change_plot(actor=manager, plot=plot, area=Decimal(61))

    assert changed.area == 61


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": TODAY}, "ends_on"),
        ({"ends_on": TODAY + timedelta(181)}, "ends_on"),
        ({"starts_on": TODAY - timedelta(1)}, "starts_on"),
        ({"area": Decimal(0)}, "area"),
        ({"area": Decimal("60.01")}, "area"),
        ({"plot": None}, "site"),
    ],
)
def test_impossible_requests_are_refused_at_their_field(
    officer: Account, project: Project, plot: Plot, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        request_site(**{"actor": officer, "project": project, "plot": plot, "ends_on": LATER, **fields})

    assert set(refusal.value.fields) == {field}
    assert not plot.reservations.exists()


def test_what_is_not_offered_or_not_ones_own_is_refused(
    officer: Account, outsider: Account, hr: Account, manager: Account, project: Project, plot: Plot
) -> None:
    closed = make_plot(manager, status="preparing")

    with pytest.raises(Refused, match="整理中"):
        request_site(actor=officer, project=project, plot=closed, ends_on=LATER)
    with pytest.raises(NotFound):
        request_site(actor=outsider, project=project, plot=plot, ends_on=LATER)
    with pytest.raises(NotAllowed):
        request_site(actor=hr, project=project, plot=plot, ends_on=LATER)


def test_those_who_wait_are_told_in_order_when_it_comes_free(
    officer: Account, outsider: Account, manager: Account, project: Project, rival: Project, plot: Plot,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with pytest.raises(Refused, match="不用候补"):
        wait_for_site(actor=outsider, project=rival, plot=plot)
    held = make_reservation(project, plot, officer)
    waiting = wait_for_site(actor=outsider, project=rival, plot=plot)
    with pytest.raises(Conflict, match="已在"):
        wait_for_site(actor=outsider, project=rival, plot=plot)
    with pytest.raises(Conflict, match="已为其他项目预留"):
        claim_site(actor=outsider, reservation=waiting, ends_on=LATER)

    with django_capture_on_commit_callbacks(execute=True):
        release_site(actor=officer, reservation=held, reason="企业改选青阳")
    claimed = claim_site(actor=outsider, reservation=waiting, ends_on=LATER)

    assert Notice.objects.filter(recipient=outsider, text__contains="候补第 1 位").count() == 1
    assert (claimed.state, claimed.pk) == ("requested", waiting.pk)


def test_extension_needs_a_reason_and_happens_twice_at_most(
    officer: Account, leader: Account, project: Project, plot: Plot
) -> None:
    held = make_reservation(project, plot, officer)

    with pytest.raises(NotAllowed):
        extend_site(actor=officer, reservation=held, ends_on=LATER + timedelta(30), reason="环评")
    with pytest.raises(Refused) as unreasoned:
        extend_site(actor=leader, reservation=held, ends_on=LATER + timedelta(30), reason=" ")
    for days in (30, 60):
        extend_site(actor=leader, reservation=held, ends_on=LATER + timedelta(days), reason="环评未完成")
    with pytest.raises(Refused, match="已延期 2 次"):
        extend_site(actor=leader, reservation=held, ends_on=LATER + timedelta(90), reason="环评")

    held.refresh_from_db()
    assert set(unreasoned.value.fields) == {"reason"}
    assert (held.ends_on, held.extensions) == (LATER + timedelta(60), 2)


def test_an_extension_stops_where_the_next_project_begins(
    officer: Account, leader: Account, rival: Project, project: Project, plot: Plot
) -> None:
    held = make_reservation(project, plot, officer)
    make_reservation(rival, plot, officer, starts_on=LATER + timedelta(10), ends_on=LATER + timedelta(20))

    with pytest.raises(Conflict, match="没有重复承诺"):
        extend_site(actor=leader, reservation=held, ends_on=LATER + timedelta(11), reason="环评")
    extended = extend_site(actor=leader, reservation=held, ends_on=LATER + timedelta(10), reason="环评")

    assert extended.ends_on == LATER + timedelta(10)


def test_locking_and_landing_follow_the_signing(
    officer: Account, leader: Account, manager: Account, project: Project
) -> None:
    plot = make_plot(manager, park="qingyang", number="Q-11")
    held = make_reservation(project, plot, officer)
    with pytest.raises(Refused, match="签约之后"):
        lock_site(actor=leader, reservation=held, ends_on=LATER)
    Project.objects.filter(pk=project.pk).update(stage="signed")

    locked = lock_site(actor=leader, reservation=held, ends_on=TODAY + timedelta(365))
    landed = land_site(actor=leader, reservation=locked)
    project.refresh_from_db()

    assert (landed.state, landed.ends_on, project.park, project.version) == ("landed", None, "qingyang", 2)
    with pytest.raises(NotAllowed):
        release_site(actor=officer, reservation=landed, reason="退地")


def test_what_runs_out_ends_once_and_frees_the_place(
    officer: Account, outsider: Account, manager: Account, project: Project, rival: Project, plot: Plot,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    make_reservation(project, plot, officer, starts_on=TODAY - timedelta(90), ends_on=TODAY)
    other = make_plot(manager)
    asked = timezone.now() - timedelta(20)
    make_reservation(project, other, officer, state="requested", requested_at=asked)
    kept = make_reservation(project, make_plot(manager), officer)
    make_reservation(rival, plot, outsider, state="waiting", ends_on=None)

    with django_capture_on_commit_callbacks(execute=True):
        first = expire_reservations()
    again = expire_reservations()
    kept.refresh_from_db()

    assert (first, again) == (2, 0)
    assert list(project.reservations.order_by("id").values_list("state", flat=True)) == [
        "expired",
        "expired",
        "reserved",
    ]
    assert Notice.objects.filter(recipient=outsider, text__contains="候补第 1 位").count() == 1
    assert Notice.objects.filter(recipient=officer, text__contains="已自动释放").count() == 2


def test_keepers_are_warned_once(
    officer: Account, manager: Account, project: Project, plot: Plot, django_capture_on_commit_callbacks: Any
) -> None:
    make_reservation(project, plot, officer, ends_on=TODAY + timedelta(5))
    make_reservation(project, make_plot(manager), officer, ends_on=TODAY + timedelta(8))

    with django_capture_on_commit_callbacks(execute=True):
        counts = (warn_of_expiry(), warn_of_expiry())

    assert counts == (1, 0)
    assert Notice.objects.filter(recipient=officer).count() == 1


def test_a_refused_request_frees_the_place_and_says_why(
    officer: Account, leader: Account, project: Project, plot: Plot, django_capture_on_commit_callbacks: Any
) -> None:
    asked = request_site(actor=officer, project=project, plot=plot, ends_on=LATER)
    with pytest.raises(Refused):
        decline_site(actor=leader, reservation=asked, reason="")

    with django_capture_on_commit_callbacks(execute=True):
        decline_site(actor=leader, reservation=asked, reason="先用标准厂房")
    with pytest.raises(Conflict, match="未批准"):
        approve_site(actor=leader, reservation=asked)

    assert Notice.objects.filter(recipient=officer, text__contains="先用标准厂房").count() == 1
    assert request_site(actor=officer, project=project, plot=plot, ends_on=LATER).pk != asked.pk


def test_land_already_taken_is_entered_by_those_who_keep_the_sites(
    officer: Account, manager: Account, project: Project, plot: Plot
) -> None:
    since = TODAY - timedelta(900)
    with pytest.raises(NotAllowed):
        enter_site(actor=officer, project=project, plot=plot, starts_on=since)
    with pytest.raises(Refused) as future:
        enter_site(actor=manager, project=project, plot=plot, starts_on=TODAY + timedelta(1))

    enter_site(actor=manager, project=project, plot=plot, area=Decimal(20), starts_on=since)
    enter_site(actor=manager, project=project, plot=plot, area=Decimal(40), starts_on=since, ends_on=LATER)
    with pytest.raises(Conflict):
        enter_site(actor=manager, project=project, plot=plot, area=Decimal(1), starts_on=since)

    assert set(future.value.fields) == {"starts_on"}
    assert rows(plot) == [
        ("landed", Decimal(0), Decimal(20), since, None),
        ("locked", Decimal(20), Decimal(60), since, LATER),
    ]


def test_a_project_that_ends_gives_its_places_back(
    officer: Account, outsider: Account, manager: Account, project: Project, rival: Project, plot: Plot,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    make_reservation(project, plot, officer)
    make_reservation(project, make_plot(manager), officer, state="landed", ends_on=None)
    make_reservation(rival, plot, outsider, state="waiting", ends_on=None)

    with django_capture_on_commit_callbacks(execute=True):
        lose_project(actor=officer, project=project, reason="企业改投外地")

    assert list(project.reservations.order_by("id").values_list("state", flat=True)) == ["released", "landed"]
    assert Notice.objects.filter(recipient=outsider, text__contains="候补第 1 位").count() == 1


def race(attempts: list[Callable[[], object]]) -> list[str]:
    """Let all attempts start at once, each on a connection of its own; gives how each ended."""
    barrier, outcomes = threading.Barrier(len(attempts)), []

    def run(attempt: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            attempt()
            outcomes.append("kept")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_exactly_one_gets_the_plot() -> None:
    manager = make_account(Role.MANAGER)
    officers = [make_account(Role.OFFICER, team=make_team()) for _ in range(4)]
    projects = [make_project(account) for account in officers]
    plot = make_plot(manager)

    outcomes = race(
        [
            lambda account=account, project=project: request_site(  # type: ignore[misc]
                actor=account, project=project, plot=plot, ends_on=LATER
            )
            for account, project in zip(officers, projects, strict=True)
        ]
    )

    assert outcomes == ["conflict", "conflict", "conflict", "kept"]
    assert plot.reservations.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_and_extend_at_once_exactly_one_has_the_days() -> None:
    """One extends into the days that the other asks for: locks differ, so the constraint decides."""
    leader = make_account(Role.LEADER, team=make_team())
    outsider = make_account(Role.OFFICER, team=make_team())
    project, rival = make_project(leader), make_project(outsider)
    plot = make_plot(leader)
    held = make_reservation(project, plot, leader)

    outcomes = race(
        [
            lambda: extend_site(
                actor=leader, reservation=held, ends_on=LATER + timedelta(60), reason="环评未完成"
            ),
            lambda: request_site(
                actor=outsider, project=rival, plot=plot, starts_on=LATER, ends_on=LATER + timedelta(30)
            ),
        ]
    )

    assert outcomes == ["conflict", "kept"]
    days = sorted((r.starts_on, r.ends_on or date.max) for r in plot.reservations.all())
    assert all(before[1] <= after[0] for before, after in pairwise(days))
