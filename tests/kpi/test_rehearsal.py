"""A scheme rehearsed on calculated years: exactly the moves a real run would bring, and nothing written but the record."""

import io
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from kpi import tasks
from kpi.actions import draft_scheme, export_rehearsal, publish_scheme, rehearse_scheme
from kpi.actions import rehearsal as rehearsing
from kpi.actions.rehearsal import is_lost
from kpi.models import Run, SchemeVersion, Standing, Target
from kpi.queries import rehearsal as rehearsals
from kpi.queries.rehearsal import Kept, Rehearsal, kept_rehearsal, name_of, plan_of
from promotion.errors import NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account, ApiToken, Team
from tests.factories.kpi import SCHEME
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.stories import (
    YEAR,
    days_ago,
    give_targets,
    publish_year,
    recalculate,
    recognised_signing,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
PAGE = "/score/rehearsal/"
#: One point a signing instead of a part of the target: who has more signings wins, whatever was asked of him.
BY_COUNT = SCHEME.replace(
    "rule: {kind: ratio_times_points, of: signed, target: signings, points: 50}",
    "rule: {kind: count_times_points, terms: [{of: signed, each: 1}]}",
)
#: The same with something of everything beside the score, none of which the year's own scheme has.
GRADED = (
    f"{BY_COUNT}  - {{code: best, title: 能手奖, group: officers, first: 1}}\n"
    "grades:\n  - {title: 优秀, first: 1}\n  - {title: 合格}\n"
    "gates:\n  - {code: few, title: 签约不足, card: 黄牌, bars: all, "
    "if: {value: {kind: item, item: total}, operator: lt, than: 2}}\n"
)


@pytest.fixture
def assessed(
    hr: Account, manager: Account, officer: Account, outsider: Account, first_team: Team, second_team: Team
) -> Run:
    """The officer signed two of eight, the outsider one of one."""
    cache.clear()
    publish_year(hr, manager)
    give_targets(hr, (officer, 8), (outsider, 1), (first_team, 8), (second_team, 1))
    for account, name in ((officer, "一号电池"), (officer, "三号叶片"), (outsider, "二号芯片")):
        recognised_signing(account, manager, name)
    return recalculate()


@pytest.fixture
def draft(hr: Account) -> SchemeVersion:
    return draft_scheme(actor=hr, year=YEAR + 1, text=BY_COUNT.replace("2026", str(YEAR + 1)))


@pytest.fixture
def graded(hr: Account) -> SchemeVersion:
    return draft_scheme(actor=hr, year=YEAR + 1, text=GRADED.replace("2026", str(YEAR + 1)))


def client_with(account: Account) -> APIClient:
    client = APIClient()
    client.force_authenticate(user=account, token=ApiToken(account=account, scopes=["kpi:read", "kpi:write"]))
    return client


def rehearsed(actor: Account, scheme: SchemeVersion, *years: int) -> Rehearsal:
    plan = rehearse_scheme(actor=actor, scheme=scheme, years=years or [YEAR])
    kept = kept_rehearsal(plan)
    assert kept is not None
    assert kept.result is not None
    return kept.result


def test_a_rehearsal_finds_what_a_real_run_then_finds(
    assessed: Run, hr: Account, manager: Account, officer: Account, outsider: Account
) -> None:
    draft = draft_scheme(actor=hr, year=YEAR, text=BY_COUNT.replace("2026", str(YEAR)))

    (year,) = rehearsed(manager, draft).years

    officers = next(group for group in year.groups if group.code == "officers")
    told = [
        (move.subject.name, move.place_before, move.place_after, move.total_after) for move in officers.moves
    ]
    assert told == [
        (officer.display_name, 2, 1, Decimal("2.00")),
        (outsider.display_name, 1, 2, Decimal("1.00")),
    ]
    assert (officers.shift.changed, officers.shift.largest, officers.shift.tau) == (2, 1, -1)
    publish_scheme(actor=manager, scheme=draft)
    run = recalculate()
    rows = Standing.objects.filter(run=run, group="officers").order_by("rank")
    assert [(one.subject_name, one.previous_rank, one.rank, one.total) for one in rows] == told
    assert {(award.title, award.gained, award.lost) for award in year.awards} == {
        ("卓越奖", ("项目攻坚一队",), ("项目攻坚二队",)),
        ("蜗牛奖", (), ("项目攻坚一队",)),
    }


def test_a_scheme_of_another_year_is_rehearsed_on_past_years(
    assessed: Run, draft: SchemeVersion, hr: Account, manager: Account, officer: Account
) -> None:
    publish_year(hr, manager, year=YEAR - 1)
    project = make_project(officer, code="XM-OLD-1")
    assert officer.person is not None
    first = days_ago(0).replace(year=YEAR - 1, month=1, day=1)
    make_share(project, officer.person, 100, holds_from=first)
    make_recognised(project, officer, manager, happened_on=first.replace(month=3))
    recalculate(year=YEAR - 1)

    found = rehearsed(hr, draft, YEAR - 1, YEAR)

    assert [one.year for one in found.years] == [YEAR, YEAR - 1]
    assert found.years[1].base.startswith("测试细则")
    assert [one.undecided for one in found.years] == [(), ()]
    past = {move.subject.name: move.total_after for move in found.years[1].groups[0].moves}
    assert past[officer.display_name] == 1


def test_the_same_scheme_moves_nobody(assessed: Run, manager: Account) -> None:
    (year,) = rehearsed(manager, assessed.scheme).years

    assert {group.shift.changed for group in year.groups} == {0}
    assert all(not award.gained and not award.lost for award in year.awards)
    assert year.differs == 0


def test_sensitivity_is_told_for_every_indicator_of_a_group(assessed: Run, manager: Account) -> None:
    (year,) = rehearsed(manager, assessed.scheme).years

    for group in year.groups:
        assert [(one.code, str(one.factor)) for one in group.sensitivity] == [
            (code, factor) for code in ("signing", "incidents") for factor in ("0.8", "0.9", "1.1", "1.2")
        ]


def test_what_is_undecided_is_said_with_its_reason(assessed: Run, hr: Account) -> None:
    text = SCHEME.replace("2026", str(YEAR)).replace("signings", "others")
    draft = draft_scheme(actor=hr, year=YEAR, text=text)

    (year,) = rehearsed(hr, draft).years

    ((title, count, reason),) = year.undecided
    assert (title, count) == ("项目签约", 4)
    assert "未下达目标" in reason


def test_a_target_set_since_the_run_is_told_apart_from_the_scheme(
    assessed: Run, manager: Account, officer: Account
) -> None:
    Target.objects.filter(person=officer.person).update(amount=4)

    (year,) = rehearsed(manager, assessed.scheme).years

    assert year.differs == 1
    assert {group.shift.changed for group in year.groups} == {0}


def test_nothing_is_written_but_the_record(assessed: Run, draft: SchemeVersion, manager: Account) -> None:
    with CaptureQueriesContext(connection) as queries:
        rehearse_scheme(actor=manager, scheme=draft, years=[YEAR])

    written = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
    assert [name for one in queries for name in written.findall(one["sql"])] == ["promotion_auditentry"]
    entry = AuditEntry.objects.get(verb="scheme.rehearse")
    assert (entry.actor_name, entry.detail["years"]) == (manager.display_name, [YEAR])
    rehearse_scheme(actor=manager, scheme=draft, years=[YEAR])
    assert AuditEntry.objects.filter(verb="scheme.rehearse").count() == 2


def test_a_new_run_target_or_word_makes_another_rehearsal(
    assessed: Run, draft: SchemeVersion, officer: Account
) -> None:
    keys = {plan_of(draft, [YEAR]).key}
    Target.objects.filter(person=officer.person).update(amount=5)
    keys.add(plan_of(draft, [YEAR]).key)
    recalculate()
    keys.add(plan_of(draft, [YEAR]).key)
    draft.text += "# 改\n"
    keys.add(plan_of(draft, [YEAR]).key)

    assert len(keys) == 4


def test_who_may_not_and_what_cannot_be_is_refused(
    assessed: Run, draft: SchemeVersion, officer: Account, leader: Account, auditor: Account, manager: Account
) -> None:
    for account in (officer, leader, auditor):
        with pytest.raises(NotAllowed):
            rehearse_scheme(actor=account, scheme=draft, years=[YEAR])
        with pytest.raises(NotAllowed):
            export_rehearsal(actor=account, scheme=draft, years=[YEAR])
    for years, words in (([], "至少选择"), ([YEAR - 5], "还没有核算结果")):
        with pytest.raises(Refused, match=words):
            rehearse_scheme(actor=manager, scheme=draft, years=years)
    with pytest.raises(NotFound, match="重新演练"):
        export_rehearsal(actor=manager, scheme=draft, years=[YEAR])
    assert not AuditEntry.objects.filter(verb__startswith="scheme.rehears").exists()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, list[int]]]:
    """Everything is too large for a request; who wakes the worker is written down."""
    woken: list[tuple[int, list[int]]] = []
    monkeypatch.setattr(rehearsals, "LINES_AT_ONCE", 0)
    monkeypatch.setattr(rehearsing, "wake_worker", lambda scheme, years: woken.append((scheme, years)))
    return woken


