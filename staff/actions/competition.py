"""Rounds of competition: written by HR, announced by a second person, cancelled with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.web.formats import moment
from staff.access.competition import can_announce, can_run_competitions, competitions_visible_to
from staff.actions.paper import keep_paper
from staff.models import (
    Account,
    Competition,
    CompetitionCriterion,
    CompetitionPost,
    CompetitionState,
    Team,
)
from staff.queries.competition import posts_of, requirements_of

TERMS = (
    "name", "body_name", "notice", "opens_at", "closes_at", "requirements_on", "appoint_on", "term_months", "trim",
    "least_judges", "pass_mark", "publicity_days", "replaces_all",
)  # fmt: skip
WHOLE = Decimal(100)


@dataclass(frozen=True)
class PostLine:
    """A post as it is written down."""

    team: Team
    grade: str
    seats: int = 1
    language: str = ""
    leads: bool = False


@dataclass(frozen=True)
class CriterionLine:
    """A criterion as it is written down; the weight is in percent."""

    name: str
    weight: Decimal
    words: str = ""


@action("competition.draft", gettext_lazy("起草竞聘"))
def draft_competition(
    *,
    actor: Account,
    terms: Mapping[str, Any],
    posts: Sequence[PostLine] = (),
    criteria: Sequence[CriterionLine] = (),
    upload: UploadedFile | None = None,
    is_demo: bool = False,
) -> Competition:
    """Write a new round with its posts and criteria; nobody but those who prepare it sees it yet."""
    _need_runner(actor)
    given = {name: terms[name] for name in TERMS if name in terms}
    _check_terms(given)
    competition = Competition.objects.create(
        **given, number=_number(given["opens_at"]), created_by=actor, is_demo=is_demo
    )
    _write_lines(competition, posts, criteria)
    _keep_notice(actor, competition, upload)
    record(actor=actor, verb="competition.draft", target=competition, detail={"number": competition.number})
    return competition


@action("competition.change", gettext_lazy("修改竞聘"))
def change_competition(
    *,
    actor: Account,
    competition: Competition,
    terms: Mapping[str, Any],
    posts: Sequence[PostLine],
    criteria: Sequence[CriterionLine],
    upload: UploadedFile | None = None,
    seen: int | None = None,
) -> Competition:
    """Write a draft anew. What was announced is not changed any more: people have applied on these terms."""
    locked = locked_competition(actor, competition)
    _need_runner(actor)
    check_version(seen=seen, current=locked)
    if locked.state != CompetitionState.DRAFT:
        raise Refused(_("竞聘已经公布，条件不能再改；确需改动，请取消后重新起草。"))
    given = {name: terms[name] for name in TERMS if name in terms}
    _check_terms({**{name: getattr(locked, name) for name in TERMS}, **given})
    for name, value in given.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    locked.posts.all().delete()
    locked.criteria.all().delete()
    _write_lines(locked, posts, criteria)
    _keep_notice(actor, locked, upload)
    detail = {"posts": len(posts), "criteria": [asdict(each)["name"] for each in criteria]}
    record(actor=actor, verb="competition.change", target=locked, detail=detail)
    return locked


@action("competition.announce", gettext_lazy("公布竞聘"))
def announce_competition(*, actor: Account, competition: Competition, seen: int | None = None) -> Competition:
    """Make a round public, by somebody who did not write it; everybody with a log-in is told.

    Raises Refused unless it has posts, requirements for each of their grades, criteria of 100 % and a window to come.
    """
    locked = locked_competition(actor, competition)
    if not can_announce(actor, locked):
        raise NotAllowed(_("竞聘由另一位人事或分管领导公布：起草人不能公布自己起草的竞聘。"))
    check_version(seen=seen, current=locked)
    if locked.state != CompetitionState.DRAFT:
        raise Refused(_("这次竞聘不在起草状态，不能公布。"))
    _check_whole(locked)
    locked.state, locked.announced_by, locked.announced_at = (
        CompetitionState.ANNOUNCED,
        actor,
        timezone.now(),
    )
    save_competition(locked, "state", "announced_by", "announced_at")
    record(actor=actor, verb="competition.announce", target=locked, detail={"number": locked.number})
    everybody = Account.objects.filter(is_active=True, person__isnull=False, person__left_on=None)
    notify(
        recipients=list(everybody),
        text=_("“%(name)s”已公布，报名截止 %(until)s。")
        % {"name": locked.name, "until": moment(locked.closes_at)},
        url=reverse("staff:competition", args=[locked.public_id]),
    )
    return locked


@action("competition.cancel", gettext_lazy("取消竞聘"))
def cancel_competition(
    *, actor: Account, competition: Competition, reason: str, seen: int | None = None
) -> Competition:
    """End a round without appointments; what was handed in stays, and the applicants are told why."""
    locked = locked_competition(actor, competition)
    if not (can_run_competitions(actor) or can_announce(actor, locked)):
        raise NotAllowed(_("竞聘由人事或分管领导取消。"))
    check_version(seen=seen, current=locked)
    if locked.state in (CompetitionState.APPOINTED, CompetitionState.CANCELLED):
        raise Refused(_("这次竞聘已经结束，不能取消。"))
    locked.cancel_reason = said(reason, "reason", _("请写明取消的理由。"))
    locked.state = CompetitionState.CANCELLED
    save_competition(locked, "state", "cancel_reason")
    record(actor=actor, verb="competition.cancel", target=locked, reason=locked.cancel_reason)
    told = Account.objects.filter(is_active=True, person__applications__competition=locked)
    notify(
        recipients=list(told),
        text=_("“%(name)s”已取消：%(reason)s") % {"name": locked.name, "reason": locked.cancel_reason},
        url=reverse("staff:competition", args=[locked.public_id]),
    )
    return locked


def locked_competition(actor: Account, competition: Competition) -> Competition:
    """The round, locked, from what the actor sees."""
    found = competitions_visible_to(actor).select_for_update(of=("self",)).filter(pk=competition.pk).first()
    if found is None:
        raise NotFound(_("没有这次竞聘，或者它还没有公布。"))
    return found


def save_competition(competition: Competition, *fields: str) -> None:
    """Write these fields and the next version."""
    competition.version += 1
    competition.save(update_fields=[*fields, "version"])


def said(text: str, field: str, sentence: str, *, longest: int = 300) -> str:
    """The words, without the spaces around them. Raises Refused, at the input, when there are none or too many."""
    words = text.strip()
    if not words:
        raise Refused(sentence, fields={field: sentence})
    if len(words) > longest:
        sentence = _("最多 %(longest)s 个字，现在有 %(count)s 个。") % {
            "longest": longest,
            "count": len(words),
        }
        raise Refused(sentence, fields={field: sentence})
    return words


def _need_runner(actor: Account) -> None:
    if not can_run_competitions(actor):
        raise NotAllowed(_("竞聘由人事起草和办理。"))


def _number(opens_at: datetime) -> str:
    """The next number of the year; two that are written at once are told apart by the constraint."""
    year = timezone.localtime(opens_at).year
    last = (
        Competition.objects.select_for_update()
        .filter(number__startswith=f"JP-{year}-")
        .order_by("-pk")
        .first()
    )
    return f"JP-{year}-{int(last.number.rsplit('-', 1)[1]) + 1 if last else 1:02}"


def _check_terms(given: Mapping[str, Any]) -> None:
    if not str(given.get("name", "")).strip() or not str(given.get("notice", "")).strip():
        sentence = _("请填写竞聘的名称和公告。")
        raise Refused(sentence, fields={"name": sentence})
    if given["closes_at"] <= given["opens_at"]:
        sentence = _("报名截止要晚于报名开始。")
        raise Refused(sentence, fields={"closes_at": sentence})
    if given["appoint_on"] <= timezone.localtime(given["closes_at"]).date():
        sentence = _("聘任日期要晚于报名截止。")
        raise Refused(sentence, fields={"appoint_on": sentence})
    if given.get("least_judges", 5) < 1 + 2 * given.get("trim", 1):
        sentence = _("去掉最高分和最低分之后，至少要剩一位评委。")
        raise Refused(sentence, fields={"least_judges": sentence})


def _write_lines(
    competition: Competition, posts: Sequence[PostLine], criteria: Sequence[CriterionLine]
) -> None:
    CompetitionPost.objects.bulk_create(
        CompetitionPost(competition=competition, position=place, **asdict_post(line))
        for place, line in enumerate(posts, start=1)
    )
    if criteria:
        _check_weights([line.weight for line in criteria])
    CompetitionCriterion.objects.bulk_create(
        CompetitionCriterion(
            competition=competition, position=place, name=line.name, weight=line.weight, words=line.words
        )
        for place, line in enumerate(criteria, start=1)
    )


def asdict_post(line: PostLine) -> dict[str, Any]:
    """The line's values by the names of the columns."""
    return {
        "team": line.team,
        "grade": line.grade,
        "seats": line.seats,
        "language": line.language.strip(),
        "leads": line.leads,
    }


