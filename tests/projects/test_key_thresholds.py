"""Which threshold a project meets: properties of the pure rule, and that the database says the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.actions.key_threshold import settle_key_threshold
from projects.key_thresholds import CLASSES, Figures, Threshold, class_of, counting, is_met, meant_for, met
from projects.models import KeyProjectThreshold
from projects.queries.key_project import figures_of, plain, proposals, table_on
from staff.models import Account
from tests.factories.projects import make_project, make_recognised

INDUSTRIES = ("new_energy", "biomedicine")
SOURCES = ("domestic", "foreign")
MILESTONES = ("signed", "started")
AMOUNTS = st.integers(1, 9).map(Decimal)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(CLASSES),
        st.sampled_from(("", *INDUSTRIES)),
        st.sampled_from(("", *SOURCES)),
        st.sampled_from(MILESTONES),
        st.sampled_from(("contract", "planned")),
        AMOUNTS,
    ),
    max_size=12,
).map(lambda rows: [Threshold(key, *row) for key, row in enumerate(rows)])
FIGURES = st.builds(
    lambda industry, source, milestones, contract, planned: Figures(
        industry, source, frozenset(milestones), {"contract": contract, "planned": planned}
    ),
    st.sampled_from(INDUSTRIES),
    st.sampled_from(SOURCES),
    st.sets(st.sampled_from(MILESTONES)),
    AMOUNTS,
    AMOUNTS,
)


@given(ROWS, FIGURES)
def test_of_each_question_one_row_counts_and_it_is_the_most_specific_that_fits(
    rows: list[Threshold], figures: Figures
) -> None:
    chosen = counting(rows, figures)
    questions = [row.question for row in chosen]
    assert len(questions) == len(set(questions))
    for row in chosen:
        rivals = [one for one in rows if one.fits(figures) and one.question == row.question]
        assert row.rank == max(one.rank for one in rivals)
    assert {one.question for one in rows if one.fits(figures)} == set(questions)


@given(ROWS, FIGURES, st.randoms())
def test_what_is_met_does_not_hang_on_the_order_of_the_rows(
    rows: list[Threshold], figures: Figures, chance: object
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert met(shuffled, figures) == met(rows, figures)
    assert class_of(shuffled, figures) == class_of(rows, figures)


@given(ROWS, FIGURES, AMOUNTS)
def test_growing_loses_no_class_and_equal_is_enough(
    rows: list[Threshold], figures: Figures, more: Decimal
) -> None:
    grown = Figures(
        figures.industry,
        figures.capital_source,
        figures.milestones | set(MILESTONES),
        {name: amount + more for name, amount in figures.amounts.items()},
    )
    assert set(met(rows, figures)) <= set(met(rows, grown))
    for row in counting(rows, figures):
        exactly = Figures(
            figures.industry, figures.capital_source, frozenset({row.milestone}), {row.measure: row.amount}
        )
        assert is_met(row, exactly)


@given(ROWS, FIGURES)
def test_a_class_is_meant_by_a_row_of_its_own_or_of_a_higher_one(
    rows: list[Threshold], figures: Figures
) -> None:
    for size in CLASSES:
        row = meant_for(rows, figures, size)
        assert (row is None) == (class_of(rows, figures) not in CLASSES[CLASSES.index(size) :])
        if row is not None:
            assert is_met(row, figures)


@pytest.mark.django_db
def test_the_database_proposes_what_the_rule_meets(officer: Account, manager: Account) -> None:
    """Every combination of kind and size against a table with exceptions up and down."""
    settled = (
        ("major", "", "", "signed", "contract", 5), ("major", "biomedicine", "", "signed", "contract", 3),
        ("major", "biomedicine", "foreign", "signed", "contract", 7), ("major", "", "foreign", "signed", "contract", 4),
        ("strategic", "", "", "started", "contract", 6), ("strategic", "", "", "signed", "planned", 8),
        ("major", "", "", "registered", "foreign", 2),
    )  # fmt: skip
    for size, industry, source, milestone, measure, amount in settled:
        settle_key_threshold(
            actor=manager, project_class=size, industry=industry, capital_source=source, milestone=milestone,
            measure=measure, amount=Decimal(amount), holds_from=date(2020, 1, 1),
        )  # fmt: skip
    made = []
    for industry in INDUSTRIES:
        for source in SOURCES:
            for worth in range(2, 9):
                project = make_project(
                    officer, industry=industry, capital_source=source, planned_investment=Decimal(worth + 1)
                )
                amount = {"amount": Decimal(worth), "amount_cny": Decimal(worth)}
                make_recognised(project, officer, manager, kind="signed", **amount)
                if worth % 2:
                    make_recognised(project, officer, manager, kind="started", amount=None, amount_cny=None)
                if worth % 3 == 0:
                    make_recognised(project, officer, manager, kind="registered", **amount)
                    dollars = {
                        "amount": Decimal(worth),
                        "currency": "USD",
                        "exchange_rate": Decimal(7),
                        "rate_on": date(2026, 3, 1),
                    }
                    make_recognised(
                        project, officer, manager, kind="paid_in", amount_cny=Decimal(7 * worth), **dollars
                    )
                made.append(project)
    today = date(2026, 11, 1)
    rows = plain(table_on(today))

    expected = {project.pk: class_of(rows, figures_of(project, today)) for project in made}
    found = {project.pk: project.reached for project in proposals(manager, today)}  # type: ignore[attr-defined]

    assert found == {key: size for key, size in expected.items() if size}
    assert set(expected.values()) == {"", *CLASSES}
    assert KeyProjectThreshold.objects.count() == len(settled)
