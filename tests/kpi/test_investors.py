"""Who invests, in a scheme: a company counts under any of its names by the edition of a list that holds on the day, for good."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpi.actions import draft_scheme, publish_scheme
from kpi.actions.investors import keep_investors
from kpi.forms import indicator as forms
from kpi.forms.indicator import Setting
from kpi.models import FactInvestor, Item, LedgerLine, Run
from kpi.queries.assumptions import Assumption
from kpi.queries.investors import names_by_fact
from kpi.queries.project_credit import project_verdicts
from kpi.queries.what_if import what_if
from kpi.queries.words import indicator_words
from kpi.scoring.document import parse_scheme
from kpi.scoring.editing import indicator_entry
from kpi.scoring.facts import CreditLine, Fact
from kpi.scoring.measures import measure
from kpi.scoring.reading import read
from kpi.scoring.scheme import Filter, Measure
from projects.actions.company_name import add_alias, create_group
from projects.models import Company
from staff.models import Account
from tests.factories.projects import make_company, make_project, make_recognised, make_share
from tests.factories.stories import YEAR, days_ago, recalculate

pytestmark = pytest.mark.django_db
FIRST, LATER = date(YEAR, 1, 1), days_ago(0)
SCHEME = f"""
scheme: lists
title: 五百强
year: {YEAR}
groups: {{officers: {{title: 招商专员, subjects: [officer]}}}}
lists:
  global500:
    title: 世界500强
    versions:
      before: {{from: "{YEAR - 1}-08-01", members: [旧强集团]}}
      now: {{from: "{LATER}", members: [新强集团, 91320200MA1MF8GK7U, Old Strong Ltd]}}
indicators:
  - code: named
    title: 世界500强项目
    applies_to: [officers]
    measures:
      named:
        title: 世界500强项目
        facts: [signed]
        aggregate: count_projects
        share: none
        where: [{{attribute: investor, operator: on_list, list: global500}}]
    rule: {{kind: count_times_points, terms: [{{of: named, each: 5}}]}}
