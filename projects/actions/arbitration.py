"""Disputes over a first reception: opened, argued by both sides, decided with what follows, or withdrawn."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.access import protection as access
from projects.access.protection import arbitrations_visible_to, receptions_visible_to
from projects.actions.reception_rows import accounts_of, end_reception, told, wait_for, write_reception
from projects.actions.standing import checked_reason
from projects.actions.upload import checked_files
from projects.models import (
    Arbitration,
    ArbitrationOutcome,
    ArbitrationPaper,
    ArbitrationState,
    ArbitrationStatement,
    Company,
    FirstReception,
    Party,
    ReceptionEnd,
)
from projects.queries.arbitration import consequence_of
from projects.queries.protection import protects, rule_on
from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.working_days import working_calendar
from staff.access import in_force
from staff.models import Account, Appointment, Person, Role, Team

LONGEST = 4000
LONGEST_DECISION = 6000


@action("arbitration.open", gettext_lazy("提起首报仲裁"))
def open_arbitration(
    *,
    actor: Account,
    reception: FirstReception,
    grounds: str,
    claimant: Person | None = None,
    papers: Sequence[UploadedFile] = (),
) -> Arbitration:
    """Dispute a first reception that holds; the claimant is the actor's person, or whom a leader or manager names.

    Raises NotAllowed, Refused without grounds, against oneself or within the holder's team, Conflict when a case is open
    or the reception ended meanwhile.
    """
    if not access.can_open_arbitration(actor):
        raise NotAllowed(_("您的角色不能提起首报仲裁；请由招商专员、队长或分管领导提起。"))
    person = _claimant(actor, claimant)
    held = _locked_reception(actor, reception)
    team = _team_of(person)
    grounds = _text(grounds, "grounds", _("请写明申请理由：何时、通过谁、先接触到这家企业。"), LONGEST)
    today = timezone.localdate()
    if held.released_at is not None or not protects(held, today):
        raise Conflict(_("这条首报首接已经终止或到期；请直接到公海认领。"))
    if person.pk == held.person_id or team.pk == held.team_id:
        raise Refused(_("仲裁要在两个团队之间；本队内部由队长协调，或办理移交。"))
    checked = checked_files(papers)
    case = Arbitration.objects.create(
        year=today.year,
        number=_allot_number(today.year),
        reception=held,
        claimant=person,
        claimant_team=team,
        respondent=held.person,
        respondent_team=held.team,
        grounds=grounds,
        statements_due=working_calendar().after(today, rule_on(today).statement_days),
        opened_by=actor,
    )
    _write_papers(case, Party.CLAIMANT, checked, actor)
    detail = {"claimant": person.name, "respondent": held.person.name, "due": case.statements_due.isoformat()}
    record(actor=actor, verb="arbitration.open", target=case, detail=detail)
    text = _("%(case)s 已提起，请双方于 %(day)s 前提交陈述。")
    _announce(case, text % {"case": case.label, "day": case.statements_due.isoformat()}, managers=True)
    return case


@action("arbitration.state", gettext_lazy("提交仲裁陈述"))
def state_case(
    *,
    actor: Account,
    arbitration: Arbitration,
    text: str,
    party: str = "",
    papers: Sequence[UploadedFile] = (),
) -> ArbitrationStatement:
    """Write, or write over, the statement of the actor's side until the decision; files may come with it."""
    case = _locked(actor, arbitration)
    side = _side(actor, case, party)
    _check_open(case)
    text = _text(text, "text", _("请写下本方的陈述。"), LONGEST)
    checked = checked_files(papers)
    statement = ArbitrationStatement.objects.filter(arbitration=case, party=side).first()
    statement = statement or ArbitrationStatement(arbitration=case, party=side)
    statement.text, statement.written_by = text, actor
    statement.save()
    _write_papers(case, side, checked, actor)
    detail = {"party": str(side), "files": [each.title for each in checked]}
    record(actor=actor, verb="arbitration.state", target=case, detail=detail)
    words = {"case": case.label, "party": Party(side).label}
    _announce(case, _("%(case)s：%(party)s已提交陈述。") % words, but=actor)
    return statement


