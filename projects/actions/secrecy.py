"""Making a project secret and open again, naming its readers, and keeping who opened it."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.actions.moves import locked_project
from projects.models import Project, ProjectReader, ProjectView
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account, Person


@action("project.secret", gettext_lazy("设为保密项目"))
def make_secret(
    *,
    actor: Account,
    project: Project,
    code_name: str,
    reason: str,
    readers: Sequence[Person] = (),
    seen: int | None = None,
) -> Project:
    """From now on only the owner, the named readers and auditors see the project; the actor becomes a reader.

    Raises Refused for a missing code name or reason; a code name that gives the name away is refused too.
    """
    locked = _permitted(actor, project)
    check_version(seen=seen, current=locked)
    code_name, reason = code_name.strip(), reason.strip()
    missing = {}
    if not code_name:
        missing["code_name"] = _("请填写代号；别处只显示代号。")
    elif code_name in locked.name or code_name in locked.company.name:
        missing["code_name"] = _("代号不能取自项目或企业的名称，否则一看就知道是谁。")
    if not reason:
        missing["reason"] = _("请写明为什么保密。")
    if actor.person_id is None:
        missing[""] = _("您的账号没有对应的人员，设为保密后您也看不到它；请由有人员的分管领导办理。")
    if missing:
        raise Refused("；".join(missing.values()), fields={k: v for k, v in missing.items() if k})
    locked.is_secret, locked.code_name, locked.secrecy_reason = True, code_name, reason
    _save(locked, "is_secret", "code_name", "secrecy_reason")
    for person in dict.fromkeys([actor.person, *readers]):
        if person is not None and person.pk != locked.owner_id:
            _grant(actor, locked, person, reason, None)
    record(actor=actor, verb="project.secret", target=locked, reason=reason, detail={"code_name": code_name})
    return locked


@action("project.open", gettext_lazy("解除保密"))
def lift_secrecy(*, actor: Account, project: Project, reason: str, seen: int | None = None) -> Project:
    """Everybody who would see the project otherwise sees it again; the view log and the readers stay."""
    locked = _permitted(actor, project)
    check_version(seen=seen, current=locked)
    if not locked.is_secret:
        raise Refused(_("这个项目没有保密，不用解除。"))
    if not reason.strip():
        raise Refused(_("请写明为什么解除保密。"), fields={"reason": _("请写明为什么解除保密。")})
    code_name = locked.code_name
    locked.is_secret, locked.code_name, locked.secrecy_reason = False, "", ""
    _save(locked, "is_secret", "code_name", "secrecy_reason")
    record(
        actor=actor,
        verb="project.open",
        target=locked,
        reason=reason.strip(),
        detail={"code_name": code_name},
    )
    return locked


@action("project.reader", gettext_lazy("指定查看人"))
def name_reader(
    *, actor: Account, project: Project, person: Person, reason: str, until: date | None = None
) -> ProjectReader:
    """Let a person read the project, until before a day or without end. Raises Refused without a reason or for a past day."""
    locked = _permitted(actor, project)
    if not reason.strip():
        raise Refused(_("请写明为什么让这个人查看。"), fields={"reason": _("请写明理由。")})
    if until is not None and until <= timezone.localdate():
        sentence = _("截止日期要晚于今天。")
        raise Refused(sentence, fields={"until": sentence})
    if person.left_on is not None:
        raise Refused(_("%(name)s 已离职，不能指定。") % {"name": person.name})
    return _grant(actor, locked, person, reason.strip(), until)


@action("project.reader_end", gettext_lazy("取消查看人"))
def end_reader(*, actor: Account, reader: ProjectReader) -> ProjectReader:
    """The person reads the project no longer."""
    project = _permitted(actor, reader.project)
    found = project.readers.select_for_update().filter(pk=reader.pk).first()
    today = timezone.localdate()
    if found is None or (found.reads_until is not None and found.reads_until <= today):
        raise NotFound(_("这个人已经不是查看人。"))
    found.reads_until = max(found.reads_from, today)
    found.save(update_fields=["reads_until"])
    record(actor=actor, verb="project.reader_end", target=project, detail={"person": found.person.name})
    return found


def keep_view(account: Account, projects: Iterable[Project], kind: str, detail: str = "") -> None:
    """That the account opened these projects goes into the view log; only of secret ones is it kept."""
    secret = [project for project in projects if project.is_secret]
    if secret:
        log_views(actor=account, projects=secret, kind=kind, detail=detail)


@action("project.view", gettext_lazy("查看保密项目"))
def log_views(*, actor: Account, projects: Sequence[Project], kind: str, detail: str = "") -> None:
    """Write one line of the view log for each project; the log is its own record."""
    ProjectView.objects.bulk_create(
        ProjectView(project=project, account=actor, kind=kind, detail=detail[:200]) for project in projects
    )


def _permitted(actor: Account, project: Project) -> Project:
    locked = locked_project(actor, project)
    if not access.can_set_secrecy(actor):
        raise NotAllowed(_("保密和查看人由分管领导决定；请把理由告诉他们。"))
    return locked


def _grant(
    actor: Account, project: Project, person: Person, reason: str, until: date | None
) -> ProjectReader:
    """One row in force per person: what ran before ends today."""
    today = timezone.localdate()
    for running in project.readers.filter(person=person).exclude(reads_until__lte=today):
        running.reads_until = max(running.reads_from, today)
        running.save(update_fields=["reads_until"])
    reader = ProjectReader.objects.create(
        project=project, person=person, reads_from=today, reads_until=until, reason=reason, granted_by=actor
    )
    record(
        actor=actor,
        verb="project.reader",
        target=project,
        reason=reason,
        detail={"person": person.name, "until": str(until or "")},
    )
    return reader


def _save(project: Project, *fields: str) -> None:
    project.version += 1
    project.save(update_fields=[*fields, "version", "changed_at"])
