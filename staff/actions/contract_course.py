"""Contracts in force: signed, their paper kept, the probation passed, ended; and the reminders before an end."""

from datetime import date

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.actions import notify
from promotion.errors import Refused
from promotion.models import NoticeKind
from staff.actions.contract import locked_contract, need_draft, save_contract
from staff.actions.paper import keep_paper
from staff.models import Account, Contract, ContractReminder, ContractState, Role
from staff.queries.contract import DAY, Ending, ends_to_tell

MOST_TOLD = 500


@action("contract.sign", gettext_lazy("签订合同"))
def sign_contract(
    *,
    actor: Account,
    contract: Contract,
    signed_on: date,
    paper: UploadedFile | None = None,
    seen: int | None = None,
) -> Contract:
    """Put a draft into force; the contract that it follows ends the day before where it still runs.

    Raises Refused for a day to come, Conflict when another contract of the person holds in that time.
    """
    found = locked_contract(actor, contract)
    need_draft(found)
    check_version(seen=seen, current=found)
    if signed_on > timezone.localdate():
        raise Refused(_("签订日期不能晚于今天。"), fields={"signed_on": _("签订日期不能晚于今天。")})
    ended = _end_followed(found)
    found.state, found.signed_on = ContractState.SIGNED, signed_on
    if paper is not None:
        found.paper = keep_paper(paper, by=actor)
    save_contract(found, "state", "signed_on", "paper")
    detail = {"signed_on": str(signed_on), "paper": found.paper.title if found.paper else ""}
    record(
        actor=actor,
        verb="contract.sign",
        target=found,
        detail=detail | ({"ended": ended.number} if ended else {}),
    )
    _tell_person(actor, found, _("您的聘用合同 %(number)s 已签订。") % {"number": found.number})
    return found


@action("contract.attach", gettext_lazy("登记签字件"))
def attach_contract_paper(*, actor: Account, contract: Contract, paper: UploadedFile) -> Contract:
    """Keep the signed scan of a contract; an earlier scan stays in the staff file."""
    found = locked_contract(actor, contract)
    if found.state == ContractState.DRAFT:
        raise Refused(_("合同还没有签订；请在签订时一并登记签字件。"))
    before, found.paper = found.paper, keep_paper(paper, by=actor)
    save_contract(found, "paper")
    detail = {"paper": [before.title if before else "", found.paper.title], "digest": found.paper.digest}
    record(actor=actor, verb="contract.attach", target=found, detail=detail)
    return found


@action("contract.probation", gettext_lazy("试用期转正"))
def confirm_probation(
    *, actor: Account, contract: Contract, passed_on: date, seen: int | None = None
) -> Contract:
    """Say that the probation was passed on a day. Raises Refused without a probation, or for a day outside it."""
    found = locked_contract(actor, contract)
    check_version(seen=seen, current=found)
    if found.state != ContractState.SIGNED or found.probation_until is None:
        raise Refused(_("这份合同没有试用期，或者没有生效。"))
    if found.probation_passed_on is not None:
        raise Refused(_("已于 %(day)s 转正。") % {"day": found.probation_passed_on})
    if not found.starts_on <= passed_on <= max(found.probation_until, timezone.localdate()):
        sentence = _("转正日期要在合同开始之后，不能晚于今天或试用期满。")
        raise Refused(sentence, fields={"passed_on": sentence})
    found.probation_passed_on = passed_on
    save_contract(found, "probation_passed_on")
    record(actor=actor, verb="contract.probation", target=found, detail={"passed_on": str(passed_on)})
    _tell_person(actor, found, _("您已于 %(day)s 转正。") % {"day": passed_on})
    return found


