"""What the actions on gates share: lock a row from its visible set, keep a file, insist on words."""

from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import reviews as access
from projects.actions.document import checked_file, write_documents
from projects.actions.moves import locked_project, permit_change
from projects.models import Document, JointReview, Project, ReviewState
from projects.workflow import Status
from promotion.errors import Conflict, NotFound, Refused
from staff.models import Account

Row = TypeVar("Row", bound=Model)
SHORT, LONG = 300, 500


def locked_row(visible: QuerySet[Row], row: Row) -> Row:
    """The row, locked until the transaction ends. Raises NotFound when it is not the actor's to see."""
    found = visible.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或者您看不到它。请返回项目页。"))
    return found


def working_project(actor: Account, project: Project) -> Project:
    """The project locked, for somebody who works on it, while it is worked on."""
    locked = locked_project(actor, project)
    permit_change(actor, locked)
    if locked.status != Status.ACTIVE:
        raise Refused(_("项目%(status)s，不能办理；请先恢复项目。") % {"status": locked.get_status_display()})
    return locked


def kept_file(actor: Account, project: Project, upload: UploadedFile | None) -> Document | None:
    """The upload as a document of the project. Raises Refused for what may not be kept."""
    if upload is None:
        return None
    (document,) = write_documents(actor=actor, files=[checked_file(upload)], project=project)
    return document


def words(text: str, field: str, sentence: str, *, longest: int = SHORT) -> str:
    """The text without its margins. Raises Refused with the sentence when there is none, or too much of it."""
    kept = text.strip()
    if not kept:
        raise Refused(sentence, fields={field: sentence})
    return fitting(kept, field, longest=longest)


def fitting(text: str, field: str, *, longest: int = SHORT) -> str:
    """The text without its margins. Raises Refused when it is longer than the column."""
    kept = text.strip()
    if len(kept) > longest:
        sentence = _("最多 %(count)s 个字，现在有 %(length)s 个。") % {"count": longest, "length": len(kept)}
        raise Refused(sentence, fields={field: sentence})
    return kept


def save_row(row: Model, *fields: str) -> None:
    """Save the named fields of a locked row as its next version."""
    row.version += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*fields, "version"])


def record_url(project: Project, tab: str = "admission") -> str:
    """The tab of the record where gates are seen to."""
    return f"{reverse('projects:detail', args=[project.public_id])}?tab={tab}"


def open_round(actor: Account, review: JointReview) -> JointReview:
    """The round, locked while it is open. Raises Conflict naming who ended it."""
    locked = locked_row(access.joint_reviews_visible_to(actor), review)
    if locked.state != ReviewState.OPEN:
        raise Conflict(
            _("%(who)s 已把 %(number)s 办结：%(state)s。您的操作没有保存，请刷新页面。")
            % {"who": locked.decided_by, "number": locked.number, "state": locked.get_state_display()}
        )
    return locked
