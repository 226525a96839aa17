"""Who sees which team bonus, and who does what with it: amounts are for members, their leader, and those who decide, pay and watch."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from kpi.models import BonusLine, BonusPlan, BonusRate, BonusShare, TeamBonus
from projects.access.key_project import key_recognitions_visible_to
from projects.models import KeyProjectRecognition
from staff.access import leads, teams_led_by
from staff.access.concern import own_people
from staff.models import Account, Role

SEES_ALL_BONUSES = (Role.HR, Role.MANAGER, Role.AUDITOR)


def sees_bonuses(actor: Account) -> bool:
    """HR, managers and auditors see every bonus; others those that they have a share of, or whose team they lead."""
    return actor.is_role(*SEES_ALL_BONUSES)


def bonuses_visible_to(actor: Account) -> QuerySet[TeamBonus]:
    """Every bonus for those who decide, pay and watch; else where one has a share in any plan, or leads the team."""
    if not actor.is_active:
        return TeamBonus.objects.none()
    if sees_bonuses(actor):
        return TeamBonus.objects.all()
    if actor.person_id is None:
        return TeamBonus.objects.none()
    own = BonusShare.objects.filter(plan__bonus=OuterRef("pk"), person=actor.person_id)
    return TeamBonus.objects.filter(Exists(own) | Q(team__in=teams_led_by(actor).values("pk")))


def bonus_lines_visible_to(actor: Account) -> QuerySet[BonusLine]:
    """The lines of the bonuses one sees."""
    return BonusLine.objects.filter(part__share__plan__bonus__in=bonuses_visible_to(actor).values("pk"))


def bonus_candidates_visible_to(actor: Account) -> QuerySet[KeyProjectRecognition]:
    """Recognised key projects without a bonus, for those who open bonuses."""
    if not can_open_bonuses(actor) and not actor.is_role(Role.AUDITOR):
        return KeyProjectRecognition.objects.none()
    live = TeamBonus.objects.filter(recognition=OuterRef("pk")).exclude(state="ended")
    return key_recognitions_visible_to(actor).filter(~Exists(live), state="recognised")


def bonus_rates_visible_to(actor: Account) -> QuerySet[BonusRate]:
    """The standards are open to every account of the house."""
    return BonusRate.objects.all() if actor.is_active else BonusRate.objects.none()


def can_set_bonus_rates(actor: Account) -> bool:
    """Managers settle the standards."""
    return actor.is_role(Role.MANAGER)


def can_open_bonuses(actor: Account) -> bool:
    """HR and managers open a bonus for a recognised key project."""
    return actor.is_role(Role.HR, Role.MANAGER)


def can_approve_bonuses(actor: Account) -> bool:
    """Managers set pools, approve, return and end, each where they have no share themselves (`has_share`)."""
    return actor.is_role(Role.MANAGER)


def can_pay_bonuses(actor: Account) -> bool:
    """HR pays, and writes down what members say who have left."""
    return actor.is_role(Role.HR)


def can_distribute(actor: Account, bonus: TeamBonus) -> bool:
    """The leader of the team proposes how its bonus is distributed."""
    return actor.is_role(Role.LEADER) and leads(actor, bonus.team_id)


def has_share(actor: Account, plan: BonusPlan) -> bool:
    """Whether the person behind the account, or the one stood in for, gets something by the plan."""
    own = own_people(actor)
    return bool(own) and plan.shares.filter(person__in=own).exists()
