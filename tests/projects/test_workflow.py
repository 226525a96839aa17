"""The table of moves: what may follow what, and what each gate asks for."""

import pytest

from projects.workflow import (
    GATES,
    ORDER,
    Obstacle,
    Stage,
    Status,
    held_fields,
    missing_fields,
    moves_from,
    next_stage,
    obstacle,
    stage_after_reversal,
    stage_of_milestone,
    stages_from,
)


def test_stages_follow_each_other_to_production() -> None:
    assert [next_stage(stage) for stage in ORDER] == [*ORDER[1:], None]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("lead", ("negotiation",)),
        ("negotiation", ("lead", "admission")),
        ("admission", ("lead", "negotiation", "signed")),
        ("signed", ("registered",)),
        ("completed", ("produced",)),
        ("produced", ()),
    ],
)
def test_moves_are_one_step_forward_or_back_where_no_fact_holds(
    stage: str, expected: tuple[str, ...]
) -> None:
    assert moves_from(stage) == expected


@pytest.mark.parametrize(
    ("stage", "to", "expected"),
    [
        ("lead", "negotiation", None),
        ("admission", "lead", None),
        ("lead", "signed", Obstacle.SKIPS),
        ("signed", "negotiation", Obstacle.HELD_BY_MILESTONE),
        ("lead", "lead", Obstacle.SAME_STAGE),
        ("lead", "捕捉", Obstacle.UNKNOWN_STAGE),
    ],
)
def test_obstacle_names_why_a_move_is_not_open(stage: str, to: str, expected: Obstacle | None) -> None:
    assert obstacle(stage, to) == expected


def test_obstacle_is_the_status_before_anything_else() -> None:
    assert obstacle("lead", "negotiation", status=Status.LOST) == Obstacle.NOT_ACTIVE
    assert obstacle("lead", "negotiation", status=Status.SUSPENDED) == Obstacle.NOT_ACTIVE


def test_returned_milestone_blocks_the_next_move() -> None:
    assert obstacle("signed", "registered", returned=True) == Obstacle.RETURNED
    assert obstacle("signed", "registered", returned=False) is None


def test_gate_asks_for_what_is_missing_in_its_order() -> None:
    assert missing_fields("admission", {}) == ("industry", "planned_investment")
    assert missing_fields("admission", {"industry": "materials", "planned_investment": None}) == (
        "planned_investment",
    )
    assert missing_fields("admission", {"industry": "materials", "planned_investment": 0}) == ()


def test_fields_of_passed_gates_are_held() -> None:
    assert held_fields("lead") == frozenset()
    assert held_fields("admission") == {"industry", "planned_investment"}
    assert held_fields("produced") == {"industry", "planned_investment", "admission_note", "credit_code"}


def test_every_milestone_brings_to_its_stage_and_falls_back_one() -> None:
    milestones = [gate.milestone for gate in GATES.values() if gate.milestone]

    assert [stage_of_milestone(kind) for kind in milestones] == list(ORDER[3:])
    assert [stage_after_reversal(kind) for kind in milestones] == list(ORDER[2:-1])
    assert stage_of_milestone("paid_in") is None
    with pytest.raises(ValueError, match="paid_in"):
        stage_after_reversal("paid_in")


def test_reached_means_this_stage_and_all_after() -> None:
    assert stages_from("completed") == (Stage.COMPLETED, Stage.PRODUCED)
