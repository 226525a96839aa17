"""Statements: they add up to the standing to the digit, lead to the proof, and stay closed to others; as page, PDF and ZIP."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpi.actions.run import execute_run, request_run
from kpi.models import Item, Run, Standing, Target
from kpi.queries.scheme import read_scheme
from kpi.queries.statement import RELATED, Statement, statement_of, statements_of
from kpi.scoring.rounding import rounded, total
from projects.models import Document, Project
from promotion.errors import NotFound
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.kpi import make_scheme
from tests.factories.projects import make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db

SignIn = Callable[[Account], Client]

SCHEME = """
scheme: statements
title: 对账单细则
year: 2025
rounding: {digits: 2, when: total}
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 团队, subjects: [task_force, stationed]}
targets:
  signings: {title: 签约任务, unit: 个}
gates:
  - code: busy
    title: 签约两个以上
    applies_to: [officers]
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count, share: none}
    if: {of: signed, operator: gte, than: 2}
    card: 黄牌
indicators:
  - code: signing
    title: 项目签约
    clause: 第一条
    full_marks: 50
    cap: none
    measures:
      signed: {title: 签约项目, facts: [signed], aggregate: count, unit: 个, share: points}
    rule: {kind: ratio_times_points, of: signed, target: signings, points: 10}
  - code: amount
    title: 签约金额
    clause: 第二条
    cap: 4
    measures:
      money: {title: 签约额, facts: [signed], aggregate: sum, unit: 亿元, share: amount}
    rule: {kind: amount, of: money}
  - code: relative
    title: 相对计分
    clause: 第三条
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: power_coefficient, part: {kind: amount, of: signed}, bottom: 60, top: 100}
  - code: cards
    title: 单项目计分
    clause: 第四条
    measures:
      money: {title: 签约和到账, facts: [signed, paid_in], aggregate: sum, unit: 亿元, share: none}
    rule: {kind: per_project, cap: 5, part: {kind: amount, of: money}}
  - code: told
    title: 只通报
    report_only: true
    measures:
      signed: {title: 签约, facts: [signed], aggregate: count}
    rule: {kind: amount, of: signed}
