"""What the frame itself writes: saved views, notices, uploaded previews, and the seals of the audit trail."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.access import (
    audiences_given_by,
    can_correct_calendar,
    notices_visible_to,
    saved_views_kept_by,
)
from promotion.action import action, explain_constraint, record
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.models import (
    AuditEntry,
    AuditSeal,
    CalendarCorrection,
    ImportBatch,
    Notice,
    NoticeKind,
    SavedView,
)

# Any number: it only has to be the same in every process that seals.
SEAL_LOCK = 7_202_611

# How many days one notice may correct at once.
MOST_CORRECTIONS = 60


@action("view.save", gettext_lazy("收藏视图"))
def save_view(
    *,
    actor: Any,
    name: str,
    url_name: str,
    query: str,
    audience: str = "",
    is_default: bool = False,
) -> SavedView:
    """Keep a list with its filters under a name, for oneself or an audience that the actor may give.

    Raises Refused without a name, for a name that the actor uses already, for a page without saved views, or for an
    audience that is not the actor's to give.
    """
    if url_name not in settings.VIEW_PAGES:
        raise Refused(_("这个页面不能收藏。"))
    kept = QueryDict(query, mutable=True)
    for place in ("page", "view"):
        kept.pop(place, None)
    if len(kept.urlencode()) > 1000:
        raise Refused(_("条件太多，收藏不下；请去掉一些条件。"))
    view = SavedView(owner=actor, url_name=url_name, query=kept.urlencode())
    _fill_view(actor, view, name, audience, is_default)
    detail = {"page": url_name, "audience": view.audience, "default": is_default}
    record(actor=actor, verb="view.save", target=view, detail=detail)
    return view


@action("view.change", gettext_lazy("修改收藏视图"))
def change_view(*, actor: Any, pk: int, name: str, audience: str, is_default: bool) -> SavedView:
    """Rename one of the actor's own views, share it otherwise, or make it what its list opens with."""
    view = saved_views_kept_by(actor).select_for_update().filter(pk=pk).first()
    if view is None:
        raise NotFound(_("没有这个视图，可能已经删除。"))
    before = {"name": view.name, "audience": view.audience, "default": view.is_default}
    _fill_view(actor, view, name, audience, is_default)
    record(actor=actor, verb="view.change", target=view, detail={"before": before})
    return view