"""


@pytest.fixture
def year(hr: Account, manager: Account) -> int:
    publish_scheme(actor=manager, scheme=draft_scheme(actor=hr, year=YEAR, text=SCHEME))
    return YEAR


def signed(officer: Account, manager: Account, company: Company, on: date) -> int:
    project = make_project(officer, company=company, reported_on=date(YEAR - 1, 1, 1))
    make_share(project, officer.person, holds_from=date(YEAR - 1, 1, 1))
    return make_recognised(project, officer, manager, happened_on=on, recognised_on=on).pk


def points(run: Run, officer: Account) -> Decimal | None:
    return Item.objects.get(standing__run=run, standing__person=officer.person, indicator="named").points


def test_every_name_counts_by_the_edition_of_the_day(officer: Account, manager: Account, year: int) -> None:
    group = create_group(actor=manager, name="新强集团")
    subsidiary = make_company(officer)
    Company.objects.filter(pk=subsidiary.pk).update(group=group, other_names="新强集团")
    subsidiary.refresh_from_db()
    by_code = make_company(officer, credit_code="91320200MA1MF8GK7U")
    by_english = make_company(officer, english_name="Old Strong Ltd")
    other = make_company(officer)
    for company in (subsidiary, by_code, by_english, other):
        signed(officer, manager, company, LATER)
    renamed = make_company(officer)
    add_alias(actor=officer, company=renamed, name="旧强集团", kind="former")
    if LATER > FIRST:
        signed(officer, manager, renamed, LATER - timedelta(days=1))
    run = recalculate()

    assert points(run, officer) == 5 * (4 if LATER > FIRST else 3)
    kept = FactInvestor.objects.get(achievement__project__company=by_english)
    assert kept.names == [by_english.name, "Old Strong Ltd"]


def test_what_a_company_is_called_later_rewrites_no_score(
    officer: Account, manager: Account, year: int
) -> None:
    company = make_company(officer, english_name="Old Strong Ltd")
    unlisted = make_company(officer)
    for one in (company, unlisted):
        signed(officer, manager, one, LATER)
    first = recalculate()
    Company.objects.filter(pk=company.pk).update(english_name="", name="改了名的公司")
    add_alias(actor=officer, company=unlisted, name="新强集团")
    again = recalculate()

    assert (points(first, officer), points(again, officer)) == (5, 5)
    assert first.fingerprint == again.fingerprint
    assert keep_investors(again) == 0


def test_a_trial_knows_the_investor_and_the_project_says_why_it_does_not_count(
    officer: Account, manager: Account, year: int
) -> None:
    listed = make_project(officer, company=make_company(officer, english_name="Old Strong Ltd"))
    make_share(listed, officer.person)
    unlisted = make_company(officer, name="无名公司")
    fact = signed(officer, manager, unlisted, LATER)
    recalculate()
    assumed = Assumption("signed", LATER, Decimal(10**8), project=listed.public_id).text
    found = what_if(officer, YEAR, LATER, (), (assumed,))
    project = LedgerLine.objects.get(achievement=fact).project
    assert project is not None
    told = project_verdicts(officer, project)

    assert found.effect is not None
    assert found.effect.difference == 5
    assert [one.reason for one in told] == ["不在当日有效的《世界500强》之内。"]


@pytest.mark.parametrize("count", [1, 3])
def test_names_cost_two_statements_however_many_facts(officer: Account, manager: Account, count: int) -> None:
    facts = [signed(officer, manager, make_company(officer), LATER) for _number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        assert set(names_by_fact(facts)) == set(facts)
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("condition", "counts"),
    [
        (Filter("investor", "eq", "甲集团"), True),
        (Filter("investor", "in", ("乙", "甲集团")), True),
        (Filter("investor", "not_in", ("乙", "甲集团")), False),
        (Filter("investor", "ne", "丙"), True),
        (Filter("investor", "on_list", "", "", ((date(2026, 1, 1), ("甲集团",)),)), True),
        (Filter("investor", "on_list", "", "", ((date(2026, 6, 1), ("甲集团",)),)), False),
    ],
)
def test_a_filter_knows_every_word_and_repeats_none(condition: Filter, counts: bool) -> None:
    fact = Fact(
        "1", "signed", date(2026, 3, 1), attributes={"investor": "甲有限公司"}, also={"investor": ("甲集团",)}
    )
    found = measure(
        Measure("m", "数", ("signed",), "count", where=(condition,)), [CreditLine(fact, "zhou", "")]
    )

    assert bool(found.value) is counts
    assert all("甲" not in one.reason for one in found.excluded)


FORM = SCHEME.replace(
    "rule: {kind: count_times_points, terms: [{of: named, each: 5}]}",
    "full_marks: 10\n    rule: {kind: ratio_times_points, of: named, target: goal, points: 10}",
).replace("lists:", "targets: {goal: {title: 目标, unit: 个}}\nlists:")


@pytest.mark.parametrize(
    ("choice", "written"),
    [
        ("global500", {"list": "global500"}),
        ("global500/before", {"list": "global500", "version": "before"}),
        ("", None),
    ],
)
def test_the_form_shows_the_list_and_writes_another_choice(
    choice: str, written: dict[str, str] | None
) -> None:
    around = Setting(parse_scheme(FORM, draft=True), read(FORM).value)
    proposal = forms.shown(around, indicator_entry(around.document, "named"), "named")
    assert proposal.editor is not None
    data = proposal.editor.as_data()
    assert data["investors"] == "global500"
    data["kind"], data["began"], data["investors"] = proposal.kind, proposal.began, choice

    sent = forms.sent(around, data, "named")

    where = sent.sent["measures"]["named"].get("where")
    assert sent.is_valid
    assert where == ([{"attribute": "investor", "operator": "on_list", **written}] if written else None)


def test_words_name_the_list_shortly() -> None:
    scheme = parse_scheme(
        SCHEME.replace("list: global500}", "list: global500, version: now}").replace(
            "[新强集团, 91320200MA1MF8GK7U, Old Strong Ltd]", f"[{', '.join(f'第{n}强' for n in range(500))}]"
        )
    )
    told = indicator_words(scheme, scheme.indicators[0]).measures[0][1]

    assert "等 500 个" in told
    assert "第499强" not in told
