"""The table of checks, and that CI runs what a developer runs."""

from promotion.bootstrap import checks
from promotion.bootstrap.checks import Outcome
from promotion.bootstrap.paths import ROOT
from promotion.bootstrap.verbs import VERBS, usage


def test_table_names_every_step_with_its_outcome() -> None:
    table = checks.table([Outcome("lint", 0, 1.24), Outcome("import contracts", 1, 12.0)])

    assert table.splitlines() == [
        "",
        "    lint              ok        1.2 s",
        "    import contracts  FAILED   12.0 s",
    ]


def test_arguments_go_to_pytest_and_none_mean_the_whole_suite_on_two_cores() -> None:
    assert checks.pytest_command(())[1:] == ["-m", "pytest", "-n", "2"]
    assert checks.pytest_command(("tests/kpi", "-x"))[1:] == ["-m", "pytest", "tests/kpi", "-x"]


def test_check_and_test_and_ci_are_one() -> None:
    assert VERBS["check"][0] is VERBS["test"][0]
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_each_target_of_the_makefile_is_one_line_over_a_verb() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    targets = dict(line.split(": ; ", 1) for line in lines if ": ; " in line)

    assert set(targets) == set(VERBS) - {"assets"}
    assert all(f"-m promotion.bootstrap {name}" in recipe for name, recipe in targets.items())


def test_usage_explains_every_verb() -> None:
    assert [line.split()[0] for line in usage().splitlines()[2:]] == list(VERBS)
