"""A judge's sheet in the hand: written while the network is away, sent when it is back, asked when two screens differ."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from staff.actions.sheet import save_scores
from staff.models import Score, ScoreSheet
from tests.factories.competition import (
    make_application,
    make_competition,
    make_judges,
    make_post,
    make_session,
)

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_a_judge_who_is_offline_loses_nothing(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    competition = make_competition(state="interviewing")
    (judge,) = make_judges(competition)
    interview = make_session(
        competition, [judge], make_application(competition, make_post(competition))
    ).interviews.get()
    first, second = competition.criteria.all()
    page = visit(judge, f"/teams/interviews/{interview.pk}/", size="phone")
    said = page.locator("[data-sheet-said]")
    assert axe(page) == []
    box = page.locator(f"[name=points_{first.pk}]").bounding_box()
    assert box is not None
    assert box["height"] >= 44

    page.fill(f"[name=points_{first.pk}]", "88")
    expect(said).to_contain_text("已保存")
    page.context.set_offline(True)
    page.fill(f"[name=points_{second.pk}]", "91.5")
    expect(said).to_contain_text("存在本机")
    page.context.set_offline(False)
    expect(said).to_contain_text("已保存", timeout=15000)

    assert [each.points for each in Score.objects.all()] == [Decimal(88), Decimal("91.5")]

    save_scores(actor=judge, interview=interview, points={first.pk: Decimal(60)})
    page.fill(f"[name=points_{first.pk}]", "70")
    expect(said).to_contain_text("没有丢失")
    page.click("[data-sheet-said] button")
    expect(said).to_contain_text("已保存")
    page.click("[name=submit]")
    page.wait_for_url("**/teams/interviews/")

    assert ScoreSheet.objects.get().state == "submitted"
    assert Score.objects.get(criterion=first).points == Decimal(70)
