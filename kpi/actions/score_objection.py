"""Objections to a published result (考核异议): raised by whom it is about, decided by somebody else, carried out by ordinary actions."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.access.publicity import (
    answerable_standings,
    can_decide_objections,
    decides_on,
    objections_visible_to,
)
from kpi.actions.publicity_rows import needed
from kpi.models import (
    AssessmentInput,
    Item,
    ObjectionPaper,
    ObjectionState,
    Publicity,
    PublicityState,
    RemedyKind,
    ScoreObjection,
    Standing,
)
from kpi.models.score_objection import DECIDED
from kpi.queries.publicity import visible_publicity
from projects.access import achievements_visible_to
from projects.actions.upload import checked_files
from projects.models import Achievement
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.models import Account, Role


@action("score-objection.raise", gettext_lazy("提出考核异议"))
def raise_score_objection(
    *,
    actor: Account,
    publicity: Publicity,
    standing: Standing,
    text: str,
    asked: str,
    indicator: str = "",
    achievement: Achievement | None = None,
    papers: Sequence[UploadedFile] = (),
) -> ScoreObjection:
    """Object to one's own published result, or that of a team one leads: to an item, a fact, or the whole; perhaps with papers.

    Raises NotFound for a result one does not answer for, and Refused outside the window, for an item that the result does
    not have, a fact one does not see, or a file that cannot be kept.
    """
    found = visible_publicity(actor, publicity.public_id)
    mine = answerable_standings(actor).filter(pk=standing.pk, run=found.run_id).first()
    if mine is None:
        raise NotFound(_("您不能对这份结果提出异议：只有本人，或者团队的队长可以提出。"))
    if not found.is_open_on(timezone.localdate()):
        raise Refused(_("公示期已过或还没有开始，不能提出异议。"))
    words = needed(text, "text", _("请写明哪里不对、为什么。"), 500)
    wanted = needed(asked, "asked", _("请写明希望怎样更正。"), 300)
    title = _title_of(mine, indicator)
    if achievement is not None:
        _check_seen(actor, achievement)
    row = ScoreObjection.objects.create(
        publicity=found,
        standing=mine,
        indicator=indicator,
        title=title,
        achievement=achievement,
        text=words,
        asked=wanted,
        raised_by=actor,
    )
    _keep_papers(actor, row, papers)
    detail = {"subject": mine.subject_name, "indicator": indicator, "papers": len(papers)}
    record(actor=actor, verb="score-objection.raise", target=row, detail=detail)
    _tell_deciders(actor, row)
    return row


def _title_of(standing: Standing, indicator: str) -> str:
    """The item's name. Raises Refused for one that the result does not have."""
    if not indicator:
        return ""
    title = (
        Item.objects.filter(standing=standing, indicator=indicator).values_list("title", flat=True).first()
    )
    if title is None:
        sentence = _("这份结果里没有这一项；请从列表中选择。")
        raise Refused(sentence, fields={"indicator": sentence})
    return title


def _check_seen(actor: Account, achievement: Achievement) -> None:
    if not achievements_visible_to(actor).filter(pk=achievement.pk).exists():
        sentence = _("没有这条业绩，或您无权查看。")
        raise Refused(sentence, fields={"achievement": sentence})


def _keep_papers(actor: Account, row: ScoreObjection, papers: Sequence[UploadedFile]) -> None:
    for checked in checked_files(papers):
        ObjectionPaper.objects.create(
            objection=row,
            title=checked.title,
            file=checked.upload,
            content_type=checked.content_type,
            size=checked.size,
            digest=checked.digest,
            uploaded_by=actor,
        )


def _tell_deciders(actor: Account, row: ScoreObjection) -> None:
    deciders = Account.objects.filter(role__in=(Role.HR, Role.MANAGER), is_active=True).exclude(pk=actor.pk)
    text = _("%(year)s 年考核公示有新的异议：%(what)s。") % {"year": row.publicity.year, "what": row}
    notify(recipients=list(deciders), text=text, url=_address(row))


@action("score-objection.withdraw", gettext_lazy("撤回考核异议"))
def withdraw_score_objection(
    *, actor: Account, objection: ScoreObjection, seen: int | None = None
) -> ScoreObjection:
    """Take back one's own objection before it is decided. Raises NotFound, NotAllowed, Conflict."""
    locked = _locked(actor, objection, seen)
    if locked.raised_by_id != actor.pk:
        raise NotAllowed(_("只有提出人可以撤回异议。"))
    _need_open(locked)
    locked.state = ObjectionState.WITHDRAWN
    _save(locked, "state")
    record(actor=actor, verb="score-objection.withdraw", target=locked)
    return locked


