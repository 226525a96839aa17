"""Schemes drafted by one and published by another."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import access
from kpi.actions.target import refuse_closed as _refuse_closed
from kpi.models import SchemeState, SchemeVersion
from kpi.queries.scheme_diff import scheme_diff
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.fingerprint import fingerprint
from kpi.scoring.reading import read
from kpi.scoring.scheme import Scheme
from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account

SHOWN_ERRORS = 20
KEPT_LINES = 200


@action("scheme.draft", gettext_lazy("起草考核细则"))
def draft_scheme(*, actor: Account, year: int, text: str) -> SchemeVersion:
    """Keep a scheme document as the next draft of the year.

    Raises NotAllowed, and Refused with every fault of the document, each with its path and line.
    """
    if not access.can_draft_schemes(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    text = _lines(text)
    scheme = _accepted(year, text)
    newest = SchemeVersion.objects.filter(year=year).aggregate(number=Max("number"))["number"] or 0
    version = SchemeVersion.objects.create(
        year=year,
        number=newest + 1,
        title=scheme.title[:120],
        text=text,
        holds_from=scheme.holds_from,
        drafted_by=actor,
        fingerprint=fingerprint(read(text).value),
    )
    record(actor=actor, verb="scheme.draft", target=version, detail={"fingerprint": version.fingerprint})
    return version


@action("scheme.edit", gettext_lazy("修改考核细则草稿"))
def edit_draft(
    *, actor: Account, scheme: SchemeVersion, text: str, seen: int | None = None, what: str = ""
) -> SchemeVersion:
    """Keep a draft's document as it is now; who changes a draft does not publish it.

    `seen` is the version the text was drawn from, `what` says in words what was done. Raises NotFound, NotAllowed,
    Conflict when somebody else has changed the draft since, Refused for a published version and for every fault.
    """
    version = access.schemes_visible_to(actor).select_for_update().filter(pk=scheme.pk).first()
    if version is None:
        raise NotFound(_("没有这份细则。"))
    if not access.can_draft_schemes(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以起草考核细则。"))
    if version.state == SchemeState.PUBLISHED:
        raise Refused(_("这份细则已经发布，不再改动；请以它起草新版。"))
    check_version(seen=seen, current=version)
    text, before = _lines(text), version.text
    changed = _accepted(version.year, text)
    if text == before:
        return version
    version.text, version.title, version.holds_from = text, changed.title[:120], changed.holds_from
    version.fingerprint = fingerprint(read(text).value)
    version.version += 1
    version.authors = sorted({*version.authors, actor.pk})
    version.edited_by, version.edited_at = actor, timezone.now()
    version.save(
        update_fields=[
            "text",
            "title",
            "holds_from",
            "fingerprint",
            "version",
            "authors",
            "edited_by",
            "edited_at",
        ]
    )
    record(
        actor=actor,
        verb="scheme.edit",
        target=version,
        reason=what,
        detail={"fingerprint": version.fingerprint, "version": version.version, "diff": _kept(before, text)},
    )
    return version


def _lines(text: str) -> str:
    """The text with plain ends of line, as a browser's text field does not send it."""
    return text.replace("\r\n", "\n")


def _kept(before: str, after: str) -> list[str]:
    """The changed lines for the audit trail, so many at the most."""
    lines = [line.text[:200] for line in scheme_diff(before, after) if line.kind in ("add", "drop")]
    left = len(lines) - KEPT_LINES
    return lines if left <= 0 else [*lines[:KEPT_LINES], f"… {left}"]


def _accepted(year: int, text: str) -> Scheme:
    """The scheme of a draft's text. Raises Refused for a closed year, for any fault, and for another year's scheme."""
    _refuse_closed(year)
    scheme = _parsed(text, draft=True)
    if scheme.year != year:
        sentence = _("细则写的是 %(written)s 年，这里要的是 %(year)s 年；请改正文件中的 year。") % {
            "written": scheme.year,
            "year": year,
        }
        raise Refused(sentence, fields={"text": sentence})
    return scheme


def _parsed(text: str, *, draft: bool = False) -> Scheme:
    try:
        return parse_scheme(text, draft=draft)
    except InvalidDocument as invalid:
        lines = [str(error) for error in invalid.errors[:SHOWN_ERRORS]]
        more = len(invalid.errors) - len(lines)
        if more > 0:
            lines.append(_("另有 %(count)s 处问题。") % {"count": more})
        listed = "\n".join(lines)
        raise Refused(
            _("细则没有保存，请按提示修改：%(errors)s") % {"errors": listed}, fields={"text": listed}
        ) from invalid


@action("scheme.publish", gettext_lazy("发布考核细则"))
def publish_scheme(*, actor: Account, scheme: SchemeVersion) -> SchemeVersion:
    """Make a draft the rule of its year; never by the one who drafted it, and never to be changed after.

    Raises NotFound, NotAllowed, Conflict when somebody else has published it already, Refused for the drafter and
    for a document with faults.
    """
    version = access.schemes_visible_to(actor).select_for_update().filter(pk=scheme.pk).first()
    if version is None:
        raise NotFound(_("没有这份细则。"))
    if not access.can_draft_schemes(actor):
        raise NotAllowed(_("只有人事、分管领导和系统管理员可以发布考核细则。"))
    if version.state == SchemeState.PUBLISHED:
        raise Conflict(_("这份细则已由 %(who)s 发布，不必再发布。") % {"who": version.published_by})
    if version.drafted_by_id == actor.pk:
        raise Refused(_("起草人不能发布自己的细则；请由另一位有权限的同事发布。"))
    if actor.pk in version.authors:
        raise Refused(_("您改过这份草稿，不能由您发布；请由没有改过它的同事核对后发布。"))
    _refuse_closed(version.year)
    _parsed(version.text)
    version.state, version.published_by, version.published_at = SchemeState.PUBLISHED, actor, timezone.now()
    version.save(update_fields=["state", "published_by", "published_at"])
    record(actor=actor, verb="scheme.publish", target=version, detail={"fingerprint": version.fingerprint})
    return version
