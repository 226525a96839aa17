"""The trial as a page and in the API: the address carries it, what is typed is not lost, and only one's own score opens."""

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from kpi.actions import draft_scheme, publish_scheme
from kpi.queries.assumptions import Assumption
from projects.models import Project
from staff.models import Account, ApiToken, Team
from tests.factories.kpi import SCHEME
from tests.factories.stories import (
    YEAR,
    days_ago,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
    signed_project,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
PAGE = "/score/what-if/"


@pytest.fixture
def waiting(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team, second_team: Team
) -> Project:
    """Half of two signings needed waits for the officer; the outsider has all."""
    cache.clear()
    publish_year(hr, manager)
    give_targets(hr, (officer, 2), (outsider, 1), (first_team, 2), (second_team, 1))
    recognised_signing(outsider, manager, "二号芯片")
    recalculate()
    return signed_project(officer, "一号电池")


def key_of(project: Project) -> str:
    return f"a.{project.achievements.get().public_id}"


def text(reply: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))  # type: ignore[attr-defined]


def test_the_page_lists_what_is_open_with_what_it_adds(
    client_as: SignIn, officer: Account, waiting: Project
) -> None:
    page = client_as(officer).get(PAGE)

    assert page.status_code == 200
    shown = text(page)
    for words in ("一号电池", "待认定", "+25.00", "现在离第 1 名还差", "50.00"):
        assert words in shown
    assert "试算总分" not in shown


def test_what_is_ticked_is_shown_before_and_after(
    client_as: SignIn, officer: Account, waiting: Project
) -> None:
    page = client_as(officer).get(f"{PAGE}?{urlencode({'step': key_of(waiting)})}")

    shown = text(page)
    assert "试算总分 25.00" in shown
    assert re.search(r"项目签约 .{0,40}0\.00 25\.00 \+25\.00", shown)
    assert f'value="{key_of(waiting)}" data-submit-on-change checked' in page.content.decode()


def test_a_change_of_grade_gate_and_award_is_said_beside_score_and_rank(
    client_as: SignIn, hr: Account, manager: Account, officer: Account, waiting: Project
) -> None:
    more = (
        "  - {code: best, title: 能手, group: officers, first: 1}\n"
        "grades:\n  - {title: 优秀, from: 25}\n  - {title: 合格}\n"
        "gates:\n  - {code: low, title: 低分, card: 黄牌, if: {value: {kind: item, item: total}, operator: lt, than: 25}}\n"
    )
    text_with_more = SCHEME.replace("2026", str(YEAR)) + more
    publish_scheme(actor=manager, scheme=draft_scheme(actor=hr, year=YEAR, text=text_with_more))
    recalculate()

    found = client_as(officer).get(f"{PAGE}?{urlencode({'step': key_of(waiting)})}").context["found"]

    assert found.changes_said == ["等次 合格→优秀", "不再触发“低分”", "不再亮“黄牌”"]


def test_an_assumption_is_added_and_a_wrong_one_comes_back(
    client_as: SignIn, officer: Account, waiting: Project
) -> None:
    client = client_as(officer)
    typed = {
        "kind": "signed",
        "on": str(days_ago(0)),
        "amount": "2亿",
        "currency": "CNY",
        "share": "50",
        "add": "1",
    }

    good = client.get(f"{PAGE}?{urlencode(typed)}")
    wrong = client.get(f"{PAGE}?{urlencode({**typed, 'amount': 'viel', 'share': '50'})}")
    other = client.get(f"{PAGE}?{urlencode({**typed, 'on': f'{YEAR - 1}-05-01'})}")

    assert good.status_code == 200
    assert "自填假设" in text(good)
    assert "试算总分 12.50" in text(good)
    assert wrong.status_code == 422
    assert 'value="viel"' in wrong.content.decode()
    assert "看不懂金额" in text(wrong)
    assert (other.status_code, "之内" in text(other)) == (422, True)


def test_a_tick_leaves_the_form_alone(client_as: SignIn, officer: Account, waiting: Project) -> None:
    client = client_as(officer)
    asked = urlencode({"step": key_of(waiting), "kind": "paid_in", "amount": "300万美元"})

    fragment = client.get(f"{PAGE}?{asked}", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert "hx-preserve" in fragment
    assert "300万美元" in fragment


def test_who_is_not_ranked_is_told_so(
    client_as: SignIn, manager: Account, hr: Account, waiting: Project
) -> None:
    for account in (manager, hr):
        reply = client_as(account).get(PAGE)
        assert reply.status_code == 404
        assert "还没有考核结果" in text(reply)


def test_the_score_page_and_the_workbench_lead_to_the_trial(
    client_as: SignIn, officer: Account, outsider: Account, waiting: Project
) -> None:
    for account in (officer, outsider):
        client = client_as(account)
        assert PAGE in client.get("/score/").content.decode()
        assert PAGE in client.get("/score/summary/").content.decode()
    standing = client_as(outsider).get("/score/ranking/?group=officers").content.decode()
    own = set(re.findall(r"/score/standings/(\d+)/", standing))
    others = [client_as(outsider).get(f"/score/standings/{pk}/").content.decode() for pk in own]
    assert sum(PAGE in each for each in others) == 1


def test_the_api_answers_the_same(officer: Account, waiting: Project) -> None:
    client = APIClient()
    client.force_authenticate(user=officer, token=ApiToken(account=officer, scopes=["kpi:read"]))
    assumed = Assumption("signed", days_ago(0), Decimal(10**8)).text

    bare = client.get("/api/what-if/").json()
    full = client.get(f"/api/what-if/?{urlencode([('step', key_of(waiting)), ('assume', assumed)])}").json()

    assert (bare["total"], bare["rank"], bare["group_size"], bare["effect"]) == ("0.0000", 2, 2, None)
    assert bare["ahead"] == {"rank": 1, "points": "50.0000"}
    mine = next(one for one in bare["options"] if one["key"] == key_of(waiting))
    assert (mine["points"], mine["total"], mine["rank"], mine["project"], mine["chosen"]) == (
        "25.0000",
        "25.0000",
        2,
        waiting.public_id,
        False,
    )
    assert (full["effect"]["total_after"], full["effect"]["rank_after"]) == ("50.0000", 1)
    assert full["effect"]["indicators"][0]["after"] == "50.0000"
    assert full["team"]["total_after"] == "50.0000"
    assert client.get("/api/what-if/?assume=x").status_code == 422


def test_the_api_needs_its_scope_and_a_person(officer: Account, waiting: Project, hr: Account) -> None:
    for account, scopes, status in ((officer, ["projects:read"], 403), (hr, ["kpi:read"], 404)):
        client = APIClient()
        client.force_authenticate(user=account, token=ApiToken(account=account, scopes=scopes))
        assert client.get("/api/what-if/").status_code == status
