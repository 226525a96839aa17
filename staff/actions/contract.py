"""Contracts of employment before they are signed: drafted, changed, dropped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, check_version, record
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from staff.access import can_keep_contracts, contracts_visible_to, people_visible_to
from staff.models import Account, BodyName, Contract, ContractKind, ContractState, Grade, Person, Team

FIELDS = ("kind", "body_name", "grade", "team", "starts_on", "ends_on", "probation_until", "number")
# Any number: it only has to be the same in every process that numbers contracts.
NUMBER_LOCK = 7_202_650
# The longest probation that the Labour Contract Law (劳动合同法 第十九条) knows.
LONGEST_PROBATION_DAYS = 184


@action("contract.draft", gettext_lazy("拟订合同"))
def draft_contract(
    *,
    actor: Account,
    person: Person,
    starts_on: date,
    ends_on: date | None = None,
    grade: str = "",
    body_name: str = BodyName.CENTRE,
    kind: str = ContractKind.POST,
    team: Team | None = None,
    probation_until: date | None = None,
    number: str = "",
    renews: Contract | None = None,
    end_earlier: bool = False,
) -> Contract:
    """Draw up a contract [starts_on, ends_on); it binds nobody before `sign_contract`.

    A contract that still runs on the first day is ended the day before when this one is signed, if `renews` names it or
    `end_earlier` asks for it; otherwise Conflict names it. Raises Refused for days that cannot be.
    """
    need_keeper(actor)
    person = locked_person(actor, person)
    values: dict[str, Any] = {
        "kind": ContractKind(kind),
        "body_name": BodyName(body_name),
        "grade": Grade(grade) if grade else "",
        "team": team,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "probation_until": probation_until,
    }
    _check_days(person, values)
    running = _followed(person, starts_on, ends_on, renews, end_earlier=end_earlier)
    contract = Contract.objects.create(
        person=person,
        number=number.strip() or _next_number(starts_on.year),
        renews=running or renews,
        drafted_by=actor,
        **values,
    )
    record(actor=actor, verb="contract.draft", target=contract, detail=_said(contract))
    return contract


@action("contract.change", gettext_lazy("修改合同稿"))
def change_contract(
    *, actor: Account, contract: Contract, seen: int | None = None, **changes: Any
) -> Contract:
    """Change a draft. Raises Conflict when somebody changed it since version `seen`, Refused once it is signed."""
    found = locked_contract(actor, contract)
    need_draft(found)
    check_version(seen=seen, current=found)
    if unknown := set(changes) - set(FIELDS):
        raise Refused(_("合同没有这些项目：%(names)s。") % {"names": "、".join(sorted(unknown))})
    if "number" in changes and not str(changes["number"]).strip():
        raise Refused(_("合同编号不能空着。"), fields={"number": _("合同编号不能空着。")})
    values = {name: changes.get(name, getattr(found, name)) for name in FIELDS}
    _check_days(found.person, values)
    _followed(found.person, values["starts_on"], values["ends_on"], found.renews, end_earlier=False)
    detail = {
        name: [str(getattr(found, name) or ""), str(values[name] or "")]
        for name in FIELDS
        if getattr(found, name) != values[name]
    }
    for name, value in values.items():
        setattr(found, name, value)
    if detail:
        save_contract(found, *FIELDS)
        record(actor=actor, verb="contract.change", target=found, detail=detail)
    return found


@action("contract.drop", gettext_lazy("作废合同稿"))
def drop_contract(*, actor: Account, contract: Contract, seen: int | None = None) -> None:
    """Put a draft aside; its number and what it said stay in the trail."""
    found = locked_contract(actor, contract)
    need_draft(found)
    check_version(seen=seen, current=found)
    record(actor=actor, verb="contract.drop", target=found, detail=_said(found))
    found.delete()


def need_keeper(actor: Account) -> None:
    """Raises NotAllowed for who does not keep contracts."""
    if not can_keep_contracts(actor):
        raise NotAllowed(_("聘用合同由人事办理；请把要改的内容告诉人事。"))


def locked_contract(actor: Account, contract: Contract) -> Contract:
    """The contract, locked with its person, out of those the actor may see. Raises NotFound, NotAllowed."""
    visible = contracts_visible_to(actor).filter(pk=contract.pk)
    person = visible.values_list("person", flat=True).first()
    if person is None:
        raise NotFound(_("没有这份合同，可能已经作废。"))
    need_keeper(actor)
    Person.objects.select_for_update().get(pk=person)
    found = visible.select_for_update(of=("self",)).select_related("person", "renews", "team").first()
    if found is None:
        raise NotFound(_("没有这份合同，可能已经作废。"))
    return found


def locked_person(actor: Account, person: Person) -> Person:
    """The person, locked: what is agreed with one person is written one after the other."""
    found = people_visible_to(actor).select_for_update(of=("self",)).filter(pk=person.pk).first()
    if found is None:
        raise NotFound(_("没有这个人。"))
    return found


def need_draft(contract: Contract) -> None:
    """Raises Refused once the contract is signed."""
    if contract.state != ContractState.DRAFT:
        raise Refused(
            _("合同 %(number)s 已经签订，不能再改；条件有变请续签或终止。") % {"number": contract.number}
        )


def save_contract(contract: Contract, *fields: str) -> None:
    """Save the named fields of a locked contract as its next version."""
    contract.version += 1
    contract.save(update_fields=[*fields, "version"])


def _check_days(person: Person, values: Mapping[str, Any]) -> None:
    """The days in their order, within the person's time in the house; says every fault at its input."""
    starts_on, ends_on, probation = (values[name] for name in ("starts_on", "ends_on", "probation_until"))
    fields = {}
    if starts_on < person.joined_on:
        fields["starts_on"] = _("合同不能早于入职日期 %(day)s。") % {"day": person.joined_on}
    elif person.left_on is not None and starts_on >= person.left_on:
        words = {"name": person.name, "day": person.left_on}
        fields["starts_on"] = _("%(name)s 已于 %(day)s 离职；请先办理返聘。") % words
    if ends_on is not None and ends_on <= starts_on:
        fields["last_day"] = _("合同的最后一日不能早于起日。")
    if probation is not None:
        if probation <= starts_on or (ends_on is not None and probation > ends_on):
            fields["probation_last_day"] = _("试用期要在合同期之内。")
        elif (probation - starts_on).days > LONGEST_PROBATION_DAYS:
            fields["probation_last_day"] = _("试用期最长六个月。")
    if fields:
        raise Refused("".join(fields.values()), fields=fields)


