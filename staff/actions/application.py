"""Applications: written and handed in by anybody on the staff within the window, whatever the archived identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.competition import competitions_visible_to, own_applications
from staff.actions.competition import said
from staff.actions.paper import keep_paper
from staff.models import (
    Account,
    Application,
    ApplicationChoice,
    ApplicationState,
    Competition,
    CompetitionPost,
    CompetitionState,
    Person,
    RequirementClaim,
)
from staff.queries.application import asked_of

OPEN = (ApplicationState.DRAFT, ApplicationState.RETURNED)
MOST_CHOICES = 3


@dataclass(frozen=True)
class ClaimLine:
    """What is said for one requirement: words, papers added, and the public ids of papers taken away."""

    words: str = ""
    uploads: Sequence[UploadedFile] = field(default=())
    dropped: Sequence[str] = field(default=())


@action("application.save", gettext_lazy("填写报名"))
def save_application(
    *,
    actor: Account,
    competition: Competition,
    posts: Sequence[CompetitionPost],
    statement: str = "",
    accepts_reassignment: bool = False,
    claims: Mapping[str, ClaimLine] | None = None,
    seen: int | None = None,
) -> Application:
    """Keep the person's application in the round as a draft; `posts` in the order in which they are wanted.

    `claims` is by the text of the requirement. Raises Refused when the round takes no applications or a post is not its.
    """
    person = _applicant(actor)
    found = open_round(actor, competition)
    application = own_applications(actor).select_for_update(of=("self",)).filter(competition=found).first()
    if application is None:
        application = Application.objects.create(competition=found, person=person)
    elif application.state == ApplicationState.WITHDRAWN:
        application.state = ApplicationState.DRAFT
    if application.state not in OPEN:
        raise Refused(_("报名已经提交；要修改请先撤回，再重新提交。"))
    check_version(seen=seen, current=application)
    application.entered_by = application.entry_paper = None
    application.accepts_reassignment = accepts_reassignment
    write_application(actor, application, posts, statement, claims or {})
    record(
        actor=actor,
        verb="application.save",
        target=application,
        detail={"posts": [str(post) for post in posts], "reassignment": accepts_reassignment},
    )
    return application


@action("application.submit", gettext_lazy("提交报名"))
def submit_application(*, actor: Account, application: Application, seen: int | None = None) -> Application:
    """Hand the application in; the database's own clock says whether the window is open.

    Raises Refused without a choice, a statement, or words for each requirement; Conflict outside the window.
    """
    locked = _locked_own(actor, application)
    check_version(seen=seen, current=locked)
    if locked.state not in OPEN:
        raise Refused(_("这份报名已经提交。"))
    hand_in(locked)
    record(actor=actor, verb="application.submit", target=locked)
    return locked


def write_application(
    actor: Account,
    application: Application,
    posts: Sequence[CompetitionPost],
    statement: str,
    claims: Mapping[str, ClaimLine],
) -> None:
    """Write what an application says, within an action that has locked it. Raises Refused for posts that are not its round's."""
    _write_choices(application, application.competition, posts)
    _write_claims(actor, application, posts, claims)
    application.statement = statement.strip()
    _save(application, "statement", "accepts_reassignment", "state", "entered_by", "entry_paper")


def hand_in(locked: Application) -> None:
    """Hand a locked application in. Raises Refused while something of it is missing, Conflict outside the window."""
    if not locked.choices.exists():
        raise Refused(_("请至少选择一个岗位。"), fields={"first": _("请选择岗位。")})
    if not locked.statement:
        sentence = _("请写竞聘陈述：为什么适合这个岗位。")
        raise Refused(sentence, fields={"statement": sentence})
    silent = [claim.text for claim in locked.claims.all() if not claim.words.strip()]
    if silent:
        raise Refused(_("还有条件没有说明：%(lines)s。") % {"lines": "；".join(silent)})
    locked.state, locked.submitted_at = ApplicationState.SUBMITTED, timezone.now()
    _save(locked, "state", "submitted_at")


@action("application.withdraw", gettext_lazy("撤回报名"))
def withdraw_application(*, actor: Account, application: Application) -> Application:
    """Take the application back; until the window closes it can be handed in again."""
    locked = _locked_own(actor, application)
    if locked.state == ApplicationState.WITHDRAWN:
        raise Refused(_("这份报名已经撤回。"))
    if locked.competition.state != CompetitionState.ANNOUNCED:
        raise Refused(_("面试已经开始，不能自行撤回；请联系人事。"))
    locked.state = ApplicationState.WITHDRAWN
    _save(locked, "state")
    record(actor=actor, verb="application.withdraw", target=locked)
    return locked


