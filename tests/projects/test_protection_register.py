"""The protection register under random histories: whatever is tried in whatever order, its rules hold."""

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.actions import (
    claim_company,
    confirm_progress,
    decide_arbitration,
    lapse_receptions,
    log_lead,
    open_arbitration,
    release_reception,
    state_case,
    warn_of_lapse,
    write_follow_up,
)
from projects.models import Company, FirstReception, ProtectionRule
from projects.queries.protection import counted_in_quota, protects
from promotion.errors import Outcome
from staff.models import Account, Role
from tests.factories.projects import make_company, make_project
from tests.factories.staff import make_account, make_team

RULE = {
    "initial_days": 60,
    "extension_days": 45,
    "maximum_days": 150,
    "claim_quota": 2,
    "cool_down_days": 20,
    "warning_days": 5,
}
START = datetime(2026, 3, 2, 2, tzinfo=UTC)

steps = st.lists(
    st.tuples(
        st.sampled_from(["wait", "wait", "lead", "claim", "confirm", "release", "dispute", "night"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 40),
    ),
    min_size=4,
    max_size=14,
)


class House:
    """Three officers of three teams with their leaders, three companies, one manager, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START
        self.manager = make_account(Role.MANAGER)
        ProtectionRule.objects.create(holds_from=date(2026, 1, 1), set_by=self.manager, **RULE)
        teams = [make_team() for _ in range(3)]
        self.officers = [make_account(team=team) for team in teams]
        self.leaders = [make_account(Role.LEADER, team=team) for team in teams]
        self.companies = [
            make_company(self.manager, name=f"{name}有限公司")
            for name in ("甲辰电子", "乙巳光学", "丙午材料")
        ]
        self.until: dict[int, date] = {}
        self.given: set[int] = set()

    def moment(self) -> datetime:
        return self.now

    def today(self) -> date:
        return timezone.localdate(self.now)

    def held(self, company: Company) -> FirstReception | None:
        return FirstReception.objects.filter(company=company, released_at=None).first()

    def wait(self, officer: int, company: int, days: int) -> None:
        self.now += timedelta(days=days)

    def lead(self, officer: int, company: int, days: int) -> None:
        number = FirstReception.objects.count() * 100 + days
        actor, target = self.officers[officer], self.companies[company]
        self.taken(
            actor,
            target,
            lambda: log_lead(actor=actor, name=f"项目{number}", company=target, channel="stationed"),
        )

    def claim(self, officer: int, company: int, days: int) -> None:
        actor, target = self.officers[officer], self.companies[company]
        last = FirstReception.objects.filter(company=target).order_by("-pk").first()
        if last is not None:
            self.taken(actor, target, lambda: claim_company(actor=actor, reception=last))

    def taken(self, actor: Account, company: Company, attempt: Callable[[], object]) -> None:
        """What has to hold when somebody becomes the holder."""
        before = self.held(company)
        protected = before is not None and protects(before, self.today())
        attempt()
        after = self.held(company)
        assert after is not None
        if before is not None and after.pk == before.pk:
            return
        assert not protected
        assert actor.person_id is not None
        if not self.given & set(counted_in_quota(actor.person_id, self.today()).values_list("pk", flat=True)):
            assert counted_in_quota(actor.person_id, self.today()).count() <= RULE["claim_quota"]
        own = FirstReception.objects.filter(company=company, person=actor.person_id).exclude(ending="")
        for ended in own:
            assert (self.today() - timezone.localdate(ended.released_at)).days >= RULE["cool_down_days"]

    def confirm(self, officer: int, company: int, days: int) -> None:
        held = self.held(self.companies[company])
        if held is None:
            return
        owner = next(one for one in self.officers if one.person_id == held.person_id)
        project = make_project(owner, company=held.company)
        follow_up = write_follow_up(
            actor=owner, project=project, kind="visit", text="考察", happened_at=self.now
        )
        confirm_progress(actor=self.leaders[self.officers.index(owner)], follow_up=follow_up, reason="已核实")

    def release(self, officer: int, company: int, days: int) -> None:
        held = self.held(self.companies[company])
        if held is not None:
            release_reception(actor=self.officers[officer], reception=held, reason="不再跟进")

    def dispute(self, officer: int, company: int, days: int) -> None:
        held = self.held(self.companies[company])
        if held is None:
            return
        case = open_arbitration(actor=self.officers[officer], reception=held, grounds="先接触")
        for side in (case.claimant_id, case.respondent_id):
            speaker = next(one for one in self.officers if one.person_id == side)
            state_case(actor=speaker, arbitration=case, text="陈述")
        outcome = "transferred" if days % 2 else "kept"
        decided = decide_arbitration(actor=self.manager, arbitration=case, outcome=outcome, decision="裁决")
        if outcome == "transferred" and decided.resulting is not None:
            self.given.add(decided.resulting.pk)

    def night(self, officer: int, company: int, days: int) -> None:
        warn_of_lapse(actor=None)
        lapse_receptions(actor=None)
        assert lapse_receptions(actor=None) == 0

    def check(self) -> None:
        """One holder a company, and no protection that runs became shorter or longer than the rule allows."""
        held = list(FirstReception.objects.filter(released_at=None))
        assert len({row.company_id for row in held}) == len(held)
        for row in held:
            assert row.protected_until >= self.until.get(row.pk, row.protected_until)
            claimed = timezone.localdate(row.claimed_at)
            assert row.protected_until <= claimed + timedelta(days=RULE["maximum_days"])
            self.until[row.pk] = row.protected_until


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=steps)
def test_register_keeps_its_rules_in_any_history(history: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        tell(House(), history)
        transaction.set_rollback(True)


def tell(house: House, history: list[tuple[str, int, int, int]]) -> None:
    """One step after the other; what is refused changes nothing."""
    with mock.patch("django.utils.timezone.now", side_effect=house.moment):
        for verb, officer, company, days in history:
            with contextlib.suppress(Outcome), transaction.atomic():
                getattr(house, verb)(officer, company, days)
            house.check()