def _check_weights(weights: Sequence[Decimal]) -> None:
    """Raises Refused unless the weights are exactly 100 together."""
    total = sum(weights, Decimal(0))
    if total != WHOLE:
        raise Refused(
            _("评分标准的权重合计要正好是 100%%，现在是 %(total)s%%。") % {"total": total.normalize()},
            fields={"criteria": _("权重合计要正好是 100%。")},
        )


def _check_whole(competition: Competition) -> None:
    posts = posts_of(competition)
    if not posts:
        raise Refused(_("还没有岗位；请先写明团队、级别和名额。"))
    _check_weights(list(competition.criteria.values_list("weight", flat=True)))
    empty = [grade.label for grade, lines in requirements_of(competition, posts).items() if not lines]
    if empty:
        raise Refused(
            _("%(day)s 没有施行中的任职条件：%(grades)s。请先公布任职条件，或改条件日期。")
            % {"day": competition.requirements_on, "grades": "、".join(map(str, empty))}
        )
    if competition.closes_at <= timezone.now():
        raise Refused(_("报名截止时间已经过去；请先修改报名时间。"))


def _keep_notice(actor: Account, competition: Competition, upload: UploadedFile | None) -> None:
    if upload is not None:
        competition.notice_paper = keep_paper(upload, by=actor, field="upload")
        competition.save(update_fields=["notice_paper"])
