"""What becomes of a reservation: approved, declined, extended, locked, landed, released, expired."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import permit_change, save_project
from projects.actions.reservation import (
    check_state,
    detail_of,
    locked_reservation,
    save_reservation,
)
from projects.actions.reservation_words import deciders, keepers, tell, tell_waiting
from projects.models import MOST_EXTENSIONS, Project, Reservation, ReservationState
from projects.workflow import ORDER, Stage
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, Refused
from promotion.working_days import working_calendar
from staff.models import Account

# How much longer one extension keeps a place, and a contract (assumptions).
EXTENSION = timedelta(days=90)
LOCK = timedelta(days=730)
# Working days that a request holds the place without a decision (assumption).
DECISION_DAYS = 5
# How many days before its end a reservation's keepers are told.
NOTICE = timedelta(days=7)


@action("site.approve", gettext_lazy("批准用地"))
def approve_site(
    *, actor: Account, reservation: Reservation, note: str = "", seen: int | None = None
) -> Reservation:
    """A second person says yes. Raises NotAllowed for whoever asked, or leads another team."""
    found = _decided(actor, reservation, seen)
    found.state, found.decision_note = ReservationState.RESERVED, note.strip()[:300]
    save_reservation(found, "state", "decision_note", "decided_by", "decided_at")
    text = _("%(site)s 已批准预留给 %(project)s，至 %(day)s")
    tell(keepers(found), text % _words(found), found)
    record(actor=actor, verb="site.approve", target=found, reason=note.strip(), detail=detail_of(found))
    return found


@action("site.decline", gettext_lazy("不批准用地"))
def decline_site(
    *, actor: Account, reservation: Reservation, reason: str, seen: int | None = None
) -> Reservation:
    """A second person says no, with the reason; the place is free again."""
    found = _decided(actor, reservation, seen)
    found.state, found.decision_note = ReservationState.DECLINED, _reason(reason)
    found.closed_at = timezone.now()
    save_reservation(found, "state", "decision_note", "decided_by", "decided_at", "closed_at")
    text = _("%(project)s 申请的 %(site)s 未获批准") + f"：{found.decision_note}"
    tell(keepers(found), text % _words(found), found)
    tell_waiting(found.site)
    record(
        actor=actor, verb="site.decline", target=found, reason=found.decision_note, detail=detail_of(found)
    )
    return found


@action("site.extend", gettext_lazy("延长预留"))
def extend_site(
    *, actor: Account, reservation: Reservation, ends_on: date, reason: str, seen: int | None = None
) -> Reservation:
    """Keep a place longer, with a reason, twice at the most. Raises Conflict when somebody else has it afterwards."""
    found = locked_reservation(actor, reservation)
    _permit_disposal(actor, found)
    check_version(seen=seen, current=found)
    check_state(found, ReservationState.RESERVED)
    why, before = _reason(reason), found.ends_on
    if found.extensions >= MOST_EXTENSIONS:
        raise Refused(
            _("这条预留已延期 %(times)s 次，不能再延；请落实签约后锁定，或释放给候补项目。")
            % {"times": MOST_EXTENSIONS}
        )
    if before is None or not before < ends_on <= before + EXTENSION:
        sentence = _("新的截止日期要晚于 %(day)s，一次最多延 %(days)s 天。") % {
            "day": before,
            "days": EXTENSION.days,
        }
        raise Refused(sentence, fields={"ends_on": sentence})
    found.ends_on, found.extensions, found.told_on = ends_on, found.extensions + 1, None
    save_reservation(found, "ends_on", "extensions", "told_on")
    tell(keepers(found), _("%(site)s 为 %(project)s 的预留延至 %(day)s") % _words(found), found)
    record(
        actor=actor,
        verb="site.extend",
        target=found,
        reason=why,
        detail={**detail_of(found), "before": str(before)},
    )
    return found


@action("site.lock", gettext_lazy("锁定用地"))
def lock_site(
    *, actor: Account, reservation: Reservation, ends_on: date, note: str = "", seen: int | None = None
) -> Reservation:
    """After the contract is signed the place is the project's until it builds. Raises Refused before the signing."""
    found = locked_reservation(actor, reservation)
    _permit_disposal(actor, found)
    check_version(seen=seen, current=found)
    check_state(found, ReservationState.RESERVED)
    _check_signed(found.project)
    today = timezone.localdate()
    if not today < ends_on <= today + LOCK:
        sentence = _("请按合同填写供地期限，不晚于 %(day)s。") % {"day": today + LOCK}
        raise Refused(sentence, fields={"ends_on": sentence})
    found.state, found.ends_on, found.told_on = ReservationState.LOCKED, ends_on, None
    found.decision_note = note.strip()[:300] or found.decision_note
    save_reservation(found, "state", "ends_on", "told_on", "decision_note")
    tell(keepers(found), _("%(site)s 已为 %(project)s 锁定，至 %(day)s") % _words(found), found)
    record(actor=actor, verb="site.lock", target=found, reason=note.strip(), detail=detail_of(found))
    return found