@action("score-objection.decide", gettext_lazy("处理考核异议"))
def decide_score_objection(
    *, actor: Account, objection: ScoreObjection, outcome: str, reason: str, seen: int | None = None
) -> ScoreObjection:
    """Uphold, partly uphold or reject an objection, with the reason; whoever raised it is told.

    Raises NotFound, NotAllowed for an objection of one's own or about oneself, Conflict, Refused without a reason.
    """
    locked = _locked(actor, objection, seen)
    if not can_decide_objections(actor):
        raise NotAllowed(_("考核异议由人事或分管领导处理；请联系他们。"))
    if not decides_on(actor, locked):
        raise NotAllowed(_("自己提出的、关于自己或本队的异议，由另一位人事或分管领导处理。"))
    _need_open(locked)
    if outcome not in DECIDED:
        sentence = _("请选择采纳、部分采纳或不予采纳。")
        raise Refused(sentence, fields={"outcome": sentence})
    locked.state = ObjectionState(outcome)
    locked.decision = needed(reason, "reason", _("处理异议要写明理由。"), 500)
    locked.decided_by, locked.decided_at = actor, timezone.now()
    _save(locked, "state", "decision", "decided_by", "decided_at")
    detail = {"outcome": outcome, "subject": locked.standing.subject_name}
    record(actor=actor, verb="score-objection.decide", target=locked, reason=locked.decision, detail=detail)
    words = {"what": locked, "state": locked.get_state_display(), "reason": locked.decision}
    text = _("您的考核异议（%(what)s）%(state)s：%(reason)s") % words
    notify(recipients=[locked.raised_by], text=text, url=_address(locked))
    return locked


@action("score-objection.remedy", gettext_lazy("登记异议更正"))
def settle_remedy(
    *,
    actor: Account,
    objection: ScoreObjection,
    kind: str,
    text: str,
    achievement: Achievement | None = None,
    entry: AssessmentInput | None = None,
    seen: int | None = None,
) -> ScoreObjection:
    """Write down what was done for a granted objection: by which kind of ordinary action, on which fact or input.

    Raises NotFound, NotAllowed, Conflict once the publicity is settled, Refused for an objection that was not granted.
    """
    locked = _locked(actor, objection, seen)
    if not decides_on(actor, locked):
        raise NotAllowed(_("更正情况由处理异议的人事或分管领导登记。"))
    if locked.publicity.state != PublicityState.OPEN:
        raise Conflict(
            _("这次公示%(state)s，不能再登记更正。") % {"state": locked.publicity.get_state_display()}
        )
    if not locked.is_granted:
        raise Refused(_("只有采纳或部分采纳的异议才登记更正。"))
    if kind not in RemedyKind.values:
        sentence = _("请选择更正方式。")
        raise Refused(sentence, fields={"kind": sentence})
    if achievement is not None:
        _check_seen(actor, achievement)
    locked.remedy_kind = RemedyKind(kind)
    locked.remedy = needed(text, "text", _("请写明做了什么更正。"), 300)
    locked.remedy_achievement, locked.remedy_input = achievement, entry
    locked.remedied_by, locked.remedied_at = actor, timezone.now()
    _save(locked, "remedy_kind", "remedy", "remedy_achievement", "remedy_input", "remedied_by", "remedied_at")
    record(actor=actor, verb="score-objection.remedy", target=locked, detail={"kind": kind})
    return locked


def _locked(actor: Account, objection: ScoreObjection, seen: int | None) -> ScoreObjection:
    rows = objections_visible_to(actor).select_for_update(of=("self",))
    found = rows.select_related("standing", "publicity", "raised_by").filter(pk=objection.pk).first()
    if found is None:
        raise NotFound(_("没有这条异议，或您无权查看。"))
    check_version(seen=seen, current=found)
    return found


def _need_open(locked: ScoreObjection) -> None:
    if locked.state != ObjectionState.OPEN:
        raise Conflict(_("这条异议%(state)s，不能再改。") % {"state": locked.get_state_display()})
    if locked.publicity.state != PublicityState.OPEN:
        raise Conflict(
            _("这次公示%(state)s，异议不再处理。") % {"state": locked.publicity.get_state_display()}
        )


def _save(locked: ScoreObjection, *names: str) -> None:
    locked.version += 1
    locked.save(update_fields=[*names, "version"])


def _address(row: ScoreObjection) -> str:
    return reverse("kpi:score-objection", args=[row.public_id])