def _followed(
    person: Person, starts_on: date, ends_on: date | None, renews: Contract | None, *, end_earlier: bool
) -> Contract | None:
    """The contract in force that signing will end the day before, if that was asked for. Raises Conflict naming another."""
    signed = person.contracts.exclude(state=ContractState.DRAFT).order_by("starts_on")
    later = signed.filter(starts_on__lt=ends_on) if ends_on else signed
    for other in later:
        if other.ends_on is not None and other.ends_on <= starts_on:
            continue
        asked = end_earlier or (renews is not None and renews.pk == other.pk)
        if other.starts_on < starts_on and asked:
            return other
        last = other.last_day or _("无固定期限")
        raise Conflict(
            _("%(name)s的合同 %(number)s（%(since)s 至 %(until)s）与这段时间重叠。请以续签办理，或先终止它。")
            % {"name": person.name, "number": other.number, "since": other.starts_on, "until": last},
            fields={"starts_on": _("与合同 %(number)s 重叠。") % {"number": other.number}},
        )
    return None


def _next_number(year: int) -> str:
    """HT-2026-0001 and on; who numbers at the same time waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    start = f"HT-{year}-"
    used = Contract.objects.filter(number__regex=rf"^{start}\d{{4,6}}$").values_list("number", flat=True)
    return f"{start}{max((int(number[len(start) :]) for number in used), default=0) + 1:04}"


def _said(contract: Contract) -> dict[str, Any]:
    """What the trail says of a draft."""
    detail = {
        "person": contract.person.staff_number,
        "starts_on": str(contract.starts_on),
        "ends_on": str(contract.ends_on or ""),
        "grade": contract.grade,
    }
    return detail | ({"renews": contract.renews.number} if contract.renews else {})
