"""Raising, answering, solving, reopening, extending and withdrawing blockers; each restart of the clock is a round."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access.blocker import blockers_visible_to, can_grant_time
from projects.actions.document import CheckedFile, checked_files, write_documents
from projects.actions.moves import locked_project, permit_change
from projects.models import (
    Blocker,
    BlockerEntry,
    BlockerEntryKind,
    BlockerState,
    Department,
    DepartmentContact,
    Project,
)
from projects.queries.blocker import time_limit
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.working_days import working_calendar
from staff.models import Account

LONGEST_TITLE = 80
LONGEST_TEXT = 2000
# How often the time for one blocker may be lengthened before it has to be answered for otherwise (assumption).
MOST_EXTENSIONS = 2


@action("blocker.raise", gettext_lazy("提出堵点"))
def raise_blocker(
    *,
    actor: Account,
    project: Project,
    department: Department,
    title: str,
    text: str = "",
    contact: DepartmentContact | None = None,
    on: date | None = None,
    files: Sequence[UploadedFile] = (),
) -> Blocker:
    """Put a blocker before a department (堵点); the clock to answer starts on `on` (today), in working days.

    Without a contact the department's specialist in this project is asked. Raises NotAllowed for whoever does not work on
    the project, Refused for a missing title, a closed department, a day to come, or a contact of another department.
    """
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    day = on or timezone.localdate()
    # So that nobody takes the department out of use meanwhile.
    department = Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    _check_raised(title, text, department, contact, day)
    limit = time_limit(locked.project_class, day)
    yellow_on, due_on = clock_from(day, limit.answer_days, limit.warning_days)
    checked = checked_files(files)
    blocker = Blocker.objects.create(
        project=locked,
        department=department,
        contact=contact or _specialist(locked, department),
        title=title.strip(),
        text=text.strip(),
        raised_by=actor,
        raised_on=day,
        yellow_on=yellow_on,
        due_on=due_on,
    )
    write_entry(blocker, BlockerEntryKind.RAISED, text, actor=actor, files=checked)
    detail = {"department": department.name, "due_on": due_on.isoformat(), "project": locked.code}
    record(actor=actor, verb="blocker.raise", target=blocker, detail=detail)
    return blocker


@action("blocker.note", gettext_lazy("记堵点进展"))
def note_on_blocker(
    *, actor: Account, blocker: Blocker, text: str, files: Sequence[UploadedFile] = ()
) -> Blocker:
    """Keep what was done meanwhile; the clock goes on. Raises Refused without a text or after the end."""
    locked = locked_blocker(actor, blocker)
    _check_running(locked)
    said = checked_text(text, _("请写几句进展。"))
    write_entry(locked, BlockerEntryKind.NOTE, said, actor=actor, files=checked_files(files))
    record(actor=actor, verb="blocker.note", target=locked, detail={"project": locked.project.code})
    return locked


@action("blocker.answer", gettext_lazy("登记部门答复"))
def answer_blocker(
    *,
    actor: Account,
    blocker: Blocker,
    text: str,
    promised_on: date | None = None,
    seen: int | None = None,
    files: Sequence[UploadedFile] = (),
) -> Blocker:
    """Write down what the department answered by telephone or on paper; the clock to solve starts.

    `promised_on` is the day the department named; without one, or with a later one, the limit of the class holds.
    """
    locked = locked_blocker(actor, blocker)
    check_version(seen=seen, current=locked)
    keep_answer(locked, text, promised_on)
    write_entry(locked, BlockerEntryKind.ANSWERED, locked.answer, actor=actor, files=checked_files(files))
    record(actor=actor, verb="blocker.answer", target=locked, detail=_clock_detail(locked))
    return locked


@action("blocker.solve", gettext_lazy("办结堵点"))
def solve_blocker(
    *,
    actor: Account,
    blocker: Blocker,
    solution: str,
    on: date | None = None,
    seen: int | None = None,
    files: Sequence[UploadedFile] = (),
) -> Blocker:
    """Close a blocker because it is gone; says how. `on` is the day it went, not before it was raised."""
    locked = locked_blocker(actor, blocker)
    check_version(seen=seen, current=locked)
    _check_running(locked)
    said = checked_text(solution, _("请写明堵点怎么解决的。"), field="solution")
    day = on or timezone.localdate()
    if not locked.raised_on <= day <= timezone.localdate():
        sentence = _("办结日期应在提出日期 %(day)s 和今天之间。") % {"day": locked.raised_on}
        raise Refused(sentence, fields={"on": sentence})
    _write(locked, state=BlockerState.SOLVED, solution=said, closed_on=day)
    write_entry(locked, BlockerEntryKind.SOLVED, said, actor=actor, files=checked_files(files))
    revoke_links(locked)
    record(actor=actor, verb="blocker.solve", target=locked, detail=_clock_detail(locked))
    tell(locked, _("堵点已办结：%(title)s") % {"title": locked.title}, [locked.raised_by], but=actor)
    return locked


@action("blocker.withdraw", gettext_lazy("撤销堵点"))
def withdraw_blocker(*, actor: Account, blocker: Blocker, reason: str, seen: int | None = None) -> Blocker:
    """Take back a blocker that was none; it stays readable with the reason and does not count as solved."""
    locked = locked_blocker(actor, blocker)
    check_version(seen=seen, current=locked)
    _check_running(locked)
    said = checked_text(reason, _("请写明为什么撤销。"), field="reason")
    _write(locked, state=BlockerState.WITHDRAWN, closed_on=timezone.localdate())
    write_entry(locked, BlockerEntryKind.WITHDRAWN, said, actor=actor)
    revoke_links(locked)
    record(actor=actor, verb="blocker.withdraw", target=locked, reason=said)
    return locked


@action("blocker.reopen", gettext_lazy("退回重办堵点"))
def reopen_blocker(*, actor: Account, blocker: Blocker, reason: str, seen: int | None = None) -> Blocker:
    """Send an answer or a solution that does not hold back to the department; the clock to answer starts anew."""
    locked = locked_blocker(actor, blocker)
    check_version(seen=seen, current=locked)
    if locked.state not in (BlockerState.ANSWERED, BlockerState.SOLVED):
        raise Refused(
            _("堵点现在是“%(state)s”，没有可以退回的答复。") % {"state": locked.get_state_display()}
        )
    said = checked_text(reason, _("请写明答复为什么没有解决问题。"), field="reason")
    limit = time_limit(locked.project.project_class, timezone.localdate())
    yellow_on, due_on = clock_from(timezone.localdate(), limit.answer_days, limit.warning_days)
    _write(
        locked,
        state=BlockerState.OPEN,
        yellow_on=yellow_on,
        due_on=due_on,
        round=locked.round + 1,
        closed_on=None,
        promised_on=None,
    )
    write_entry(locked, BlockerEntryKind.REOPENED, said, actor=actor)
    record(actor=actor, verb="blocker.reopen", target=locked, reason=said, detail=_clock_detail(locked))
    return locked


@action("blocker.extend", gettext_lazy("延长堵点期限"))
def extend_blocker(
    *, actor: Account, blocker: Blocker, due_on: date, reason: str, seen: int | None = None
) -> Blocker:
    """Give the department time until `due_on`, twice at most; the team's leader or a manager decides, with the reason."""
    locked = locked_blocker(actor, blocker, permit=False)
    if not can_grant_time(actor, locked.project):
        raise NotAllowed(_("延期由本团队队长或分管领导决定；请把理由告诉他们。"))
    check_version(seen=seen, current=locked)
    _check_running(locked)
    said = checked_text(reason, _("请写明为什么延期。"), field="reason")
    if due_on <= max(locked.due_on, timezone.localdate()):
        sentence = _("新期限要晚于今天和原期限 %(day)s。") % {"day": locked.due_on}
        raise Refused(sentence, fields={"due_on": sentence})
    if locked.entries.filter(kind=BlockerEntryKind.EXTENDED).count() >= MOST_EXTENSIONS:
        raise Refused(
            _("这个堵点已经延期 %(most)s 次，不能再延；请办结、退回重办或提请协调。")
            % {"most": MOST_EXTENSIONS}
        )
    limit = time_limit(locked.project.project_class, timezone.localdate())
    before = locked.due_on
    yellow_on = max(working_calendar().before(due_on, limit.warning_days), timezone.localdate())
    _write(locked, yellow_on=min(yellow_on, due_on), due_on=due_on, round=locked.round + 1)
    line = _("期限由 %(before)s 延至 %(after)s：%(reason)s") % {
        "before": before,
        "after": due_on,
        "reason": said,
    }
    write_entry(locked, BlockerEntryKind.EXTENDED, line, actor=actor)
    detail = {"due_on": [before.isoformat(), due_on.isoformat()]}
    record(actor=actor, verb="blocker.extend", target=locked, reason=said, detail=detail)
    tell(
        locked,
        _("堵点延期至 %(day)s：%(title)s") % {"day": due_on, "title": locked.title},
        [locked.raised_by],
        but=actor,
    )
    return locked


