"""Sealed archives: sealed, ended and opened by HR, every opening with a reason; keys changed batch by batch."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.sealing import KeyTrouble, newest_mark, seal, unseal
from staff.access.sealed import can_open_sealed, sealed_visible_to
from staff.actions.contract import locked_person
from staff.models import Account, Person, SealedOpening, SealedRecord, SealedSubject, SealingKey
from staff.queries.sealed import PROBE

LONGEST = 500
BATCH = 100


@action("sealed.write", gettext_lazy("封存档案"))
@sensitive_variables("text", "content")
def write_sealed(
    *, actor: Account, person: Person, subject: str, text: str, starts_on: date, ends_on: date | None = None
) -> SealedRecord:
    """Seal one fact of a person for [starts_on, ends_on); a fact of the subject that still runs ends the day before.

    The trail says that, never what. Raises Refused for an empty or long text or days that cannot be, or without a key.
    """
    _need_hr(actor)
    person = locked_person(actor, person)
    check_sealed(subject=subject, text=text, starts_on=starts_on, ends_on=ends_on)
    running = person.sealed_records.filter(subject=subject, ends_on=None, starts_on__lt=starts_on)
    running.update(ends_on=starts_on)
    found = SealedRecord(
        person=person, subject=subject, starts_on=starts_on, ends_on=ends_on, written_by=actor
    )
    found.content, found.key_mark = seal(text.strip(), found.belongs)
    know_key(found.key_mark)
    found.save()
    record(actor=actor, verb="sealed.write", target=found, detail=_said(found))
    return found


@action("sealed.end", gettext_lazy("终止封存事项"))
def end_sealed(*, actor: Account, sealed: SealedRecord, ends_on: date, reason: str) -> SealedRecord:
    """Say from which day on a sealed fact holds no more; it stays sealed."""
    found = _locked(actor, sealed)
    fields = {}
    if not reason.strip():
        fields["reason"] = _("请写明理由。")
    if ends_on <= found.starts_on or (found.ends_on is not None and ends_on > found.ends_on):
        fields["last_day"] = _("最后一日要在起日之后、原止期之前。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    found.ends_on = ends_on
    found.save(update_fields=["ends_on"])
    record(actor=actor, verb="sealed.end", target=found, reason=reason.strip(), detail=_said(found))
    return found


@action("sealed.open", gettext_lazy("开启封存档案"))
@sensitive_variables("text")
def open_sealed(*, actor: Account, sealed: SealedRecord, reason: str) -> str:
    """Give what is sealed, once, and keep who opened it when and why; the person concerned is told.

    Raises NotAllowed for anybody but HR, Refused without a reason of some words, KeyTrouble without the right key; then nothing is kept.
    """
    found = _locked(actor, sealed)
    if len(reason.strip()) < 4:
        sentence = _("请写明开启的理由，例如文号或事由；它会给纪检审计和本人看。")
        raise Refused(sentence, fields={"reason": sentence})
    text = unseal(found.content, found.belongs)
    SealedOpening.objects.create(record=found, opened_by=actor, reason=reason.strip()[:200])
    record(actor=actor, verb="sealed.open", target=found, reason=reason.strip()[:200], detail=_said(found))
    own = Account.objects.filter(is_active=True, person=found.person).exclude(pk=actor.pk)
    words = {"who": actor.display_name, "what": found.get_subject_display(), "why": reason.strip()[:120]}
    notify(
        recipients=list(own),
        text=_("%(who)s 开启了您的%(what)s，理由：%(why)s") % words,
        url=reverse("staff:person-sealed", args=[found.person.public_id]),
    )
    return text


def rotate_batch() -> int:
    """Seal a batch of records anew with the newest key; gives how many, those of other stores among them.

    Records whose row somebody else holds wait for the next batch. Raises KeyTrouble when one does not open.
    """
    return _rotate_archives() + sum(import_string(rotate)() for _marks, rotate in settings.SEALED_STORES)


def _rotate_archives() -> int:
    """Up to a hundred archives, in one transaction."""
    newest = newest_mark()
    if not newest:
        raise KeyTrouble(_("没有配置密钥。"))
    with transaction.atomic():
        know_key(newest)
        waiting = SealedRecord.objects.exclude(key_mark=newest).order_by("pk")
        rows = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        for row in rows:
            row.content, row.key_mark = seal(unseal(row.content, row.belongs), row.belongs)
        SealedRecord.objects.bulk_update(rows, ["content", "key_mark"])
    return len(rows)


@action("sealed.rotate", gettext_lazy("更换封存密钥"))
def note_rotation(*, actor: Account | None, records: int) -> None:
    """Keep in the trail that a change of keys was finished; the probes of keys that seal nothing any more are forgotten."""
    probe = SealingKey.objects.filter(mark=newest_mark()).first()
    if probe is None:
        raise Refused(_("没有配置密钥。"))
    SealingKey.objects.exclude(pk=probe.pk).delete()
    record(actor=actor, verb="sealed.rotate", target=probe, detail={"records": records})


def check_sealed(*, subject: str, text: str, starts_on: date, ends_on: date | None) -> None:
    """What can be sealed at all. Raises Refused naming each input; never repeats the text."""
    fields = {}
    if subject not in SealedSubject.values:
        fields["subject"] = _("请选择封存事项。")
    if not text.strip():
        fields["text"] = _("请写封存的内容。")
    elif len(text.strip()) > LONGEST:
        fields["text"] = _("最多 %(most)s 个字。") % {"most": LONGEST}
    if ends_on is not None and ends_on <= starts_on:
        fields["last_day"] = _("最后一日不能早于起日。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def know_key(mark: str) -> None:
    """Keep a probe of the key at its first use, so that a wrong key is noticed before anybody needs it."""
    if not SealingKey.objects.filter(mark=mark).exists():
        SealingKey.objects.get_or_create(mark=mark, defaults={"probe": seal(mark, PROBE)[0]})


def _need_hr(actor: Account) -> None:
    if not can_open_sealed(actor):
        raise NotAllowed(_("封存档案只由人事封存和开启。"))


def _locked(actor: Account, sealed: SealedRecord) -> SealedRecord:
    visible = sealed_visible_to(actor).select_related("person").filter(pk=sealed.pk)
    found = visible.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(_("没有这份封存档案。"))
    _need_hr(actor)
    return found


def _said(found: SealedRecord) -> dict[str, str]:
    """What the trail says: of whom, which subject, which days."""
    return {
        "person": found.person.staff_number,
        "subject": found.subject,
        "starts_on": str(found.starts_on),
        "ends_on": str(found.ends_on or ""),
    }
