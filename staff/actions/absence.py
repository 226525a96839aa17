"""Days away from the post: written and changed by HR; the trail says that, not why."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.absence import absences_visible_to
from staff.actions.contract import locked_person
from staff.models import Absence, AbsenceKind, Account, Person, Role


@action("absence.write", gettext_lazy("登记离岗"))
def write_absence(
    *, actor: Account, person: Person, kind: str, starts_on: date, ends_on: date | None = None, note: str = ""
) -> Absence:
    """Write that a person is away [starts_on, ends_on). Raises Refused for days that cannot be, Conflict when two overlap."""
    _need_hr(actor)
    person = locked_person(actor, person)
    _check(kind, starts_on, ends_on)
    if starts_on < person.joined_on:
        sentence = _("离岗不能早于入职日期 %(day)s。") % {"day": person.joined_on}
        raise Refused(sentence, fields={"starts_on": sentence})
    absence = Absence.objects.create(
        person=person,
        kind=AbsenceKind(kind),
        starts_on=starts_on,
        ends_on=ends_on,
        note=note.strip(),
        written_by=actor,
    )
    record(actor=actor, verb="absence.write", target=person, detail=_days(absence))
    return absence


@action("absence.change", gettext_lazy("修改离岗"))
def change_absence(
    *,
    actor: Account,
    absence: Absence,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    note: str = "",
    seen: int | None = None,
) -> Absence:
    """Change what is written, above all the last day. Raises Conflict when somebody changed it since version `seen`."""
    found = _locked(actor, absence)
    check_version(seen=seen, current=found)
    _check(kind, starts_on, ends_on)
    before = _days(found)
    found.kind, found.starts_on, found.ends_on, found.note = (
        AbsenceKind(kind),
        starts_on,
        ends_on,
        note.strip(),
    )
    found.version += 1
    found.save(update_fields=["kind", "starts_on", "ends_on", "note", "version"])
    record(actor=actor, verb="absence.change", target=found.person, detail={"before": before, **_days(found)})
    return found


@action("absence.remove", gettext_lazy("删除离岗登记"))
def remove_absence(*, actor: Account, absence: Absence, reason: str) -> None:
    """Take back what was written by mistake; the trail keeps the days and the reason."""
    found = _locked(actor, absence)
    if not reason.strip():
        raise Refused(_("请写明删除的理由。"), fields={"reason": _("请写明删除的理由。")})
    record(
        actor=actor, verb="absence.remove", target=found.person, reason=reason.strip(), detail=_days(found)
    )
    found.delete()


def _need_hr(actor: Account) -> None:
    if not actor.is_role(Role.HR):
        raise NotAllowed(_("离岗由人事登记；请把起止日期告诉人事。"))


def _locked(actor: Account, absence: Absence) -> Absence:
    visible = absences_visible_to(actor).select_related("person")
    found = visible.select_for_update(of=("self",)).filter(pk=absence.pk).first()
    if found is None:
        raise NotFound(_("没有这条离岗登记。"))
    _need_hr(actor)
    return found


def _check(kind: str, starts_on: date, ends_on: date | None) -> None:
    fields = {}
    if kind not in AbsenceKind.values:
        fields["kind"] = _("请选择离岗事由。")
    if ends_on is not None and ends_on <= starts_on:
        fields["last_day"] = _("离岗的最后一日不能早于第一日。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def _days(absence: Absence) -> dict[str, str]:
    return {"starts_on": str(absence.starts_on), "ends_on": str(absence.ends_on or "")}