def locked_blocker(actor: Account, blocker: Blocker, *, permit: bool = True) -> Blocker:
    """The blocker of the visible set, locked after its project. Raises NotFound, or NotAllowed for mere readers."""
    project = locked_project(actor, blocker.project)
    if permit:
        permit_change(actor, project)
    found = (
        blockers_visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("department", "raised_by")
        .filter(pk=blocker.pk)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这个堵点，或者您看不到它。"))
    found.project = project
    return found


def clock_from(day: date, count: int, warning: int) -> tuple[date, date]:
    """The day of the yellow card and the due day for a clock of `count` working days that starts after the day."""
    calendar = working_calendar()
    due_on = calendar.after(day, count)
    return max(calendar.before(due_on, warning), day), due_on


def keep_answer(locked: Blocker, text: str, promised_on: date | None) -> None:
    """Write an answer on the locked row and start the clock to solve; used by the account's and the link's door."""
    if locked.state != BlockerState.OPEN:
        raise Refused(
            _("堵点现在是“%(state)s”，已经答复过；要补充请记进展。") % {"state": locked.get_state_display()}
        )
    said = checked_text(text, _("请写明部门的答复。"))
    today = timezone.localdate()
    if promised_on is not None and promised_on < today:
        sentence = _("承诺办结日期已经过去；请填今天或以后。")
        raise Refused(sentence, fields={"promised_on": sentence})
    limit = time_limit(locked.project.project_class, today)
    yellow_on, due_on = clock_from(today, limit.solve_days, limit.warning_days)
    if promised_on is not None and promised_on < due_on:
        due_on = promised_on
        yellow_on = min(max(working_calendar().before(due_on, limit.warning_days), today), due_on)
    _write(
        locked,
        state=BlockerState.ANSWERED,
        answer=said,
        answered_on=today,
        promised_on=promised_on,
        yellow_on=yellow_on,
        due_on=due_on,
        round=locked.round + 1,
    )


def write_entry(
    blocker: Blocker,
    kind: str,
    text: str,
    actor: Account | None = None,
    *,
    signed_by: str = "",
    files: Sequence[CheckedFile] = (),
    keeper: Account | None = None,
) -> BlockerEntry:
    """A line of the course; files become papers of the project, kept by `keeper` when nobody with an account brings them."""
    entry = BlockerEntry.objects.create(
        blocker=blocker,
        kind=kind,
        text=text.strip(),
        written_by=actor,
        signed_by=signed_by or (actor.display_name if actor else str(_("系统"))),
    )
    owner = actor or keeper
    if files and owner is not None:
        entry.documents.set(write_documents(actor=owner, files=files, project=blocker.project))
    return entry


def revoke_links(blocker: Blocker) -> None:
    """A question that is closed is not answered any more."""
    blocker.links.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())


