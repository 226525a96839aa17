"""Two at once on real connections: one first reception, one last place in the quota, one claim beside a confirmation."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from projects.actions import claim_company, confirm_progress, log_lead, write_follow_up
from projects.models import FirstReception, ProtectionRule
from projects.queries.protection import counted_in_quota
from promotion.errors import Outcome
from staff.models import Account, Team
from tests.factories.projects import make_project
from tests.factories.staff import make_account
from tests.projects.test_protection import receive

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*attempts: Callable[[], object]) -> list[str]:
    """Run the attempts in threads that start together; gives “done” or the name of the refusal of each."""
    start, said = threading.Barrier(len(attempts)), [""] * len(attempts)

    def run(place: int, attempt: Callable[[], object]) -> None:
        try:
            start.wait(10)
            attempt()
            said[place] = "done"
        except Outcome as outcome:
            said[place] = type(outcome).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


@pytest.mark.parametrize(
    "names", [("灵犀光电有限公司", "灵犀光电有限公司"), ("灵犀光电有限公司", "江苏灵犀光电股份有限公司")]
)
def test_two_first_receptions_of_one_company(
    officer: Account, outsider: Account, names: tuple[str, str]
) -> None:
    said = at_once(
        *(
            lambda actor=actor, name=name: log_lead(
                actor=actor, name="光电项目", company_name=name, channel="stationed"
            )
            for actor, name in zip((officer, outsider), names, strict=True)
        )
    )

    assert sorted(said) == ["Conflict", "done"]
    assert FirstReception.objects.filter(released_at=None).count() == 1


def test_two_claims_of_the_last_place(officer: Account, outsider: Account, manager: Account) -> None:
    ProtectionRule.objects.create(holds_from=date(2026, 1, 1), claim_quota=1, set_by=manager)
    ended = [receive(officer, until=-1) for _ in range(2)]

    said = at_once(*(lambda one=one: claim_company(actor=outsider, reception=one) for one in ended))

    assert sorted(said) == ["Refused", "done"]
    assert outsider.person_id is not None
    assert counted_in_quota(outsider.person_id, timezone.localdate()).count() == 1


def test_two_teams_claim_one_company(officer: Account, outsider: Account, second_team: Team) -> None:
    ended = receive(officer, until=-1)
    rival = make_account(team=second_team)

    said = at_once(
        *(lambda actor=actor: claim_company(actor=actor, reception=ended) for actor in (outsider, rival))
    )

    assert sorted(said) == ["Conflict", "done"]
    assert FirstReception.objects.filter(company=ended.company, released_at=None).count() == 1


@pytest.mark.parametrize(("left", "said"), [(0, ["Conflict", "done"]), (-1, ["done", "Refused"])])
def test_claim_beside_verified_progress(
    officer: Account, leader: Account, outsider: Account, left: int, said: list[str]
) -> None:
    held = receive(officer, until=left)
    project = make_project(officer, company=held.company)
    follow_up = write_follow_up(actor=officer, project=project, kind="visit", text="考察")

    found = at_once(
        lambda: claim_company(actor=outsider, reception=held),
        lambda: confirm_progress(actor=leader, follow_up=follow_up, reason="已核实"),
    )

    assert found == said
    assert FirstReception.objects.filter(company=held.company, released_at=None).count() == 1