def test_a_large_rehearsal_is_carried_out_by_a_worker_with_progress(
    assessed: Run,
    draft: SchemeVersion,
    manager: Account,
    large: list[Any],
    client_as: SignIn,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = client_as(manager)
    asked = {"scheme": draft.public_id, "years": YEAR}
    with django_capture_on_commit_callbacks(execute=True):
        reply = client.post(PAGE, asked)
    assert large == [(draft.pk, [YEAR])]
    assert "等待接手" in client.get(reply.url).content.decode()

    seen: list[str] = []
    beat = rehearsing._beat

    def look(plan: Any, done: int, planned: int, step: str) -> None:
        beat(plan, done, planned, step)
        seen.append(client.get(reply.url, headers={"HX-Request": "true"}).content.decode())

    monkeypatch.setattr(rehearsing, "_beat", look)
    tasks.carry_out_rehearsal(draft.pk, [YEAR])
    assert len(seen) == 3
    assert all(f"{YEAR} 年" in one and "every 1s" in one for one in seen)
    assert client.get(reply.url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "名次变动" in client.get(reply.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PAGE, asked)
    assert len(large) == 1
    tasks.carry_out_rehearsal(draft.pk, [YEAR])


def test_a_lost_or_failed_rehearsal_says_so_and_can_be_asked_for_again(
    assessed: Run,
    draft: SchemeVersion,
    manager: Account,
    large: list[Any],
    client_as: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = rehearse_scheme(actor=manager, scheme=draft, years=[YEAR])
    address = f"{PAGE}?{urlencode({'scheme': draft.public_id, 'years': YEAR})}"
    cache.set(name_of(plan), Kept("running", time.time() - 91))
    kept = kept_rehearsal(plan)
    assert kept is not None
    assert is_lost(kept)
    assert "可能中断" in client_as(manager).get(address).content.decode()

    def break_down(*_given: Any) -> None:
        raise ValueError("断电")

    monkeypatch.setattr(rehearsing, "rehearse", break_down)
    with pytest.raises(ValueError, match="断电"):
        tasks.carry_out_rehearsal(draft.pk, [YEAR])
    assert "演练出错：ValueError" in client_as(manager).get(address).content.decode()
    monkeypatch.undo()
    assert rehearsed(manager, draft).years


def test_the_page_shows_moves_awards_and_weights(
    assessed: Run, draft: SchemeVersion, manager: Account, officer: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    offered = client.get(f"{PAGE}?scheme={draft.public_id}").content.decode()
    assert f'value="{draft.public_id}" selected' in offered

    reply = client.post(PAGE, {"scheme": draft.public_id, "years": YEAR})
    page = client.get(f"{reply.url}&show={YEAR}-officers").content.decode()

    for words in (
        f"{YEAR} 年招商专员名次",
        officer.display_name,
        "↑ 1",
        "首位变",
        "卓越奖",
        "新进：",
        "−20%",
    ):
        assert words in page
    empty = client.post(PAGE, {"scheme": draft.public_id})
    assert empty.status_code == 422
    cache.clear()
    assert "还没有结果" in client.get(reply.url).content.decode()


def test_the_workbook_holds_everything_and_taking_it_is_recorded(
    assessed: Run, draft: SchemeVersion, manager: Account, officer: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    asked = urlencode({"scheme": draft.public_id, "years": YEAR})
    assert client.get(f"{PAGE}workbook/?{asked}").status_code == 404
    client.post(PAGE, {"scheme": draft.public_id, "years": YEAR})

    reply = client.get(f"{PAGE}workbook/?{asked}")

    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    assert book.sheetnames == [f"{YEAR} 名次变动", f"{YEAR} 评奖变化", f"{YEAR} 敏感性"]
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert (rows[0][1], *rows[0][3:9]) == (officer.display_name, 2, 1, 1, 12.5, 2, -10.5)
    assert AuditEntry.objects.filter(verb="scheme.rehearsal_export").count() == 1
    assert client.get(f"{PAGE}workbook/").status_code == 422


def test_page_workbook_and_api_say_what_changes_beside_the_score(
    assessed: Run,
    graded: SchemeVersion,
    manager: Account,
    officer: Account,
    outsider: Account,
    client_as: SignIn,
) -> None:
    client, asked = client_as(manager), urlencode({"scheme": graded.public_id, "years": YEAR})
    reply = client.post(PAGE, {"scheme": graded.public_id, "years": YEAR})
    said = {
        officer.display_name: "等次 无→优秀；进入能手奖候选",
        outsider.display_name: "等次 无→合格；触发“签约不足”；亮“黄牌”",
    }

    page = client.get(f"{reply.url}&show={YEAR}-officers").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}workbook/?{asked}").content))
    moves = client_with(manager).get(f"/api/rehearsals/?{asked}").json()["years"][0]["groups"][0]["moves"]

    head, *rows = book.worksheets[0].iter_rows(min_row=3, values_only=True)
    assert "等次、门槛、评奖</th>" in page
    assert head[-1] == "等次、门槛、评奖"
    for name, words in said.items():
        assert f"<td>{words}</td>" in page.split(f'<td class="nowrap">{name}', 1)[1].split("</tr>", 1)[0]
    assert {row[1]: row[-1] for row in rows if row[1] in said} == said
    assert {one["name"]: "；".join(each["words"] for each in one["changes"]) for one in moves} == said
    assert moves[1]["changes"][1] == {
        "kind": "gate",
        "before": "",
        "after": "签约不足",
        "words": "触发“签约不足”",
    }


def test_the_column_beside_the_score_is_left_out_where_nothing_changes(
    assessed: Run, manager: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    reply = client.post(PAGE, {"scheme": assessed.scheme.public_id, "years": YEAR})

    page = client.get(f"{reply.url}&show={YEAR}-officers").content.decode()

    assert "演练总分" in page
    assert "等次、门槛、评奖" not in page


def test_the_page_costs_the_same_however_many_are_ranked(
    assessed: Run, draft: SchemeVersion, manager: Account, client_as: SignIn
) -> None:
    client = client_as(manager)
    url = client.post(PAGE, {"scheme": draft.public_id, "years": YEAR}).url
    with CaptureQueriesContext(connection) as queries:
        client.get(url)

    assert len(queries) < 25


def test_officers_are_kept_out(assessed: Run, officer: Account, auditor: Account, client_as: SignIn) -> None:
    for account in (officer, auditor):
        assert client_as(account).get(PAGE).status_code == 403
        assert client_as(account).get(f"{PAGE}workbook/").status_code == 403


def test_the_api_rehearses_and_reads(
    assessed: Run, draft: SchemeVersion, manager: Account, officer: Account
) -> None:
    client = client_with(manager)
    asked = {"scheme": draft.public_id, "years": [YEAR]}
    query = urlencode({"scheme": draft.public_id, "years": YEAR})

    assert client.get(f"/api/rehearsals/?{query}").status_code == 404
    made = client.post("/api/rehearsals/", asked, format="json")
    read = client.get(f"/api/rehearsals/?{query}")

    assert (made.status_code, read.status_code) == (200, 200)
    assert made.json() == read.json()
    (year,) = read.json()["years"]
    group = next(one for one in year["groups"] if one["code"] == "officers")
    assert (read.json()["state"], year["year"], group["changed"], group["tau"]) == (
        "done",
        YEAR,
        2,
        "-1.0000",
    )
    assert group["moves"][0] == {
        "subject": f"person:{officer.person and officer.person.staff_number}",
        "name": officer.display_name,
        "rank_before": 2,
        "rank_after": 1,
        "moved": 1,
        "total_before": "12.5000",
        "total_after": "2.0000",
        "undecided": 0,
        "changes": [],
    }
    assert len(group["sensitivity"]) == 8
    for wrong in ({**asked, "scheme": "zzzzzzzzzz"}, {**asked, "years": [YEAR - 5]}):
        assert client.post("/api/rehearsals/", wrong, format="json").status_code in (404, 422)
    client.force_authenticate(user=officer, token=ApiToken(account=officer, scopes=["kpi:read", "kpi:write"]))
    assert client.post("/api/rehearsals/", asked, format="json").status_code == 404
    published = {**asked, "scheme": assessed.scheme.public_id}
    assert client.post("/api/rehearsals/", published, format="json").status_code == 403
    assert client.get(f"/api/rehearsals/?{query}").status_code == 403


def test_the_api_says_that_a_large_one_is_under_way(
    assessed: Run, draft: SchemeVersion, manager: Account, large: list[Any]
) -> None:
    client = client_with(manager)

    reply = client.post("/api/rehearsals/", {"scheme": draft.public_id, "years": [YEAR]}, format="json")

    assert (reply.status_code, reply.json()["state"], reply.json()["years"]) == (202, "waiting", [])
