"""Schemes are drafted by one, published by another, and never changed after."""

import pytest
from django.db import ProgrammingError, transaction

from kpi.actions.run import execute_run, request_run
from kpi.actions.scheme import draft_scheme, publish_scheme
from kpi.models import SchemeVersion
from kpi.queries.scheme import library_text
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.kpi import SCHEME

pytestmark = pytest.mark.django_db


def test_draft_is_numbered_and_fingerprinted_by_meaning(hr: Account) -> None:
    first = draft_scheme(actor=hr, year=2026, text=SCHEME)
    second = draft_scheme(actor=hr, year=2026, text=f"# 只多一行注释\n{SCHEME}")

    assert [(one.number, one.state, one.title) for one in (first, second)] == [
        (1, "draft", "测试细则"),
        (2, "draft", "测试细则"),
    ]
    assert first.fingerprint == second.fingerprint
    assert (
        draft_scheme(actor=hr, year=2026, text=SCHEME.replace("points: 50", "points: 40")).fingerprint
        != first.fingerprint
    )


def test_draft_with_faults_is_refused_with_path_and_line(hr: Account) -> None:
    with pytest.raises(Refused) as refusal:
        draft_scheme(
            actor=hr,
            year=2026,
            text=SCHEME.replace("of: signed, target: signings, points", "of: sigend, points"),
        )

    assert "indicators[0].rule" in refusal.value.fields["text"]
    assert "第 18 行" in refusal.value.fields["text"]
    assert not SchemeVersion.objects.exists()


def test_draft_of_another_year_is_refused(hr: Account) -> None:
    with pytest.raises(Refused, match="细则写的是 2026 年"):
        draft_scheme(actor=hr, year=2025, text=SCHEME)


def test_officers_do_not_draft_or_see_drafts(hr: Account, officer: Account) -> None:
    draft = draft_scheme(actor=hr, year=2026, text=SCHEME)

    with pytest.raises(NotAllowed):
        draft_scheme(actor=officer, year=2026, text=SCHEME)
    with pytest.raises(NotFound):
        publish_scheme(actor=officer, scheme=draft)


def test_second_person_publishes_and_nobody_changes_it_after(hr: Account, manager: Account) -> None:
    draft = draft_scheme(actor=hr, year=2026, text=SCHEME)
    with pytest.raises(Refused, match="起草人不能发布自己的细则"):
        publish_scheme(actor=hr, scheme=draft)

    published = publish_scheme(actor=manager, scheme=draft)

    assert (published.state, published.published_by) == ("published", manager)
    assert AuditEntry.objects.get(verb="scheme.publish").actor == manager
    with pytest.raises(Conflict, match="已由"):
        publish_scheme(actor=manager, scheme=draft)
    published.text = "changed"
    with pytest.raises(ProgrammingError), transaction.atomic():
        published.save()


def test_published_version_with_the_highest_number_holds(hr: Account, manager: Account) -> None:
    for points in ("50", "40"):
        publish_scheme(
            actor=manager,
            scheme=draft_scheme(
                actor=hr,
                year=2025,
                text=SCHEME.replace("2026", "2025").replace("points: 50", f"points: {points}"),
            ),
        )
    draft_scheme(actor=hr, year=2025, text=SCHEME.replace("2026", "2025"))

    assert request_run(actor=hr, year=2025).scheme.number == 2


def test_library_scheme_publishes_and_runs(hr: Account, manager: Account, officer: Account) -> None:
    publish_scheme(
        actor=manager, scheme=draft_scheme(actor=hr, year=2025, text=library_text("high-tech-zone-2025.yaml"))
    )

    run = execute_run(run_id=request_run(actor=hr, year=2025).pk)

    assert run is not None
    assert {standing.group for standing in run.standings.all()} == {"officers", "teams"}
