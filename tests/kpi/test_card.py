"""Cards: proposed by dated rules and by gates, decided by a second person, lifted by another, seen by whom they concern."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi.actions import bulletin as bulletins
from kpi.actions import card as actions
from kpi.models import Card, CardRule, Item, Standing
from kpi.queries.bulletin.report import read_report
from kpi.queries.bulletin.words import card_words
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry, Notice
from staff.models import Account, Team
from tests.factories.kpi import make_run, make_scheme, post
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_team
from tests.projects.test_protection_races import at_once

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
YEAR, PERIOD = 2025, "Q2"


@pytest.fixture
def run(first_team: Team, second_team: Team, officer: Account) -> Any:
    """A run of 30 June: the first team far behind, the second on its way; the officer barred by a gate of the scheme."""
    found = make_run(make_scheme(YEAR), as_of=date(2025, 6, 30))
    for rank, (team, progress) in enumerate(((second_team, "0.6"), (first_team, "0.1")), start=1):
        one = Standing.objects.create(
            run=found,
            group="teams",
            team=team,
            subject_name=team.name,
            total=9 - rank,
            rank=rank,
            group_size=2,
        )
        Item.objects.create(
            standing=one,
            position=1,
            indicator="signing",
            title="项目签约",
            status="scored",
            progress=Decimal(progress),
        )
    gate = {
        "code": "falsified",
        "title": "弄虚作假",
        "holds": True,
        "effect": "取消全部评奖资格，黄牌",
        "reason": "1 次",
    }
    Standing.objects.create(
        run=found, group="officers", person=officer.person, subject_name="专员", total=1, rank=1, group_size=1,
        outcome={"cards": ["黄牌"], "gates": [gate]},
    )  # fmt: skip
    return found


def settle(
    manager: Account, kind: str = "behind", colour: str = "yellow", limit: int | None = 20, **more: Any
) -> CardRule:
    given = {"group": "teams", "holds_from": date(2025, 1, 1), "note": "亮牌办法", **more}
    value = None if limit is None else Decimal(limit)
    return actions.settle_card_rule(actor=manager, kind=kind, colour=colour, limit=value, **given)


def propose(actor: Account) -> list[Card]:
    return actions.propose_cards(actor=actor, year=YEAR, period=PERIOD)


class TestProposals:
    def test_rules_and_gates_propose_with_their_figures(
        self, run: Any, manager: Account, hr: Account, first_team: Team, officer: Account
    ) -> None:
        settle(manager)
        team, person = propose(hr)
        assert (team.team, team.colour, team.kind, team.state) == (first_team, "yellow", "behind", "proposed")
        assert team.reason == "“项目签约”完成 10.0%，时序进度 49.6%，落后 39.6 个百分点（规则 20 个百分点）。"
        assert (person.person, person.kind, person.gate) == (officer.person, "gate", "falsified")
        assert person.reason == "细则“弄虚作假”成立：1 次"

    def test_the_newest_rule_that_holds_counts_and_one_without_a_limit_ends_it(
        self, run: Any, manager: Account, hr: Account
    ) -> None:
        settle(manager)
        settle(manager, limit=None, holds_from=date(2025, 6, 1))
        settle(manager, limit=1, holds_from=date(2025, 7, 1))
        assert [one.kind for one in propose(hr)] == ["gate"]

    def test_nothing_is_proposed_twice_but_what_was_lifted(
        self, run: Any, manager: Account, deputy: Account, hr: Account
    ) -> None:
        settle(manager)
        made = propose(hr)
        assert propose(manager) == []
        shown = actions.show_cards(actor=manager, cards=made[:1])
        actions.decline_cards(actor=manager, cards=made[1:], reason="已整改")
        assert propose(hr) == []
        actions.lift_card(actor=deputy, card=shown[0], reason="补签")
        assert [one.kind for one in propose(hr)] == ["behind"]

    def test_months_in_a_row_at_the_end_idle_months_and_incidents(
        self, run: Any, manager: Account, hr: Account, officer: Account, first_team: Team
    ) -> None:
        for month in (4, 5):
            earlier = make_run(run.scheme, as_of=date(2025, month, 28))
            for rank, team in ((1, make_team()), (2, first_team)):
                Standing.objects.create(
                    run=earlier, group="teams", team=team, subject_name="队", total=1, rank=rank, group_size=2
                )
        project = make_project(officer, reported_on=date(2024, 1, 1))
        make_share(project, officer.person, holds_from=date(2024, 1, 1))  # type: ignore[arg-type]
        make_recognised(project, officer, manager, kind="signed", happened_on=date(2025, 2, 1))
        for day in (2, 3):
            make_recognised(
                project,
                officer,
                manager,
                kind="incident",
                incident_reason="late_report",
                happened_on=date(2025, 6, day),
            )
        post(run)
        for kind, limit in (("last", 3), ("idle", 4), ("incidents", 2)):
            settle(manager, kind, limit=limit)
        assert [(one.kind, one.reason) for one in propose(hr) if one.team == first_team] == [
            ("last", "连续 3 个月排名末位（规则 3 个月）。"),
            ("idle", "4 个月没有签约（规则 4 个月）。"),
            ("incidents", "本时段扣分事项 2 起（规则 2 起）。"),
        ]

    def test_proposing_costs_the_same_with_two_and_with_four_teams(
        self, run: Any, manager: Account, hr: Account
    ) -> None:
        settle(manager)
        propose(hr)
        counts = []
        for more in (0, 2):
            for _place in range(more):
                team = make_team()
                Standing.objects.create(
                    run=run, group="teams", team=team, subject_name=team.name, total=1, rank=3, group_size=4
                )
            Card.objects.all().delete()
            with CaptureQueriesContext(connection) as caught:
                propose(hr)
            counts.append(len(caught))
        assert counts[0] == counts[1]


class TestDecisions:
    def test_show_tells_the_team_and_the_person_and_lift_tells_them_again(
        self, run: Any, manager: Account, deputy: Account, hr: Account, officer: Account, outsider: Account
    ) -> None:
        settle(manager)
        shown = actions.show_cards(actor=manager, cards=propose(hr))
        assert {one.state for one in shown} == {"shown"}
        assert Notice.objects.filter(recipient=officer).count() == 2
        assert not Notice.objects.filter(recipient=outsider).exists()
        lifted = actions.lift_card(actor=deputy, card=shown[0], reason="补签两个")
        assert (lifted.state, lifted.note, lifted.lifted_by) == ("lifted", "补签两个", deputy)
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
        assert verbs == ["card.settle-rule", "card.propose", "card.show", "card.show", "card.lift"]

    def test_refusals(
        self, run: Any, manager: Account, deputy: Account, hr: Account, officer: Account, auditor: Account
    ) -> None:
        with pytest.raises(NotAllowed, match="由分管领导制定"):
            settle(hr)
        with pytest.raises(Refused, match="界限要大于零"):
            settle(manager, limit=0)
        settle(manager)
        with pytest.raises(Conflict, match="当天已经改过"):
            settle(manager, limit=30)
        with pytest.raises(NotAllowed):
            propose(officer)
        with pytest.raises(Refused, match="还没有开始"):
            actions.propose_cards(actor=hr, year=2099, period="Q1")
        made = propose(hr)
        with pytest.raises(Refused, match="提请人不能自己决定"):
            actions.show_cards(actor=hr, cards=made)
        with pytest.raises(NotFound):
            actions.lift_card(actor=officer, card=made[0], reason="请求")
        with pytest.raises(NotAllowed):
            actions.show_cards(actor=auditor, cards=made)
        with pytest.raises(Refused, match="请写明不亮牌的理由"):
            actions.decline_cards(actor=manager, cards=made, reason=" ")
        [shown] = actions.show_cards(actor=manager, cards=made[:1])
        with pytest.raises(Refused, match="不能自己摘牌"):
            actions.lift_card(actor=manager, card=shown, reason="补签")
        with pytest.raises(Conflict, match="不再待决定"):
            actions.decline_cards(actor=deputy, cards=[shown], reason="晚了")

    def test_nobody_decides_on_a_card_of_his_own(self, run: Any, manager: Account, hr: Account) -> None:
        Standing.objects.filter(group="officers").update(person=manager.person)
        made = propose(hr)
        with pytest.raises(Refused, match="本人或本队的牌"):
            actions.show_cards(actor=manager, cards=made)


class TestWhoSees:
    def test_team_cards_are_open_once_shown_and_those_of_people_are_not(
        self, run: Any, manager: Account, hr: Account, officer: Account, leader: Account, outsider: Account,
        auditor: Account, client_as: SignIn,
    ) -> None:  # fmt: skip
        settle(manager)
        team, person = propose(hr)

        def answers(card: Card) -> list[int]:
            readers = (officer, leader, outsider, auditor, hr)
            return [client_as(one).get(f"/year/cards/{card.public_id}/").status_code for one in readers]

        assert answers(team) == answers(person) == [404, 404, 404, 200, 200]
        actions.show_cards(actor=manager, cards=[team, person])
        assert answers(team) == [200] * 5
        assert answers(person) == [200, 200, 404, 200, 200]

    def test_the_page_of_a_team_and_the_bulletin_show_its_card(
        self, run: Any, manager: Account, hr: Account, officer: Account, first_team: Team, client_as: SignIn
    ) -> None:
        settle(manager)
        actions.show_cards(actor=manager, cards=propose(hr))
        report = read_report(bulletins.draft_bulletin(actor=hr, year=YEAR, period=PERIOD))
        said = card_words(report)
        assert said[0].startswith(f"{first_team.name}黄牌：“项目签约”完成 10.0%")
        assert said[1] == "个人黄牌 1 张、红牌 0 张，已通知本人。"
        Card.objects.update(year=date.today().year)  # noqa: DTZ011 the slot shows the running year
        assert "黄牌" in client_as(officer).get(f"/score/teams/{first_team.public_id}/").text

    def test_the_list_costs_the_same_with_one_and_with_three_cards(
        self, run: Any, manager: Account, hr: Account, client_as: SignIn
    ) -> None:
        settle(manager, limit=1)
        client, counts = client_as(hr), []
        made = propose(hr)
        for shown in (made[:1], made[1:]):
            actions.show_cards(actor=manager, cards=shown)
            client.get("/year/cards/")
            with CaptureQueriesContext(connection) as caught:
                assert client.get("/year/cards/").status_code == 200
            counts.append(len(caught))
        assert counts[0] == counts[1]


class TestPagesAndApi:
    def test_one_click_proposes_and_another_person_shows(
        self, run: Any, manager: Account, hr: Account, client_as: SignIn
    ) -> None:
        settle(manager)
        client_as(hr).post("/year/cards/propose/", {"period": f"{YEAR}:{PERIOD}"})
        ids = list(Card.objects.order_by("pk").values_list("public_id", flat=True))
        client = client_as(manager)
        assert "落后 39.6 个百分点" in client.get("/year/cards/").text
        refused = client.post("/year/cards/decide/", {"card": ids, "verb": "decline", "reason": ""})
        assert (refused.status_code, refused.text.count(" checked")) == (422, 2)
        client.post("/year/cards/decide/", {"card": ids[:1], "verb": "show"})
        client.post("/year/cards/decide/", {"card": ids[1:], "verb": "decline", "reason": "已整改"})
        assert list(Card.objects.order_by("pk").values_list("state", flat=True)) == ["shown", "declined"]

    def test_rules_are_settled_on_a_page_and_read_by_everybody(
        self, manager: Account, officer: Account, client_as: SignIn
    ) -> None:
        given = {
            "kind": "idle",
            "group": "teams",
            "colour": "red",
            "limit": "6",
            "holds_from": "2025-01-01",
            "note": "办法",
        }
        page = client_as(manager)
        assert page.post("/year/cards/rules/", {**given, "limit": "-1"}).status_code == 422
        assert page.post("/year/cards/rules/", given).status_code == 302
        assert "久无签约" in client_as(officer).get("/year/cards/rules/").text
        assert client_as(officer).post("/year/cards/rules/", given).status_code == 403

    def test_the_api_goes_the_whole_way(
        self, run: Any, manager: Account, deputy: Account, hr: Account, officer: Account, client_as: SignIn
    ) -> None:
        def send(actor: Account, path: str, body: dict[str, Any]) -> Any:
            return client_as(actor).post(f"/api/cards/{path}", body, content_type="application/json")

        rule = {
            "kind": "behind",
            "group": "teams",
            "colour": "red",
            "limit": "20",
            "holds_from": "2025-01-01",
            "note": "办法",
        }
        assert send(manager, "rules/", rule).status_code == 201
        assert len(client_as(officer).get("/api/cards/rules/").json()) == 1
        made = send(hr, "propose/", {"year": YEAR, "period": PERIOD}).json()
        assert send(hr, "show/", {"cards": [made[0]["id"]]}).status_code == 422
        assert send(manager, "show/", {"cards": [made[0]["id"]]}).json()[0]["state"] == "shown"
        assert (
            send(manager, "decline/", {"cards": [made[1]["id"]], "reason": "整改"}).json()[0]["note"]
            == "整改"
        )
        assert send(deputy, f"{made[0]['id']}/lift/", {"reason": "补签"}).json()["state"] == "lifted"
        assert [row["state"] for row in client_as(officer).get("/api/cards/").json()["results"]] == ["lifted"]


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_decide_on_one_card(self, run: Any, manager: Account, deputy: Account, hr: Account) -> None:
        settle(manager)
        made = propose(hr)[:1]
        said = at_once(
            lambda: actions.show_cards(actor=manager, cards=made),
            lambda: actions.decline_cards(actor=deputy, cards=made, reason="不亮"),
        )
        assert sorted(said) == ["Conflict", "done"]

    def test_two_propose_at_once_and_each_card_is_there_once(
        self, run: Any, manager: Account, hr: Account
    ) -> None:
        settle(manager)
        said = at_once(lambda: propose(hr), lambda: propose(manager))
        assert (said, Card.objects.count()) == (["done", "done"], 2)