@action("application.complain", gettext_lazy("申诉"))
def complain(*, actor: Account, application: Application, text: str) -> Application:
    """Ask for a second look at a refusal, once."""
    locked = _locked_own(actor, application)
    if locked.state != ApplicationState.INELIGIBLE:
        raise Refused(_("只有审核为不符合条件的报名可以申诉。"))
    if locked.complaint:
        raise Refused(_("已经申诉过一次；复核结果是最终结果。"))
    if locked.competition.state != CompetitionState.ANNOUNCED:
        raise Refused(_("面试已经开始，申诉期已过；请联系人事。"))
    locked.complaint = said(text, "text", _("请写明申诉的理由。"), longest=500)
    locked.complained_at = timezone.now()
    _save(locked, "complaint", "complained_at")
    record(actor=actor, verb="application.complain", target=locked, reason=locked.complaint)
    keepers = Account.objects.filter(role="hr", is_active=True).exclude(pk=locked.handled_by_id or 0)
    notify(
        recipients=list(keepers),
        text=_("%(name)s 对资格审核提出申诉，请复核。") % {"name": locked.person.name},
        url=reverse("staff:application", args=[locked.public_id]),
    )
    return locked


def _applicant(actor: Account) -> Person:
    """The person behind the account, who must be on the staff; what was archived of the person is not asked."""
    if actor.person is None:
        raise NotAllowed(_("这个账号没有对应的人员，不能报名；请联系人事。"))
    if actor.person.left_on is not None and actor.person.left_on <= timezone.localdate():
        raise NotAllowed(_("竞聘面向在职人员。"))
    return actor.person


def open_round(actor: Account, competition: Competition) -> Competition:
    """The round, while it takes applications. Raises NotFound, Refused."""
    found = competitions_visible_to(actor).filter(pk=competition.pk).first()
    if found is None:
        raise NotFound(_("没有这次竞聘，或者它还没有公布。"))
    if not found.takes_applications:
        raise Refused(_("现在不在报名时间内，没有提交；填写的内容仍保存着。"))
    return found


def _locked_own(actor: Account, application: Application) -> Application:
    found = own_applications(actor).select_for_update(of=("self",)).filter(pk=application.pk).first()
    if found is None:
        raise NotFound(_("没有这份报名。"))
    return found


def _save(application: Application, *fields: str) -> None:
    application.version += 1
    application.save(update_fields=[*fields, "version"])


def _write_choices(
    application: Application, competition: Competition, posts: Sequence[CompetitionPost]
) -> None:
    if len(set(posts)) != len(posts):
        raise Refused(_("同一个岗位只能填一次志愿。"), fields={"second": _("与前面的志愿相同。")})
    if len(posts) > MOST_CHOICES:
        raise Refused(_("最多填 %(most)s 个志愿。") % {"most": MOST_CHOICES})
    if any(post.competition_id != competition.pk for post in posts):
        raise Refused(_("志愿里有不属于这次竞聘的岗位。"))
    application.choices.all().delete()
    ApplicationChoice.objects.bulk_create(
        ApplicationChoice(application=application, post=post, rank=rank)
        for rank, post in enumerate(posts, start=1)
    )


def _write_claims(
    actor: Account,
    application: Application,
    posts: Sequence[CompetitionPost],
    given: Mapping[str, ClaimLine],
) -> None:
    """One claim for each requirement of the chosen posts; what was said for a requirement that is no longer asked goes."""
    asked = asked_of(application.competition, posts)
    application.claims.exclude(text__in=[text for _line, text in asked]).delete()
    present = {claim.text: claim for claim in application.claims.all()}
    for place, (requirement, text) in enumerate(asked, start=1):
        claim = present.get(text) or RequirementClaim(application=application, text=text)
        line = given.get(text, ClaimLine(words=claim.words))
        claim.position, claim.requirement = place, requirement
        if claim.words != line.words.strip() or line.uploads or line.dropped:
            # What is said anew is checked anew.
            claim.words, claim.met, claim.note, claim.checked_by = line.words.strip(), None, "", None
        claim.save()
        if line.dropped:
            claim.papers.remove(*claim.papers.filter(public_id__in=line.dropped))  # type: ignore[attr-defined]
        claim.papers.add(*(keep_paper(upload, by=actor, field="papers") for upload in line.uploads))