@action("contract.end", gettext_lazy("终止合同"))
def end_contract(
    *, actor: Account, contract: Contract, ends_on: date, reason: str, seen: int | None = None
) -> Contract:
    """End a signed contract; `ends_on` is the first day on which it no longer holds.

    Its agreed end with a reason says that it is not renewed. Raises Refused without a reason, for a later day than agreed,
    or when it is over already.
    """
    found = locked_contract(actor, contract)
    check_version(seen=seen, current=found)
    fields = {}
    if found.state != ContractState.SIGNED:
        raise Refused(_("合同 %(number)s 没有生效或已终止。") % {"number": found.number})
    if not reason.strip():
        fields["reason"] = _("请写明终止的理由。")
    if ends_on <= found.starts_on:
        fields["last_day"] = _("最后一日不能早于合同起日 %(day)s。") % {"day": found.starts_on}
    elif found.ends_on is not None and ends_on > found.ends_on:
        fields["last_day"] = _("不能晚于约定的最后一日 %(day)s；延长请续签。") % {"day": found.last_day}
    if fields:
        raise Refused("".join(fields.values()), fields=fields)
    end_for(found, ends_on, reason.strip())
    record(
        actor=actor,
        verb="contract.end",
        target=found,
        reason=reason.strip(),
        detail={"ends_on": str(ends_on)},
    )
    words = {"number": found.number, "day": found.last_day}
    _tell_person(actor, found, _("您的聘用合同 %(number)s 于 %(day)s 终止。") % words)
    return found


@action("contract.remind", gettext_lazy("合同到期提醒"))
def tell_contract_ends(*, actor: Account | None, today: date) -> int:
    """Tell HR and the person of each end 60 and 30 days ahead, once; gives how many ends were told.

    A night that did not run is made up for: what is nearer than 30 days is told as such, without the 60 before it.
    """
    told = 0
    with translation.override(settings.LANGUAGE_CODE):
        for ending in ends_to_tell(today)[:MOST_TOLD]:
            _reminder, is_new = ContractReminder.objects.get_or_create(
                contract=ending.contract, occasion=ending.occasion, due_on=ending.last_day + DAY
            )
            if is_new:
                _tell_end(ending, today)
                told += 1
    return told


def _tell_end(ending: Ending, today: date) -> None:
    contract = ending.contract
    words = {
        "name": contract.person.name,
        "number": contract.number,
        "day": ending.last_day,
        "days": (ending.last_day - today).days,
    }
    text = _("%(name)s的合同 %(number)s 将于 %(day)s 到期，还有 %(days)s 天，请决定是否续签。")
    own = _("您的合同 %(number)s 将于 %(day)s 到期，还有 %(days)s 天；续签事宜请与人事联系。")
    if ending.is_probation:
        text = _("%(name)s的试用期将于 %(day)s 期满，还有 %(days)s 天，请办理转正或终止。")
        own = _("您的试用期将于 %(day)s 期满，还有 %(days)s 天。")
    url = reverse("staff:contract", args=[contract.public_id])
    keepers = Account.objects.filter(is_active=True, role=Role.HR).exclude(person=contract.person)
    notify(recipients=list(keepers), text=text % words, url=url, kind=NoticeKind.REMINDER)
    own_accounts = Account.objects.filter(is_active=True, person=contract.person)
    notify(recipients=list(own_accounts), text=own % words, url=url, kind=NoticeKind.REMINDER)


def _end_followed(contract: Contract) -> Contract | None:
    """End the contract that this one follows the day before, where it still runs then."""
    earlier = contract.renews
    if earlier is None or earlier.starts_on >= contract.starts_on:
        return None
    if earlier.ends_on is not None and earlier.ends_on <= contract.starts_on:
        return None
    reason = _("由 %(number)s 接续") % {"number": contract.number}
    end_for(Contract.objects.select_for_update().get(pk=earlier.pk), contract.starts_on, reason)
    return earlier


def end_for(contract: Contract, ends_on: date, reason: str) -> None:
    """Write the end of a locked contract, keeping the one that was agreed."""
    contract.agreed_until, contract.ends_on = contract.agreed_until or contract.ends_on, ends_on
    contract.state, contract.end_reason = ContractState.ENDED, reason[:200]
    save_contract(contract, "agreed_until", "ends_on", "state", "end_reason")


def _tell_person(actor: Account, contract: Contract, text: str) -> None:
    own = Account.objects.filter(is_active=True, person=contract.person).exclude(pk=actor.pk)
    notify(recipients=list(own), text=text, url=reverse("staff:contract", args=[contract.public_id]))
