"""The register of first receptions: claiming from the pool, releasing, and confirming progress."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import protection as access
from projects.access.protection import receptions_visible_to
from projects.actions.reception_rows import (
    end_reception,
    lengthen,
    refuse_taken,
    related,
    take_reception,
    tell_holder,
    told,
)
from projects.actions.standing import checked_reason
from projects.models import Company, FirstReception, FollowUp, Project, ProtectionExtension, ReceptionEnd
from projects.queries.protection import SIGNED, disputed, protects, signed_with
from projects.workflow import Status
from promotion.action import action, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import in_force
from staff.models import Account, Appointment, Person, Team

# How old a follow-up may be when it is confirmed as progress: what happened long ago is no reason to protect further.
CONFIRMED_WITHIN = timedelta(days=30)


@action("reception.claim", gettext_lazy("公海认领"))
def claim_company(
    *,
    actor: Account,
    reception: FirstReception,
    person: Person | None = None,
    distinct_reason: str = "",
) -> FirstReception:
    """Take a company out of the pool for oneself, or for the `person` one leads; `reception` is the one that ended.

    Raises NotAllowed, Conflict when somebody protects the company by now, Refused over the quota or in the cool-down.
    Projects of the former holder stay where they are.
    """
    if not access.can_claim(actor):
        raise NotAllowed(_("您的角色不能认领企业；请由招商专员或队长认领。"))
    holder = _claimer(actor, person)
    visible = receptions_visible_to(actor).filter(pk=reception.pk).values("company")
    company = Company.objects.select_for_update().filter(pk__in=visible).first()
    if company is None:
        raise NotFound(_("公海里没有这家企业。"))
    if company.merged_into_id is not None:
        raise Conflict(_("这家企业已并入另一家；请在企业列表里查找保留的那一家。"))
    team = _team_today(holder)
    last = FirstReception.objects.filter(company=company).order_by("-pk").select_related("team").first()
    if last is not None and last.released_at is not None and last.pk != reception.pk:
        raise Conflict(_("这家企业在您打开页面之后已被认领又释放；请刷新公海后再试。"))
    if Project.objects.filter(company=company, status=Status.ACTIVE, stage__in=SIGNED).exists():
        raise Conflict(_("这家企业已有签约项目，不在公海；请与责任团队联系。"))
    distinct = refuse_taken(
        name=company.name,
        credit_code=company.credit_code,
        team=team,
        distinct_reason=distinct_reason,
        field="company_name",
        besides=company,
    )
    claimed = take_reception(company, holder, team, timezone.localdate(), from_pool=True)
    detail = {"person": holder.name, "team": team.name, "until": claimed.protected_until.isoformat()}
    record(actor=actor, verb="reception.claim", target=company, detail=detail | distinct)
    if last is not None and last.person_id != holder.pk:
        text = _("“%(company)s”已由 %(team)s 从公海认领。") % {"company": company.name, "team": team.name}
        tell_holder(last, text)
    return claimed


@action("reception.release", gettext_lazy("主动释放"))
def release_reception(*, actor: Account, reception: FirstReception, reason: str) -> FirstReception:
    """Give a first reception back to the pool, with a reason; not while it is disputed nor after a signing."""
    held = _locked(actor, reception)
    if not access.can_release(actor, held):
        raise NotAllowed(_("只有首接人、本队队长和分管领导可以释放；请与首接人联系。"))
    reason = checked_reason(reason, _("请写明为什么释放，接手的同事要据此了解情况。"))
    if held.released_at is not None:
        raise Conflict(_("这条首报首接已经终止，没有再次释放。"))
    state = FirstReception.objects.filter(pk=held.pk).annotate(case=disputed(), signed=signed_with()).get()
    if state.case:
        raise Refused(_("这家企业正在仲裁，裁决之前不能释放。"))
    if state.signed:
        raise Refused(_("已经签约的企业跟到底，不能释放；人员变动请办理项目移交。"))
    end_reception(held, ReceptionEnd.RELEASED, reason)
    record(actor=actor, verb="reception.release", target=held.company, reason=reason, detail=told(held))
    if actor.person_id != held.person_id:
        text = _("“%(company)s”的首报首接已由 %(who)s 释放到公海：%(reason)s")
        tell_holder(held, text % {"company": held.company, "who": actor.display_name, "reason": reason})
    return held


@action("reception.confirm-progress", gettext_lazy("确认进展"))
def confirm_progress(*, actor: Account, follow_up: FollowUp, reason: str) -> ProtectionExtension:
    """A leader or manager confirms that a follow-up is real progress, which lengthens the protection.

    Raises NotAllowed for the holder and the writer, Refused for a follow-up that is old, earlier than the claim or of
    another team, and when the protection would not become longer.
    """
    project = follow_up.project
    open_ones = FirstReception.objects.filter(company=project.company_id, released_at=None)
    held = receptions_visible_to(actor).select_for_update(of=("self",)).filter(pk__in=open_ones.values("pk"))
    reception = held.select_related("team", "person", "company").first()
    if reception is None:
        raise Refused(_("这家企业现在没有首报首接，没有保护期可以延长。"))
    if not access.can_confirm_progress(actor, follow_up, reception):
        raise NotAllowed(_("进展由本队队长或分管领导确认，首接人和写跟进的人不能自己确认。"))
    reason = checked_reason(reason, _("请写明凭什么认为这是实质进展。"))
    today = timezone.localdate()
    _check_progress(follow_up, reception, today)
    extension = lengthen(reception, actor, today, follow_up=follow_up, reason=reason)
    if extension is None:
        raise Refused(
            _("保护期已到 %(day)s，这次确认不会让它更长；请在临近到期、又有新进展时再确认。")
            % {"day": reception.protected_until.isoformat()}
        )
    detail = {"from": extension.previous_until.isoformat(), "until": extension.until.isoformat()}
    record(
        actor=actor, verb="reception.confirm-progress", target=reception.company, reason=reason, detail=detail
    )
    text = _("“%(company)s”的进展已由 %(who)s 确认，保护期延长至 %(day)s。")
    words = {"company": reception.company, "who": actor.display_name, "day": extension.until.isoformat()}
    tell_holder(reception, text % words)
    return extension


def _claimer(actor: Account, person: Person | None) -> Person:
    holder = person or actor.person
    if holder is None:
        sentence = _("这个账号没有对应的人员；请指定由谁认领。")
        raise Refused(sentence, fields={"person": sentence})
    if not access.can_claim_for(actor, holder):
        raise NotAllowed(_("只能为本人或本队队员认领；请由 %(name)s 本人认领。") % {"name": holder.name})
    return holder


def _team_today(person: Person) -> Team:
    post = Appointment.objects.filter(in_force(), person=person).select_related("team").first()
    if post is None:
        sentence = _("%(name)s 今天没有任职，不能认领；请由在任的同事认领。") % {"name": person.name}
        raise Refused(sentence, fields={"person": sentence})
    return post.team


def _locked(actor: Account, reception: FirstReception) -> FirstReception:
    rows = receptions_visible_to(actor).select_for_update(of=("self",)).filter(pk=reception.pk)
    held = rows.select_related("company", "person", "team").first()
    if held is None:
        raise NotFound(_("没有这条首报首接。"))
    return held


def _check_progress(follow_up: FollowUp, reception: FirstReception, today: date) -> None:
    """Raises Refused for what is no progress of this reception."""
    day = timezone.localdate(follow_up.happened_at)
    if not related(follow_up.project.team, reception.team):
        raise Refused(_("这条跟进属于另一个团队的项目，不能延长首接团队的保护期。"))
    if not protects(reception, today):
        raise Refused(_("保护期已经届满，企业在公海；确认进展不能恢复保护，请由同事认领。"))
    if day < timezone.localdate(reception.claimed_at) or today - day > CONFIRMED_WITHIN:
        raise Refused(_("只能确认首报之后、最近 30 天内的跟进；请就新的进展写跟进后再确认。"))
    if ProtectionExtension.objects.filter(follow_up=follow_up).exists():
        raise Conflict(_("这条跟进已经确认过，保护期已经延长。"))
