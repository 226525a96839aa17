"""Team bonuses in the demo: past years distributed, approved and paid by phase; this year's on every part of their way."""

from datetime import date, timedelta
from decimal import Decimal

from kpi.access.bonus import bonus_candidates_visible_to
from kpi.actions.bonus import leaders_of, open_bonus
from kpi.actions.bonus_pay import follow_bonus, pay_bonus
from kpi.actions.bonus_plan import (
    approve_plan,
    confirm_share,
    object_to_share,
    propose_plan,
    reply_to_objection,
    submit_plan,
)
from kpi.actions.bonus_rate import adopt_bonus_rates
from kpi.models import BonusPlan, BonusRate, TeamBonus
from kpi.queries.bonus import suggestion, unpaid_lines
from projects.access.key_project import has_part
from projects.actions.key_project import revoke_key_project
from projects.demo.world import World
from projects.models import KeyProjectRecognition
from promotion.errors import Outcome
from staff.models import Account, Person

# How many bonuses a past year and the running one have; the last paid month leaves something due.
PAST, NOW = 6, 5
NOTE = "队务会集体研究：按捕捉、引进、落地各环节的实际投入分配。"


def tell_past(world: World, year: int) -> str:
    """The year's bonuses distributed, approved, and paid phase by phase."""
    if not BonusRate.objects.exists():
        adopt_bonus_rates(actor=world.accounts["manager"], holds_from=date(world.today.year - 3, 1, 1))
    paid = 0
    for bonus in _opened(world, year, PAST):
        plan = _proposed(bonus)
        if plan is not None and _agreed(plan) and _approved(world, bonus, plan):
            paid += _paid(world, bonus)
    return f"{year}: {paid} payments of team bonuses"


def tell_now(world: World, year: int) -> str:
    """One waits for confirmations, one has an objection, one waits for approval, one is due, one is without a plan; one is taken back."""
    made = _opened(world, year, NOW)
    for place, bonus in enumerate(made):
        plan = (
            _proposed(bonus, also=world.accounts["officer"].person if place == 0 else None)
            if place < 4
            else None
        )
        if plan is None or place == 0:
            continue
        if place == 1:
            _objected(plan)
        elif _agreed(plan) and place == 3:
            _approved(world, bonus, plan)
    taken = _taken_back(world)
    return f"{year}: {len(made)} team bonuses on their way, {taken} lines taken back"


def _opened(world: World, year: int, most: int) -> list[TeamBonus]:
    """Bonuses for the key projects that were recognised in the year, those of the officer's team first."""
    hr = world.accounts["hr"]
    found = bonus_candidates_visible_to(hr).filter(recognised_on__year=year).select_related("project__team")
    own = world.cast.teams["GJ1"].pk
    listed = sorted(found, key=lambda one: (one.project.team_id != own, one.recognised_on, one.pk))
    made: list[TeamBonus] = []
    for recognition in listed:
        if len(made) == most:
            break
        try:
            made.append(open_bonus(actor=hr, recognition=recognition))
        except Outcome:
            continue
    return made


def _account(person: Person) -> Account | None:
    return Account.objects.filter(person=person).first()


def _proposed(bonus: TeamBonus, *, also: Person | None = None) -> BonusPlan | None:
    """The leader starts from the shares of the credit; somebody else who helped gets a tenth."""
    leader = next(iter(leaders_of(bonus)), None)
    shares = suggestion(bonus)
    if leader is None or not shares or any(_account(person) is None for person, _percent in shares):
        return None
    if also is not None and also.pk not in {person.pk for person, _percent in shares}:
        first, percent = shares[0]
        if percent > 10:
            shares = [(first, percent - 10), *shares[1:], (also, Decimal(10))]
    return propose_plan(actor=leader, bonus=bonus, shares=shares, note=NOTE)


def _agreed(plan: BonusPlan) -> bool:
    """Every member confirms, and the leader hands it in."""
    for share in plan.shares.exclude(answer="confirmed").select_related("person"):
        account = _account(share.person)
        if account is None:
            return False
        confirm_share(actor=account, share=share)
    submit_plan(actor=plan.proposed_by, bonus=plan.bonus)
    return True


def _objected(plan: BonusPlan) -> None:
    """The first who is asked objects; another's objection was answered already."""
    asked = list(plan.shares.exclude(answer="confirmed").select_related("person"))
    for place, share in enumerate(reversed(asked)):
        account = _account(share.person)
        if account is None:
            continue
        said = object_to_share(
            actor=account, share=share, reason="落地阶段的协调主要由我承担，比例偏低，请重新研究。"
        )
        if place:
            reply_to_objection(
                actor=plan.proposed_by, share=said, reply="已按各环节台账核对，比例与投入相符，请再确认。"
            )


def _approved(world: World, bonus: TeamBonus, plan: BonusPlan) -> bool:
    """By a manager without a part, a month after the recognition."""
    day = min((bonus.recognition.recognised_on or world.today) + timedelta(30), world.today)
    try:
        approve_plan(actor=world.accounts["deputy"], bonus=bonus, note="同意", on=day)
    except Outcome:
        return False
    return True


def _paid(world: World, bonus: TeamBonus) -> int:
    """Each day on which something fell due is paid ten days later; what fell due in the last weeks is left."""
    count = 0
    for due in sorted(set(unpaid_lines(bonus).values_list("due_on", flat=True))):
        day = due + timedelta(10)
        if day > world.today - timedelta(30):
            break
        if unpaid_lines(bonus).filter(due_on__lte=day).exists():
            pay_bonus(actor=world.accounts["hr"], bonus=bonus, paid_on=day, note=f"发放凭证 {day:%Y%m%d}")
            count += 1
    return count


def _taken_back(world: World) -> int:
    """The last recognition of which something was paid is revoked, and its bonus taken back."""
    paid = KeyProjectRecognition.objects.filter(state="recognised", bonuses__payouts__isnull=False).distinct()
    row = paid.select_related("project").order_by("-pk").first()
    if row is None or has_part(world.accounts["manager"], row.project):
        return 0
    revoke_key_project(
        actor=world.accounts["manager"], recognition=row, reason="企业变更投资计划，协议金额核减到标准以下。"
    )
    return sum(
        len(follow_bonus(actor=world.accounts["hr"], bonus=bonus))
        for bonus in row.bonuses.exclude(state="ended")
    )
