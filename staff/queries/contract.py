"""Contracts as lists read them, and which ends come near."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from staff.access import can_keep_contracts, contracts_visible_to
from staff.models import Account, Contract, ContractReminder, ContractState, Person
from staff.queries.due_item import DueItem

FAR, NEAR = timedelta(days=60), timedelta(days=30)
DAY = timedelta(days=1)
# More than this of one kind is no list that anybody works through.
MOST = 200


@dataclass(frozen=True)
class Ending:
    """An end that comes near: of the contract, or of its probation."""

    contract: Contract
    last_day: date
    is_probation: bool
    occasion: str


def contracts_listed(actor: Account) -> QuerySet[Contract]:
    """The visible contracts with whom and what they concern."""
    return contracts_visible_to(actor).select_related("person", "team", "paper", "renews")


def contracts_of(actor: Account, person: Person) -> QuerySet[Contract]:
    """The person's contracts, newest first."""
    return contracts_listed(actor).filter(person=person)


def without_follower(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Signed contracts that run out and that no other one follows yet."""
    followers = Contract.objects.filter(renews=OuterRef("pk"))
    later = Contract.objects.filter(person=OuterRef("person"), starts_on__gte=OuterRef("ends_on"))
    signed = contracts.filter(state=ContractState.SIGNED, ends_on__isnull=False)
    return signed.exclude(Exists(followers)).exclude(Exists(later))


def ending_by(contracts: QuerySet[Contract], today: date, until: date) -> QuerySet[Contract]:
    """The contracts whose last day lies between today and `until`, not followed by another."""
    return without_follower(contracts).filter(ends_on__gt=today, ends_on__lte=until + DAY)


def on_probation(contracts: QuerySet[Contract], today: date, until: date) -> QuerySet[Contract]:
    """The contracts whose probation ends between today and `until` and is not passed yet."""
    running = contracts.filter(state=ContractState.SIGNED, probation_passed_on=None)
    return running.filter(probation_until__gt=today, probation_until__lte=until + DAY)


def ends_to_tell(today: date) -> list[Ending]:
    """Every end within 60 days that was not told yet at its present occasion, over all contracts; two queries."""
    found = []
    for is_probation in (False, True):
        pick = on_probation if is_probation else ending_by
        field = "probation_until" if is_probation else "ends_on"
        names = ContractReminder.Occasion
        far, near = (names.PROBATION_60, names.PROBATION_30) if is_probation else (names.END_60, names.END_30)
        contracts = pick(Contract.objects.all(), today, today + FAR).select_related("person")
        told = ContractReminder.objects.filter(contract=OuterRef("pk"), due_on=OuterRef(field))
        is_near = Q(**{f"{field}__lte": today + NEAR + DAY})
        contracts = contracts.exclude(is_near & Exists(told.filter(occasion=near)))
        contracts = contracts.exclude(~is_near & Exists(told.filter(occasion=far)))
        for contract in contracts.order_by(field, "pk"):
            last_day = getattr(contract, field) - DAY
            occasion = near if last_day <= today + NEAR else far
            found.append(Ending(contract, last_day, is_probation, occasion))
    return found


def contracts_due(actor: Account, until: date) -> list[DueItem]:
    """HR decides on renewal 30 days before an end and on a probation by its last day; everybody reads the own ends."""
    if can_keep_contracts(actor):
        return [*_renewals_due(actor, until), *_probations_due(actor, until)]
    if actor.person_id is None:
        return []
    own = contracts_visible_to(actor).filter(person=actor.person_id).select_related("person")
    ends = without_follower(own).filter(ends_on__lte=until + DAY)
    found = [
        _item(one, "contract-end", one.last_day or until, _("合同到期"), one.number)
        for one in ends.order_by("ends_on", "pk")[:MOST]
    ]
    return [*found, *(_probation_item(one) for one in _open_probations(own, until))]


def _renewals_due(actor: Account, until: date) -> list[DueItem]:
    listed = without_follower(contracts_visible_to(actor)).select_related("person")
    found = []
    for one in listed.filter(ends_on__lte=until + NEAR + DAY).order_by("ends_on", "pk")[:MOST]:
        title = _("决定是否续签：%(name)s") % {"name": one.person.name}
        words = {"number": one.number, "day": one.last_day}
        detail = _("%(number)s · %(day)s 到期") % words
        found.append(_item(one, "contract-renewal", (one.last_day or until) - NEAR, title, detail))
    return found


def _probations_due(actor: Account, until: date) -> list[DueItem]:
    listed = contracts_visible_to(actor).select_related("person")
    return [_probation_item(one) for one in _open_probations(listed, until)]


def _open_probations(contracts: QuerySet[Contract], until: date) -> QuerySet[Contract]:
    waiting = contracts.filter(
        state=ContractState.SIGNED, probation_passed_on=None, probation_until__lte=until + DAY
    )
    return waiting.order_by("probation_until", "pk")[:MOST]


def _probation_item(contract: Contract) -> DueItem:
    title = _("试用期满：%(name)s") % {"name": contract.person.name}
    last_day = contract.probation_last_day or contract.starts_on
    return _item(contract, "probation-end", last_day, title, contract.number)


def _item(contract: Contract, kind: str, on: date, title: str, detail: str) -> DueItem:
    url = reverse("staff:contract", args=[contract.public_id])
    return DueItem(on=on, kind=kind, key=str(contract.pk), title=title, detail=detail, url=url)