@action("arbitration.decide", gettext_lazy("裁决首报仲裁"))
def decide_arbitration(
    *,
    actor: Account,
    arbitration: Arbitration,
    outcome: str,
    decision: str,
    claimant_percent: Decimal | None = None,
    consequence: str = "",
    seen: int | None = None,
) -> Arbitration:
    """Decide in writing, and carry it out: the first reception stays, or passes to the claimant with its history.

    Where both share, `claimant_percent` of the credit is proposed to the claimant. Projects stay with their team until a
    handover; credit that was earned stays. Raises NotAllowed for a party, Refused before both have spoken or their time is over.
    """
    case = _locked(actor, arbitration)
    _permit_decision(actor, case)
    check_version(seen=seen, current=case)
    _check_open(case)
    _check_heard(case)
    decision = _text(decision, "decision", _("请写裁决书正文：查明的事实、依据和结果。"), LONGEST_DECISION)
    _check_outcome(outcome, claimant_percent)
    shared = outcome == ArbitrationOutcome.SHARED
    resulting = _carry_out(case, outcome)
    case.state, case.outcome, case.decision = ArbitrationState.DECIDED, ArbitrationOutcome(outcome), decision
    case.claimant_percent = claimant_percent if shared else None
    case.consequence = (consequence.strip() or consequence_of(case))[:2000]
    case.decided_by, case.decided_at, case.resulting = actor, timezone.now(), resulting
    case.version += 1
    case.save()
    detail: dict[str, Any] = {"outcome": str(outcome), "reception": told(resulting), "text": case.consequence}
    record(actor=actor, verb="arbitration.decide", target=case, reason=decision[:300], detail=detail)
    words = {"case": case.label, "outcome": case.get_outcome_display()}
    _announce(case, _("%(case)s 已裁决：%(outcome)s。") % words)
    return case


@action("arbitration.withdraw", gettext_lazy("撤回首报仲裁"))
def withdraw_arbitration(*, actor: Account, arbitration: Arbitration, reason: str) -> Arbitration:
    """Take back a case that nobody has decided; the first reception stays as it was."""
    case = _locked(actor, arbitration)
    if not access.can_withdraw_arbitration(actor, case):
        raise NotAllowed(_("只有提起人和申请人可以撤回仲裁。"))
    _check_open(case)
    reason = checked_reason(reason, _("请写明撤回的原因。"))
    case.state, case.consequence, case.version = ArbitrationState.WITHDRAWN, reason, case.version + 1
    case.save(update_fields=["state", "consequence", "version"])
    record(actor=actor, verb="arbitration.withdraw", target=case, reason=reason)
    _announce(case, _("%(case)s 已由申请方撤回。") % {"case": case.label}, but=actor)
    return case


def _carry_out(case: Arbitration, outcome: str) -> FirstReception:
    """The reception that holds after the decision; the old one ends with its history when it passes on."""
    company = Company.objects.select_for_update().get(pk=case.reception.company_id)
    held = FirstReception.objects.select_for_update(of=("self",)).select_related("person", "team").get(
        pk=case.reception_id
    )  # fmt: skip
    if outcome != ArbitrationOutcome.TRANSFERRED:
        return held
    if held.released_at is not None:
        raise Conflict(_("这条首报首接已经终止，不能再裁决转移；请裁决维持，或由申请方撤回。"))
    end_reception(held, ReceptionEnd.DECIDED, _("%(case)s 裁决转移") % {"case": case.label})
    return write_reception(company, case.claimant, case.claimant_team, timezone.localdate())


def _claimant(actor: Account, claimant: Person | None) -> Person:
    person = claimant or actor.person
    if person is None:
        sentence = _("这个账号没有对应的人员；请指定申请人。")
        raise Refused(sentence, fields={"claimant": sentence})
    if not access.can_claim_for(actor, person):
        raise NotAllowed(_("只能为本人或本队队员提起仲裁；请由 %(name)s 本人提起。") % {"name": person.name})
    return person


def _team_of(person: Person) -> Team:
    post = Appointment.objects.filter(in_force(), person=person).select_related("team").first()
    if post is None:
        sentence = _("%(name)s 今天没有任职，不能作为申请人。") % {"name": person.name}
        raise Refused(sentence, fields={"claimant": sentence})
    return post.team