def _fill_view(actor: Any, view: SavedView, name: str, audience: str, is_default: bool) -> None:
    wrong = {}
    name = name.strip()
    others = saved_views_kept_by(actor).exclude(pk=view.pk)
    if not name:
        wrong["name"] = _("请给这个视图起一个名字。")
    elif len(name) > 40:
        wrong["name"] = _("名称最多 40 个字。")
    elif others.filter(name=name).exists():
        wrong["name"] = _("您已有名为“%(name)s”的视图，请换一个名字，或先改掉原来的。") % {"name": name}
    # What was given once stays given: a leader who moved on can still rename a view of the old team.
    if audience and audience != view.audience and audience not in dict(audiences_given_by(actor)):
        wrong["audience"] = _("您不能共享给这个范围：队长可以共享给本队，分管领导可以共享给全体。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    if is_default:
        others.filter(url_name=view.url_name, is_default=True).update(is_default=False)
    view.name, view.audience, view.is_default = name, audience, is_default
    view.save()


@action("view.delete", gettext_lazy("删除收藏视图"))
def delete_view(*, actor: Any, pk: int) -> None:
    """Forget one of the actor's own views; those it was shared with lose it too."""
    view = saved_views_kept_by(actor).select_for_update().filter(pk=pk).first()
    if view is None:
        raise NotFound(_("没有这个视图，可能已经删除。"))
    record(actor=actor, verb="view.delete", target=view)
    view.delete()


explain_constraint("saved_view_name_once", gettext_lazy("您已有同名的视图，请换一个名字。"))
explain_constraint("one_default_view", gettext_lazy("这个列表刚刚设了别的默认视图，请刷新后再试。"))


@action("calendar.correct", gettext_lazy("修正工作日历"))
def correct_calendar(*, actor: Any, days: Mapping[date, bool], note: str) -> list[CalendarCorrection]:
    """Say of days whether they are worked, with what it rests on; a correction of the same day is replaced.

    Raises NotAllowed for anybody but HR and administrators, Refused without a day or a basis; then nothing is written.
    """
    if not can_correct_calendar(actor):
        raise NotAllowed(_("工作日历由人事或系统管理员修正；请把通知文号告诉他们。"))
    note, wrong = note.strip(), {}
    if not days:
        wrong["days"] = _("请至少写一天。")
    elif len(days) > MOST_CORRECTIONS:
        wrong["days"] = _("一次最多 60 天；请分几次登记。")
    if not note:
        wrong["note"] = _("请写明依据，例如公布放假安排的通知文号。")
    elif len(note) > 120:
        wrong["note"] = _("依据最多 120 个字。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    written = []
    for day, is_working in sorted(days.items()):
        values = {"is_working": is_working, "note": note, "set_by": actor, "set_at": timezone.now()}
        written.append(CalendarCorrection.objects.update_or_create(day=day, defaults=values)[0])
    said = {str(one.day): _("班") if one.is_working else _("休") for one in written}
    record(actor=actor, verb="calendar.correct", target=written[0], reason=note, detail={"days": said})
    return written


@action("calendar.withdraw", gettext_lazy("撤销工作日历修正"))
def withdraw_correction(*, actor: Any, day: date) -> None:
    """The day counts again as the notice of its year, or its weekday, says. Raises NotFound when nothing was corrected."""
    if not can_correct_calendar(actor):
        raise NotAllowed(_("工作日历由人事或系统管理员修正；请把通知文号告诉他们。"))
    held = CalendarCorrection.objects.select_for_update().filter(day=day).first()
    if held is None:
        raise NotFound(_("这一天没有修正，可能已经撤销。"))
    record(actor=actor, verb="calendar.withdraw", target=held, detail={"day": str(day), "note": held.note})
    held.delete()


@action("notices.read", gettext_lazy("通知已读"))
def read_notices(*, actor: Any, kind: str = "", pk: int | None = None) -> int:
    """Mark the actor's notices as read, all of them, those of a kind, or one; gives how many were new."""
    unread = notices_visible_to(actor).filter(read_at=None)
    if kind:
        unread = unread.filter(kind=kind)
    if pk is not None:
        unread = unread.filter(pk=pk)
    return unread.update(read_at=timezone.now())


def notify(*, recipients: list[Any], text: str, url: str = "", kind: str = NoticeKind.GENERAL) -> None:
    """Put a message into the centre of each recipient (accounts), and of who stands in for one who is away.

    Called inside an action's transaction.
    """
    told = [(each, text) for each in recipients]
    copies = import_string(settings.STAND_INS)(recipients) if recipients else []
    told += [
        (each, _("代%(name)s：%(text)s") % {"name": principal, "text": text}) for each, principal in copies
    ]
    Notice.objects.bulk_create(
        Notice(recipient=each, kind=kind, text=said[:300], url=url) for each, said in told
    )


@transaction.atomic
def seal_audit_trail() -> AuditSeal | None:
    """Add one link to the hash chain over the entries written since the last; None when there are none.

    The digest is SHA-256 over the previous digest and the new rows as the database prints them, so that any later
    change of an entry, a seal or their order shows. Entries of open transactions with lower ids cannot be overtaken:
    only rows older than a minute are sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    last = AuditSeal.objects.order_by("-id").first()
    entries = AuditEntry.objects.filter(
        pk__gt=last.last_entry if last else 0, at__lt=timezone.now() - timedelta(minutes=1)
    ).order_by("pk")
    first_id, last_id, count, digest = None, 0, 0, hashlib.sha256((last.digest if last else "").encode())
    for entry in entries.iterator(chunk_size=2000):
        first_id = first_id or entry.pk
        last_id, count = entry.pk, count + 1
        digest.update(entry_line(entry))
    if first_id is None:
        return None
    return AuditSeal.objects.create(
        first_entry=first_id, last_entry=last_id, entry_count=count, digest=digest.hexdigest()
    )


def entry_line(entry: AuditEntry) -> bytes:
    """An entry as the chain hashes it."""
    parts = (entry.pk, entry.at.isoformat(), entry.actor_id, entry.verb, entry.target_type, entry.target_id)
    return ("|".join(map(str, parts)) + f"|{entry.reason}|{sorted(entry.detail.items())}\n").encode()


def verify_audit_trail() -> list[str]:
    """Recompute the chain; gives a sentence for each seal that does not hold (none: the trail is whole)."""
    broken, previous, expected_first = [], "", 0
    for seal in AuditSeal.objects.order_by("id"):
        digest, count = hashlib.sha256(previous.encode()), 0
        rows = AuditEntry.objects.filter(pk__gt=expected_first, pk__lte=seal.last_entry).order_by("pk")
        for entry in rows.iterator(chunk_size=2000):
            digest.update(entry_line(entry))
            count += 1
        if count != seal.entry_count or digest.hexdigest() != seal.digest:
            broken.append(_("封条 %(seal)s 与操作记录不符。") % {"seal": str(seal)})
        previous, expected_first = seal.digest, seal.last_entry
    return broken


def locked_preview(batches: QuerySet[ImportBatch], batch: ImportBatch) -> ImportBatch:
    """The uploaded preview, locked, out of those the actor may see; raises NotFound, and Refused once it is done with."""
    found = batches.select_for_update().filter(pk=batch.pk).first()
    if found is None:
        raise NotFound(_("没有这个导入批次。"))
    if found.state != ImportBatch.State.PREVIEWED:
        raise Refused(_("这个批次%(state)s，不能再办理；请重新上传。") % {"state": found.get_state_display()})
    return found


def close_preview(batch: ImportBatch) -> None:
    """Its rows are written."""
    batch.state, batch.applied_at = ImportBatch.State.APPLIED, timezone.now()
    batch.save(update_fields=["state", "applied_at"])


def forget_preview(batch: ImportBatch) -> None:
    """It is put aside; its rows may hold personal data and nobody needs them any more."""
    batch.state, batch.accepted, batch.rejected = ImportBatch.State.DISCARDED, [], []
    batch.save(update_fields=["state", "accepted", "rejected"])