def tell(blocker: Blocker, text: str, accounts: Sequence[Account], *, but: Account | None = None) -> None:
    """A notice to each of the accounts after commit, but not to the one who acted."""
    recipients = [one for one in accounts if but is None or one.pk != but.pk]
    url = reverse("projects:blocker", args=[blocker.public_id])
    if recipients:
        transaction.on_commit(lambda: notify(recipients=recipients, text=text, url=url))


def checked_text(text: str, sentence: str, *, field: str = "text") -> str:
    """The text without blanks around it. Raises Refused with the sentence when there is none."""
    said = text.strip()
    if not said:
        raise Refused(sentence, fields={field: sentence})
    if len(said) > LONGEST_TEXT:
        too_long = _("最多 %(most)s 个字。") % {"most": LONGEST_TEXT}
        raise Refused(too_long, fields={field: too_long})
    return said


def _check_raised(
    title: str, text: str, department: Department, contact: DepartmentContact | None, day: date
) -> None:
    wrong = {}
    if not title.strip():
        wrong["title"] = _("请用一句话写明卡在哪里。")
    elif len(title.strip()) > LONGEST_TITLE:
        wrong["title"] = _("最多 %(most)s 个字。") % {"most": LONGEST_TITLE}
    if len(text.strip()) > LONGEST_TEXT:
        wrong["text"] = _("最多 %(most)s 个字。") % {"most": LONGEST_TEXT}
    if not department.is_open:
        wrong["department"] = _("这个部门已停用，请选择承接它职责的部门。")
    if contact is not None and contact.department_id != department.pk:
        wrong["contact"] = _("这位联系人不在所选部门。")
    if day > timezone.localdate():
        wrong["on"] = _("提出日期不能晚于今天。")
    if wrong:
        raise Refused(_("堵点没有保存：%(what)s") % {"what": "".join(wrong.values())}, fields=wrong)


def _specialist(project: Project, department: Department) -> DepartmentContact | None:
    named = project.specialists.filter(department=department, ends_on=None).select_related("contact").first()
    return named.contact if named else None


def _check_running(blocker: Blocker) -> None:
    if not blocker.is_running:
        raise Refused(
            _("堵点%(state)s，不能再办理；没有解决请退回重办。") % {"state": blocker.get_state_display()}
        )


def _clock_detail(blocker: Blocker) -> dict[str, Any]:
    return {"state": blocker.state, "due_on": blocker.due_on.isoformat(), "round": blocker.round}


def _write(blocker: Blocker, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(blocker, name, value)
    blocker.version += 1
    blocker.save(update_fields=[*fields, "version", "changed_at"])
