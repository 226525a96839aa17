"""Applications on paper: typed in by HR, one by one or as a table, and handed in like any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.actions import close_preview, forget_preview, locked_preview, notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import ImportBatch
from staff.access import people_visible_to
from staff.access.competition import (
    application_import_kind,
    application_imports_visible_to,
    can_enter_applications,
)
from staff.actions.application import ClaimLine, hand_in, open_round, write_application
from staff.actions.paper import keep_paper
from staff.models import (
    Account,
    Application,
    ApplicationState,
    Competition,
    CompetitionPost,
    Person,
    StaffPaper,
)


@action("application.enter", gettext_lazy("代录报名"))
def enter_application(
    *,
    actor: Account,
    competition: Competition,
    person: Person,
    posts: Sequence[CompetitionPost],
    statement: str,
    claims: Mapping[str, str],
    paper: UploadedFile | StaffPaper,
    accepts_reassignment: bool = False,
) -> Application:
    """Hand in for somebody what stands on the paper form; `claims` are words by the text of the requirement.

    Raises Refused when the form is incomplete, the person has an application already or is the actor, Conflict outside the
    window: the database's clock decides, as for everybody.
    """
    need_enterer(actor)
    found = open_round(actor, competition)
    visible = people_visible_to(actor).select_for_update(of=("self",)).filter(pk=person.pk).first()
    if visible is None:
        raise NotFound(_("没有这个人。"))
    _check_person(actor, visible)
    application = found.applications.select_for_update().filter(person=visible).first()
    if application is None:
        application = Application(competition=found, person=visible)
    elif application.state != ApplicationState.WITHDRAWN:
        words = {"name": visible.name, "state": application.get_state_display()}
        raise Refused(_("%(name)s 在这次竞聘中已有报名（%(state)s），不能代录。") % words)
    application.state, application.accepts_reassignment = ApplicationState.DRAFT, accepts_reassignment
    application.entered_by = actor
    application.entry_paper = paper if isinstance(paper, StaffPaper) else keep_paper(paper, by=actor)
    application.save()
    lines = {text: ClaimLine(words) for text, words in claims.items()}
    write_application(actor, application, posts, statement, lines)
    hand_in(application)
    detail = {"posts": [str(post) for post in posts], "paper": application.entry_paper.public_id}
    record(actor=actor, verb="application.enter", target=application, detail=detail)
    notify(
        recipients=list(Account.objects.filter(person=visible, is_active=True)),
        text=_("“%(name)s”：人事已按您的纸质报名表录入并提交，请核对；有误请在截止前联系人事或自行撤回重报。")
        % {"name": found.name},
        url=reverse("staff:application", args=[application.public_id]),
    )
    return application


@action("application.keep-table", gettext_lazy("上传报名表"))
def keep_application_table(
    *,
    actor: Account,
    competition: Competition,
    file_name: str,
    accepted: list[dict[str, Any]],
    rejected: list[dict[str, Any]],
    upload: UploadedFile,
) -> ImportBatch:
    """Keep a table of forms as a preview with the scan that it was typed from; nothing is handed in yet."""
    need_enterer(actor)
    found = open_round(actor, competition)
    paper = keep_paper(upload, by=actor)
    batch = ImportBatch.objects.create(
        kind=application_import_kind(found),
        file_name=file_name[:200],
        created_by=actor,
        accepted=[row | {"paper": paper.pk} for row in accepted],
        rejected=rejected,
    )
    detail = {"rows": len(accepted), "rejected": len(rejected), "paper": paper.public_id}
    record(actor=actor, verb="application.keep-table", target=found, detail=detail)
    return batch


@action("application.enter-table", gettext_lazy("写入报名表"))
def enter_application_table(
    *, actor: Account, competition: Competition, batch: ImportBatch
) -> list[Application]:
    """Hand in every form of the table, or none; the rows are forgotten then."""
    need_enterer(actor)
    locked = locked_preview(application_imports_visible_to(actor, competition), batch)
    if not locked.accepted:
        raise Refused(_("没有需要写入的行。"))
    people = Person.objects.in_bulk([row["person"] for row in locked.accepted])
    posts = {post.pk: post for post in competition.posts.select_related("team")}
    papers = StaffPaper.objects.in_bulk({row["paper"] for row in locked.accepted})
    made = []
    for row in locked.accepted:
        if row["person"] not in people or not posts.keys() >= set(row["posts"]) or row["paper"] not in papers:
            raise Conflict(_("预览之后人员、岗位或扫描件有变，没有写入。请重新上传。"))
        made.append(
            enter_application(
                actor=actor,
                competition=competition,
                person=people[row["person"]],
                posts=[posts[each] for each in row["posts"]],
                statement=row["statement"],
                claims=row["claims"],
                accepts_reassignment=row["reassignment"],
                paper=papers[row["paper"]],
            )
        )
    locked.accepted, locked.rejected = [], []
    locked.save(update_fields=["accepted", "rejected"])
    close_preview(locked)
    detail = {"rows": len(made), "file": locked.file_name}
    record(actor=actor, verb="application.enter-table", target=competition, detail=detail)
    return made


@action("application.discard-table", gettext_lazy("放弃报名表"))
def discard_application_table(*, actor: Account, competition: Competition, batch: ImportBatch) -> ImportBatch:
    """Put a table aside and forget its rows."""
    need_enterer(actor)
    locked = locked_preview(application_imports_visible_to(actor, competition), batch)
    forget_preview(locked)
    record(actor=actor, verb="application.discard-table", target=competition)
    return locked


def need_enterer(actor: Account) -> None:
    """Raises NotAllowed for whoever does not type forms in."""
    if not can_enter_applications(actor):
        raise NotAllowed(_("纸质报名表由人事代录。"))


def _check_person(actor: Account, person: Person) -> None:
    if actor.person_id == person.pk:
        raise Refused(_("自己的报名请自己填写提交，不能代录。"))
    if person.left_on is not None and person.left_on <= timezone.localdate():
        raise Refused(_("%(name)s 已离职；竞聘面向在职人员。") % {"name": person.name})
