"""Assessment inputs (考评录入): recorded by one, confirmed by another; returned, withdrawn, reversed. Nothing is written over."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.models import AssessmentInput, AssessmentYear, InputPaper, InputState
from kpi.models.inputs import CONTENT
from kpi.queries.input_faults import InputRow, fault_of, sheet_of
from kpi.queries.input_sheets import Asked, asked_inputs
from projects.actions.upload import checked_file
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.web.formats import moment
from staff.models import Account, Person

MOST_ROWS = 5000
LISTED = 50
LIVE = (InputState.SUBMITTED, InputState.CONFIRMED)


@action("input.record", gettext_lazy("考评录入"))
def record_inputs(
    *, actor: Account, year: int, rows: Sequence[InputRow], paper: UploadedFile | None = None
) -> list[AssessmentInput]:
    """Record inputs of the year's assessment, all or none; they count once another person confirms them.

    What says the same as what holds is left as it is; what waits is replaced and stays readable. Gives the new ones.
    Raises NotAllowed, Refused with the first fault and the number of its row, and Conflict when something else stands in the
    place of a row than was seen there.
    """
    if not access.can_record_inputs(actor):
        raise NotAllowed(_("只有人事和分管领导可以录入考评数据。"))
    _refuse_closed(year)
    _refuse_own(actor, [row.person for row in rows])
    asked = _check(rows, year)
    live = _live(year, rows)
    _check_seen(rows, live, asked)
    changed = [row for row in rows if (held := live.get(row.key)) is None or not held.same_as(row)]
    kept = _paper(actor, paper) if changed else None
    now = timezone.now()
    for row in changed:
        held = live.get(row.key)
        if held is not None and held.state == InputState.SUBMITTED:
            _end(held, InputState.WITHDRAWN, actor, _("由新的录入取代。"))
    made = AssessmentInput.objects.bulk_create(
        [_input(row, year, actor, kept, now) for row in changed], batch_size=500
    )
    if made:
        assessed, _created = AssessmentYear.objects.get_or_create(year=year)
        record(actor=actor, verb="input.record", target=assessed, detail=_detail(made))
    return made


def _check(rows: Sequence[InputRow], year: int) -> Asked:
    """What the year asks for. Raises Refused for the first row that is none of it."""
    if not rows:
        raise Refused(_("没有要录入的内容。"))
    if len(rows) > MOST_ROWS:
        raise Refused(_("一次最多录入 %(most)s 条；请分次录入。") % {"most": MOST_ROWS})
    asked = asked_inputs(year)
    seen: Counter[tuple[object, ...]] = Counter()
    for place, row in enumerate(rows, start=1):
        seen[row.key] += 1
        fault = _("同一项录入了两次。") if seen[row.key] > 1 else fault_of(row, asked)
        if fault:
            subject = row.person.name if row.person else row.team.name if row.team else ""
            where = _("第 %(place)s 条") % {"place": place}
            raise Refused(
                f"{where}{f'（{subject}）' if subject else ''}：{fault}", fields={f"rows.{place - 1}": fault}
            )
    return asked


def _check_seen(
    rows: Sequence[InputRow], live: dict[tuple[object, ...], AssessmentInput], asked: Asked
) -> None:
    """Raises Conflict naming every row whose place says something else than was seen there; who wrote the same is no trouble."""
    faults: dict[str, str] = {}
    for place, row in enumerate(rows):
        held = live.get(row.key)
        if row.seen is None or row.seen == (held.said if held else "") or (held and held.same_as(row)):
            continue
        faults[f"rows.{place}"] = _overtaken(row, held, asked)
    if faults:
        raise Conflict(next(iter(faults.values())), fields=faults)


def _overtaken(row: InputRow, held: AssessmentInput | None, asked: Asked) -> str:
    sheet = sheet_of(row, asked)
    words = {
        "name": str(row.person or row.team or row.code),
        "title": sheet.title if sheet else row.code,
        "seen": row.seen or _("空"),
    }
    if held is None:
        sentence = _(
            "%(name)s的“%(title)s”您看到的是 %(seen)s，现已撤回、退回或冲销。没有录入任何一条；请核对后再保存。"
        )
        return sentence % words
    words |= {"who": held.recorded_by.display_name, "when": moment(held.recorded_at), "now": held.said}
    return (
        _(
            "%(name)s的“%(title)s”已由%(who)s于 %(when)s 录为 %(now)s，您看到的是 %(seen)s。没有录入任何一条；请核对后再保存。"
        )
        % words
    )


def _live(year: int, rows: Sequence[InputRow]) -> dict[tuple[object, ...], AssessmentInput]:
    """What waits or holds in the place of each row; what waits is named first."""
    kinds = {row.kind for row in rows}
    live = AssessmentInput.objects.select_for_update().filter(year=year, state__in=LIVE, kind__in=kinds)
    found: dict[tuple[object, ...], AssessmentInput] = {}
    for held in live.order_by("pk"):
        if held.key not in found or held.state == InputState.SUBMITTED:
            found[held.key] = held
    return found


def _input(row: InputRow, year: int, actor: Account, paper: InputPaper | None, now: Any) -> AssessmentInput:
    return AssessmentInput(
        year=year,
        kind=row.kind,
        person=row.person,
        team=row.team,
        project=row.project,
        code=row.code,
        part=row.part,
        band=row.band,
        voter=row.voter,
        option=row.option,
        value=row.value,
        author=row.author,
        reason=row.reason,
        holds_from=row.holds_from,
        dated=row.dated,
        paper=paper,
        recorded_by=actor,
        recorded_at=now,
    )


def _paper(actor: Account, upload: UploadedFile | None) -> InputPaper | None:
    if upload is None:
        return None
    checked = checked_file(upload)
    return InputPaper.objects.create(
        title=checked.title,
        file=checked.upload,
        content_type=checked.content_type,
        size=checked.size,
        digest=checked.digest,
        uploaded_by=actor,
    )


@action("input.confirm", gettext_lazy("确认考评录入"))
def confirm_inputs(*, actor: Account, inputs: Sequence[AssessmentInput]) -> list[AssessmentInput]:
    """Let inputs count, all or none; what held in their place until now is reversed.

    Raises NotAllowed, Conflict for what does not wait any more, Refused for one's own and for what the scheme of the day
    does not ask for any more.
    """
    found = _waiting(actor, inputs)
    _refuse_own(actor, [one.person for one in found])
    own = [one for one in found if one.recorded_by_id == actor.pk]
    if own:
        raise Refused(
            _("其中 %(count)s 条是您自己录入的；请由另一位有权限的同事确认。") % {"count": len(own)}
        )
    for year in {one.year for one in found}:
        _check_still_asked([one for one in found if one.year == year], year)
    now = timezone.now()
    replaced = _held_in_place(found)
    for one in found:
        if (one.year, one.key) in replaced:
            _end(replaced[one.year, one.key], InputState.REVERSED, actor, _("由新确认的录入取代。"))
        one.state, one.decided_by, one.decided_at = InputState.CONFIRMED, actor, now
    AssessmentInput.objects.bulk_update(found, ["state", "decided_by", "decided_at"], batch_size=500)
    _record_each_year(actor, "input.confirm", found)
    return found


def _check_still_asked(found: Sequence[AssessmentInput], year: int) -> None:
    asked = asked_inputs(year)
    for one in found:
        if fault := fault_of(_row(one), asked):
            raise Refused(_("“%(input)s”不能确认：%(fault)s请退回。") % {"input": one, "fault": fault})


def _row(one: AssessmentInput) -> InputRow:
    names = ("kind", "code", "part", "band", "voter", "holds_from", "person", "team", "project", *CONTENT)
    return InputRow(**{name: getattr(one, name) for name in names})


def _held_in_place(
    found: Sequence[AssessmentInput],
) -> dict[tuple[int, tuple[object, ...]], AssessmentInput]:
    """The confirmed inputs that these replace, by year and place."""
    years, kinds = {one.year for one in found}, {one.kind for one in found}
    held = AssessmentInput.objects.select_for_update().filter(
        year__in=years, kind__in=kinds, state=InputState.CONFIRMED
    )
    places = {(one.year, one.key) for one in found}
    return {(one.year, one.key): one for one in held if (one.year, one.key) in places}


@action("input.return", gettext_lazy("退回考评录入"))
def return_inputs(*, actor: Account, inputs: Sequence[AssessmentInput], reason: str) -> list[AssessmentInput]:
    """Send inputs back to whoever recorded them, with the reason; they count nothing.

    Raises NotAllowed, Conflict for what does not wait any more, Refused without a reason.
    """
    reason = _reason(reason, _("请写明退回的原因，以便录入人改正。"))
    found = _waiting(actor, inputs)
    now = timezone.now()
    for one in found:
        one.state, one.note = InputState.RETURNED, reason
        one.decided_by, one.decided_at = actor, now
    AssessmentInput.objects.bulk_update(found, ["state", "note", "decided_by", "decided_at"], batch_size=500)
    _record_each_year(actor, "input.return", found, reason)
    _tell_recorders(actor, found, reason)
    return found


def _tell_recorders(actor: Account, found: Sequence[AssessmentInput], reason: str) -> None:
    """A notice to each recorder."""
    accounts = {one.recorded_by_id: one.recorded_by for one in found if one.recorded_by_id != actor.pk}
    counts = Counter(one.recorded_by_id for one in found)
    url = f"{reverse('kpi:inputs')}?year={found[0].year}"
    for pk, account in accounts.items():
        words = {"count": counts[pk], "reason": reason}
        text = _("您的 %(count)s 条考评录入被退回：%(reason)s") % words
        notify(recipients=[account], text=text, url=url)


@action("input.withdraw", gettext_lazy("撤回考评录入"))
def withdraw_input(*, actor: Account, entry: AssessmentInput) -> AssessmentInput:
    """Take back what one recorded and nobody has confirmed. Raises NotFound, NotAllowed, Conflict."""
    found = _locked(actor, [entry])[0]
    if found.recorded_by_id != actor.pk:
        raise NotAllowed(_("只有录入人可以撤回；确认人请用“退回”。"))
    _refuse_closed(found.year)
    if found.state != InputState.SUBMITTED:
        raise Conflict(_("这条录入%(state)s，不能撤回。") % {"state": found.get_state_display()})
    _end(found, InputState.WITHDRAWN, actor, "")
    record(actor=actor, verb="input.withdraw", target=found)
    return found


@action("input.reverse", gettext_lazy("冲销考评录入"))
def reverse_input(*, actor: Account, entry: AssessmentInput, reason: str) -> AssessmentInput:
    """Take a confirmed input out of the assessment, with the reason; from the next run it counts nothing.

    Raises NotFound, NotAllowed, Conflict for what is not confirmed, Refused without a reason.
    """
    found = _locked(actor, [entry])[0]
    if not access.can_confirm_inputs(actor):
        raise NotAllowed(_("只有人事和分管领导可以冲销考评录入。"))
    _refuse_closed(found.year)
    reason = _reason(reason, _("请写明冲销的原因。"))
    if found.state != InputState.CONFIRMED:
        raise Conflict(_("这条录入%(state)s，不能冲销。") % {"state": found.get_state_display()})
    _end(found, InputState.REVERSED, actor, reason)
    record(actor=actor, verb="input.reverse", target=found, reason=reason)
    return found


def _waiting(actor: Account, inputs: Sequence[AssessmentInput]) -> list[AssessmentInput]:
    """The inputs, locked, that the actor may decide on and that wait for it."""
    if not access.can_confirm_inputs(actor):
        raise NotAllowed(_("只有人事和分管领导可以确认或退回考评录入。"))
    if not inputs:
        raise Refused(_("没有选择任何录入；请先勾选。"))
    found = _locked(actor, inputs)
    for year in {one.year for one in found}:
        _refuse_closed(year)
    decided = [one for one in found if one.state != InputState.SUBMITTED]
    if decided:
        words = {"input": decided[0], "state": decided[0].get_state_display()}
        raise Conflict(_("“%(input)s”%(state)s，不再待确认；请刷新页面。") % words)
    return found


def _locked(actor: Account, inputs: Sequence[AssessmentInput]) -> list[AssessmentInput]:
    numbers = [one.pk for one in inputs]
    visible: QuerySet[AssessmentInput] = access.inputs_visible_to(actor).filter(pk__in=numbers)
    related = ("person", "team", "project", "recorded_by")
    found = list(visible.select_for_update(of=("self",)).select_related(*related).order_by("pk"))
    if len(found) != len(set(numbers)):
        raise NotFound(_("没有这条录入，或您无权查看。"))
    return found


def _end(one: AssessmentInput, state: str, actor: Account, note: str) -> None:
    one.state, one.ended_by, one.ended_at, one.note = InputState(state), actor, timezone.now(), note
    one.save(update_fields=["state", "ended_by", "ended_at", "note"])


def _reason(text: str, sentence: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(sentence, fields={"reason": sentence})
    if len(text) > 300:
        long = _("最多 %(number)s 个字。") % {"number": 300}
        raise Refused(long, fields={"reason": long})
    return text


def _record_each_year(actor: Account, verb: str, found: Sequence[AssessmentInput], reason: str = "") -> None:
    """One audit entry: on the input when it is one, else on its year."""
    for year in sorted({one.year for one in found}):
        own = [one for one in found if one.year == year]
        assessed, _created = AssessmentYear.objects.get_or_create(year=year)
        target = own[0] if len(own) == 1 else assessed
        record(actor=actor, verb=verb, target=target, reason=reason, detail=_detail(own))


def _detail(found: Sequence[AssessmentInput]) -> dict[str, Any]:
    kinds = Counter(str(one.kind) for one in found)
    named = [one.public_id for one in found[:LISTED]]
    return {"count": len(found), "kinds": dict(kinds), "inputs": named}


def _refuse_own(actor: Account, people: Sequence[Person | None]) -> None:
    """Nobody has a hand in what is given of oneself."""
    if any(person is not None and person.pk == actor.person_id for person in people):
        raise Refused(_("不能录入或确认本人的考评；请由同事办理。"))


def _refuse_closed(year: int) -> None:
    if AssessmentYear.objects.filter(year=year, closed_at__isnull=False).exists():
        raise Refused(_("%(year)s 年已关账，考评录入不再变动。") % {"year": year})