def _locked_reception(actor: Account, reception: FirstReception) -> FirstReception:
    rows = receptions_visible_to(actor).select_for_update(of=("self",)).filter(pk=reception.pk)
    held = rows.select_related("company", "person", "team").first()
    if held is None:
        raise NotFound(_("没有这条首报首接。"))
    return held


def _locked(actor: Account, arbitration: Arbitration) -> Arbitration:
    rows = arbitrations_visible_to(actor).select_for_update(of=("self",)).filter(pk=arbitration.pk)
    case = rows.select_related(
        "reception", "claimant", "respondent", "claimant_team", "respondent_team"
    ).first()
    if case is None:
        raise NotFound(_("没有这件仲裁，或您不是当事方。"))
    return case


def _side(actor: Account, case: Arbitration, party: str) -> Party:
    sides = access.parties_of(actor, case)
    if not sides:
        raise NotAllowed(_("只有当事人和当事团队的队长可以陈述。"))
    if party and party not in sides:
        raise NotAllowed(_("您不能代另一方陈述。"))
    return Party(party) if party else sides[0]


def _permit_decision(actor: Account, case: Arbitration) -> None:
    if access.can_decide(actor, case):
        return
    if actor.is_role(Role.MANAGER):
        raise NotAllowed(_("当事人和提起人不能裁决自己的案件；请由另一位分管领导裁决。"))
    raise NotAllowed(_("首报仲裁由分管领导裁决；您可以陈述，但不能作决定。"))


def _check_open(case: Arbitration) -> None:
    if case.state != ArbitrationState.OPEN:
        raise Conflict(
            _("%(case)s %(state)s，不能再改动。") % {"case": case.label, "state": case.get_state_display()}
        )


def _check_heard(case: Arbitration) -> None:
    sides = set(case.statements.values_list("party", flat=True))
    if case.statements_due >= timezone.localdate() and sides != set(Party.values):
        raise Refused(
            _("陈述期限 %(day)s 还没有过，双方也没有都提交陈述；请等双方陈述或期限届满后再裁决。")
            % {"day": case.statements_due.isoformat()}
        )


def _check_outcome(outcome: str, percent: Decimal | None) -> None:
    if outcome not in ArbitrationOutcome.values:
        raise Refused(_("请选择裁决结果。"), fields={"outcome": _("请选择裁决结果。")})
    if outcome == ArbitrationOutcome.SHARED and (percent is None or not 0 < percent < 100):
        sentence = _("共同首接要写明建议申请方的份额，须大于 0、小于 100。")
        raise Refused(sentence, fields={"claimant_percent": sentence})


def _text(value: str, name: str, sentence: str, longest: int) -> str:
    value = value.strip()
    if not value:
        raise Refused(sentence, fields={name: sentence})
    if len(value) > longest:
        long = _("最多 %(number)s 个字。") % {"number": longest}
        raise Refused(long, fields={name: long})
    return value


def _allot_number(year: int) -> int:
    wait_for(f"arbitration-number:{year}")
    return (Arbitration.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def _write_papers(case: Arbitration, party: str, checked: Sequence[Any], actor: Account) -> None:
    for each in checked:
        ArbitrationPaper.objects.create(
            arbitration=case,
            party=party,
            title=each.title,
            file=each.upload,
            content_type=each.content_type,
            size=each.size,
            digest=each.digest,
            uploaded_by=actor,
        )


def _announce(case: Arbitration, text: str, *, managers: bool = False, but: Account | None = None) -> None:
    """Tell both sides with their leaders, and the managers where they have something to decide; after commit."""
    people = {
        account.pk: account
        for person, team in (
            (case.claimant_id, case.claimant_team),
            (case.respondent_id, case.respondent_team),
        )
        for account in accounts_of(person, team)
    }
    if managers:
        people |= {each.pk: each for each in Account.objects.filter(role=Role.MANAGER, is_active=True)}
    if but is not None:
        people.pop(but.pk, None)
    url = reverse("projects:arbitration", args=[case.public_id])
    transaction.on_commit(lambda: notify(recipients=list(people.values()), text=text, url=url))