@action("site.land", gettext_lazy("落地"))
def land_site(
    *, actor: Account, reservation: Reservation, note: str = "", seen: int | None = None
) -> Reservation:
    """The project stands there for good: the reservation has no end any more, and the project gets the park."""
    found = locked_reservation(actor, reservation)
    _permit_disposal(actor, found)
    check_version(seen=seen, current=found)
    check_state(found, ReservationState.RESERVED, ReservationState.LOCKED)
    _check_signed(found.project)
    found.state, found.ends_on = ReservationState.LANDED, None
    found.decision_note = note.strip()[:300] or found.decision_note
    save_reservation(found, "state", "ends_on", "decision_note")
    project = Project.objects.select_for_update().get(pk=found.project_id)
    if project.park != found.site.park:
        project.park = found.site.park
        save_project(project, "park")
    tell(keepers(found), _("%(project)s 已落地 %(site)s") % _words(found), found)
    record(actor=actor, verb="site.land", target=found, reason=note.strip(), detail=detail_of(found))
    return found


@action("site.release", gettext_lazy("释放用地"))
def release_site(
    *, actor: Account, reservation: Reservation, reason: str, seen: int | None = None
) -> Reservation:
    """Give a place back, or leave the line, with a reason; what is locked or landed only leaders and managers release."""
    found = locked_reservation(actor, reservation)
    permit_change(actor, found.project)
    check_version(seen=seen, current=found)
    check_state(
        found,
        ReservationState.WAITING,
        ReservationState.REQUESTED,
        ReservationState.RESERVED,
        ReservationState.LOCKED,
        ReservationState.LANDED,
    )
    if found.state in (ReservationState.LOCKED, ReservationState.LANDED):
        _permit_disposal(actor, found)
    was_live = found.is_live
    found.state, found.decision_note = ReservationState.RELEASED, _reason(reason)
    found.closed_at = timezone.now()
    save_reservation(found, "state", "decision_note", "closed_at")
    told = tell_waiting(found.site) if was_live else 0
    record(
        actor=actor,
        verb="site.release",
        target=found,
        reason=found.decision_note,
        detail={**detail_of(found), "told": told},
    )
    return found


def free_places(actor: Account, project: Project, reason: str) -> int:
    """Give back what an ended project holds or waits for, inside the action that ends it; what has landed stays.

    Gives how many places came free.
    """
    held = project.reservations.filter(
        state__in=(
            ReservationState.WAITING,
            ReservationState.REQUESTED,
            ReservationState.RESERVED,
            ReservationState.LOCKED,
        )
    )
    rows = list(held.select_for_update(of=("self",)).select_related("project", "plot", "plant"))
    for found in rows:
        was_live = found.is_live
        found.state, found.decision_note = ReservationState.RELEASED, reason[:300]
        found.closed_at = timezone.now()
        save_reservation(found, "state", "decision_note", "closed_at")
        if was_live:
            tell_waiting(found.site)
        record(actor=actor, verb="site.release", target=found, reason=reason, detail=detail_of(found))
    return len(rows)