"""


def sign(
    account: Account, manager: Account, amount: str, percent: str = "100", other: Account | None = None
) -> Project:
    project = make_project(account, reported_on=date(2025, 1, 1))
    assert account.person
    make_share(project, account.person, Decimal(percent), holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    if other is not None and other.person is not None:
        make_share(project, other.person, Decimal(100) - Decimal(percent), holds_from=date(2025, 1, 1))  # type: ignore[arg-type]
    money = Decimal(amount)
    signed = make_recognised(
        project, account, manager, happened_on=date(2025, 3, 1), amount=money, amount_cny=money
    )
    Document.objects.create(
        project=project,
        achievement=signed,
        title="协议.pdf",
        file="documents/agreement.pdf",
        content_type="application/pdf",
        size=17,
        digest="0" * 64,
        uploaded_by=account,
    )
    return project


def run_once() -> Run:
    run = execute_run(run_id=request_run(actor=None, year=2025).pk)
    assert run is not None
    return run


@pytest.fixture
def scored(officer: Account, outsider: Account, colleague: Account, manager: Account) -> Run:
    """Thirds everywhere: targets of 7 and 3, shares of a third, amounts with pennies."""
    make_scheme(2025, SCHEME)
    for account, amount in ((officer, 7), (outsider, 3), (colleague, 7)):
        Target.objects.create(year=2025, indicator="signings", person=account.person, amount=amount)
    for team in Team.objects.all():
        Target.objects.create(year=2025, indicator="signings", team=team, amount=7)
    sign(officer, manager, "123456789.01", "33.33", colleague)
    sign(officer, manager, "98765432.10")
    large = sign(officer, manager, "450000000.00", "66.67", colleague)
    paid = {"amount": Decimal(200_000_000), "amount_cny": Decimal(200_000_000)}
    make_recognised(large, officer, manager, kind="paid_in", happened_on=date(2025, 5, 1), **paid)
    sign(outsider, manager, "20000000.00")
    return run_once()


def everything(run: Run, reader: Account) -> list[Statement]:
    return statements_of(reader, run, list(run.standings.select_related(*RELATED).order_by("pk")))


def pages_of(paper: bytes) -> list[str]:
    found = pypdfium2.PdfDocument(paper)
    try:
        return [page.get_textpage().get_text_range() for page in found]
    finally:
        found.close()


def test_the_items_add_up_to_the_total_to_the_digit(scored: Run, hr: Account) -> None:
    rounding = read_scheme(scored.scheme).rounding

    found = everything(scored, hr)

    assert len(found) == scored.standings.count() > 4
    for one in found:
        assert rounding.apply(one.exact_total) == one.standing.total, one.standing
        assert one.rounding_words == "" or str(one.standing.total.normalize()) in one.rounding_words


def test_the_lines_add_up_to_the_points_before_the_cap(scored: Run, hr: Account) -> None:
    by_fact = by_project = 0
    for one in everything(scored, hr):
        for part in one.parts:
            if part.unit is None:
                continue
            by_fact += part.unit == "fact"
            by_project += part.unit == "project"
            assert part.stages[0].name == "rule"
            assert abs(part.counted_points - part.stages[0].value) < Decimal("1e-15"), part.item
            assert rounded(part.stages[-1].value, 4) == part.item.points

    assert by_fact
    assert by_project


def test_every_scored_item_shows_its_stages_and_relative_ones_their_group(
    scored: Run, officer: Account
) -> None:
    found = statement_of(officer, scored.standings.get(person=officer.person).pk)

    named = {part.item.indicator: [stage.name for stage in part.stages] for part in found.parts}
    (relative,) = (part for part in found.parts if part.item.indicator == "relative")

    assert named["amount"] == ["rule", "cap"]
    assert all(stages[0] == "rule" for stages in named.values())
    assert relative.comparison is not None
    assert relative.comparison.size == scored.standings.filter(group="officers").count()
    assert [(one.own, one.place) for one in relative.comparison.figures] == [(Decimal(2), 1)]
    assert [peer.standing.person for peer in relative.comparison.opened] == [officer.person]


def test_each_line_leads_to_the_ledger_the_fact_and_the_evidence(
    scored: Run, officer: Account, client_as: SignIn
) -> None:
    client = client_as(officer)
    standing = scored.standings.get(person=officer.person)
    page = client.get(reverse("kpi:statement", args=[standing.pk])).content.decode()
    found = statement_of(officer, standing.pk)

    counted = [one for part in found.parts for one in part.counted]
    assert counted
    for one in counted:
        assert reverse("kpi:ledger-line", args=[one.line.pk]) in page
        assert reverse("projects:achievement", args=[one.line.achievement.public_id]) in page
        papers = one.line.achievement.evidence  # type: ignore[attr-defined]
        assert len(papers) == (one.line.kind == "signed")
        for document in papers:
            assert reverse("projects:document", args=[document.public_id]) in page
    for part in found.parts:
        address = reverse("kpi:scheme", args=[scored.scheme.public_id])
        assert f"{address}#{part.item.indicator}" in page

    line = client.get(reverse("kpi:ledger-line", args=[counted[0].line.pk])).content.decode()
    assert reverse("projects:achievement", args=[counted[0].line.achievement.public_id]) in line
    assert "协议.pdf" in line
    assert reverse("kpi:item-explanation", args=[found.parts[0].item.pk]) in line


def test_a_statement_is_closed_to_other_officers_and_open_to_leader_and_overseers(
    scored: Run,
    officer: Account,
    outsider: Account,
    leader: Account,
    auditor: Account,
    hr: Account,
    client_as: SignIn,
) -> None:
    standing = scored.standings.get(person=officer.person)
    line = statement_of(officer, standing.pk).parts[0].counted[0].line
    addresses = [
        reverse("kpi:statement", args=[standing.pk]),
        reverse("kpi:statement-paper", args=[standing.pk]),
        reverse("kpi:uncounted", args=[standing.pk]),
        reverse("kpi:ledger-line", args=[line.pk]),
    ]

    answers = {
        account.username: [client_as(account).get(address).status_code for address in addresses]
        for account in (officer, outsider, leader, auditor, hr)
    }

    assert answers.pop(outsider.username) == [404] * 4
    assert list(answers.values()) == [[200] * 4] * 4


def test_statements_cost_the_same_queries_for_one_and_for_all(scored: Run, hr: Account) -> None:
    counts = []
    for standings in (scored.standings.all()[:1], scored.standings.all()):
        listed = list(standings.select_related(*RELATED))
        with CaptureQueriesContext(connection) as queries:
            statements_of(hr, scored, listed)
        counts.append(len(queries))

    assert counts[0] <= 18
    assert counts[1] <= counts[0] + 2  # teams: their members


def test_the_paper_says_who_what_and_why_and_numbers_its_pages(
    scored: Run, officer: Account, client_as: SignIn
) -> None:
    standing = scored.standings.get(person=officer.person)

    response = client_as(officer).get(reverse("kpi:statement-paper", args=[standing.pk]))
    text = re.sub(r"\s+", "", "".join(pages_of(response.content)))

    assert response["Content-Type"] == "application/pdf"
    for words in (
        "招商发展中心",
        f"{standing.subject_name}2025年度考核对账单",
        "2025年第1次",
        "2025-12-31",
        scored.fingerprint[:20],
        "测试细则V",
        "第1名，共",
        "本人确认",
        "第1页，共",
        "封顶：算得",
        "签约两个以上成立",
        "亮牌黄牌",
    ):
        assert words in text, words
    assert f"{standing.total:.2f}" in text
    entry = AuditEntry.objects.get(verb="statement.export")
    assert entry.actor == officer


def test_hr_takes_all_statements_of_a_group_as_one_paper_or_as_an_archive(
    scored: Run, hr: Account, client_as: SignIn
) -> None:
    address = reverse("kpi:statements", args=[scored.public_id, "officers"])
    ranked = scored.standings.filter(group="officers").order_by("rank", "subject_name", "pk")

    paper = client_as(hr).get(address)
    archive = client_as(hr).get(f"{address}?form=zip")
    content = b"".join(archive.streaming_content)  # type: ignore[attr-defined]

    text = re.sub(r"\s+", "", "".join(pages_of(paper.content)))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        first = re.sub(r"\s+", "", "".join(pages_of(opened.read(names[0]))))
    assert all(f"{one.subject_name}2025年度考核对账单" in text for one in ranked)
    assert len(names) == ranked.count()
    assert names[0].startswith(f"001_2025年考核对账单_{ranked[0].subject_name}")
    assert ranked[0].subject_name in first
    entries = AuditEntry.objects.filter(verb="statement.export-all").order_by("pk")
    assert [(entry.detail["form"], entry.detail["statements"]) for entry in entries] == [
        ("pdf", ranked.count()),
        ("zip", ranked.count()),
    ]


def test_a_group_is_not_taken_by_officers_nor_one_that_was_not_ranked(
    scored: Run, officer: Account, hr: Account, client_as: SignIn
) -> None:
    address = reverse("kpi:statements", args=[scored.public_id, "officers"])

    assert client_as(officer).get(address).status_code == 403
    refused = client_as(hr).get(reverse("kpi:statements", args=[scored.public_id, "nobody"]))
    assert refused.status_code == 422
    assert "没有这个组别" in refused.content.decode()
    assert client_as(hr).get(reverse("kpi:statements", args=["missing", "officers"])).status_code == 404
    assert not AuditEntry.objects.filter(verb="statement.export-all").exists()


def test_a_secret_project_goes_by_its_code_name_where_the_reader_may_not_open_it(
    scored: Run, officer: Account, hr: Account, auditor: Account
) -> None:
    secret = Project.objects.filter(owner=officer.person).latest("pk")
    Project.objects.filter(pk=secret.pk).update(is_secret=True, code_name="青鸟")
    standing = scored.standings.get(person=officer.person)

    names = {
        reader.role: {one.name for part in statement_of(reader, standing.pk).parts for one in part.counted}
        for reader in (officer, hr, auditor)
    }

    assert secret.name in names[officer.role]
    assert secret.name in names[auditor.role]
    assert secret.name not in names[hr.role]
    assert "保密项目「青鸟」" in names[hr.role]


def test_a_past_run_is_explained_with_the_targets_and_lines_of_its_day(
    scored: Run, officer: Account, manager: Account, client_as: SignIn
) -> None:
    standing = scored.standings.get(person=officer.person)
    before = [part.counted_points for part in statement_of(officer, standing.pk).parts]
    sign(officer, manager, "50000000.00")
    run_once()

    after = [part.counted_points for part in statement_of(officer, standing.pk).parts]
    page = client_as(officer).get(reverse("kpi:statement", args=[standing.pk])).content.decode()

    assert after == before
    assert "按当时的样子" in page


def test_a_statement_that_is_not_there_is_not_found(officer: Account) -> None:
    with pytest.raises(NotFound):
        statement_of(officer, 0)
    assert not Standing.objects.exists()
    assert not Item.objects.exists()
    assert total([]) == 0