@action("site.expire", gettext_lazy("预留到期"))
def expire_reservations(*, actor: Account | None = None, on: date | None = None) -> int:
    """End what has run out and requests that nobody decided in time; those in line are told. Gives how many ended.

    Called every few minutes by the scheduler; a second call finds nothing more to do.
    """
    today = on or timezone.localdate()
    last_asked = working_calendar().before(today, DECISION_DAYS)
    live = Reservation.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "project", "plot", "plant", "requested_by"
    )
    ended = list(
        live.filter(
            state__in=(ReservationState.REQUESTED, ReservationState.RESERVED, ReservationState.LOCKED),
            ends_on__lte=today,
        )
    )
    ended += list(
        live.filter(state=ReservationState.REQUESTED, requested_at__date__lte=last_asked, ends_on__gt=today)
    )
    for found in ended:
        undecided = found.state == ReservationState.REQUESTED and bool(
            found.ends_on and found.ends_on > today
        )
        note = (
            _("申请后 %(days)s 个工作日内没有批准，自动失效") % {"days": DECISION_DAYS}
            if undecided
            else _("预留到期，自动释放")
        )
        found.state, found.decision_note, found.closed_at = ReservationState.EXPIRED, note, timezone.now()
        save_reservation(found, "state", "decision_note", "closed_at")
        text = _("%(site)s 为 %(project)s 的预留已到期，已自动释放") % _words(found)
        tell([*keepers(found), *deciders(found.project, None)], text, found)
        tell_waiting(found.site)
        record(actor=actor, verb="site.expire", target=found, reason=note, detail=detail_of(found))
    return len(ended)


@action("site.warn", gettext_lazy("提醒预留将到期"))
def warn_of_expiry(*, actor: Account | None = None, on: date | None = None) -> int:
    """Tell the keepers of what ends within a week, once each; gives how many."""
    today = on or timezone.localdate()
    soon = list(
        Reservation.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("project", "plot", "plant", "requested_by")
        .filter(
            state__in=(ReservationState.RESERVED, ReservationState.LOCKED),
            told_on=None,
            ends_on__gt=today,
            ends_on__lte=today + NOTICE,
        )
    )
    for found in soon:
        found.told_on = today
        save_reservation(found, "told_on")
        text = _("%(site)s 为 %(project)s 的预留 %(day)s 到期；请延期、锁定或释放") % _words(found)
        tell(keepers(found), text, found)
        record(actor=actor, verb="site.warn", target=found, detail=detail_of(found))
    return len(soon)


def _decided(actor: Account, reservation: Reservation, seen: int | None) -> Reservation:
    """The locked request, when this person may decide it."""
    found = locked_reservation(actor, reservation)
    if not access.can_decide_reservation(actor, found):
        raise NotAllowed(_("用地申请由本团队队长或分管领导批准，申请人不能批自己的申请；请等他们处理。"))
    check_version(seen=seen, current=found)
    check_state(found, ReservationState.REQUESTED)
    found.decided_by, found.decided_at = actor, timezone.now()
    return found


def _permit_disposal(actor: Account, reservation: Reservation) -> None:
    if not access.can_dispose_of_site(actor, reservation):
        raise NotAllowed(_("延期、锁定和落地由本团队队长或分管领导办理；请把情况告诉他们。"))


def _check_signed(project: Project) -> None:
    if ORDER.index(Stage(project.stage)) < ORDER.index(Stage.SIGNED):
        raise Refused(
            _("项目还在「%(stage)s」；签约之后才能锁定或落地，请先推进到「签约」。")
            % {"stage": project.get_stage_display()}
        )


def _reason(reason: str) -> str:
    plain = reason.strip()
    if not plain:
        raise Refused(_("请写明理由。"), fields={"reason": _("请写明理由，日后查得到为什么。")})
    return plain[:300]


def _words(reservation: Reservation) -> dict[str, object]:
    return {
        "project": reservation.project,
        "site": reservation.site,
        "day": reservation.ends_on or "",
    }
