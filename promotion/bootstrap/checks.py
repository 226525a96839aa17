"""`check` and `test`, which are the same: everything CI asks, in one table, tests last."""

import os
import time
from dataclasses import dataclass

from promotion.bootstrap import browser, daemons, processes, setup
from promotion.bootstrap.console import Stopped, say
from promotion.bootstrap.environment import child_environment
from promotion.bootstrap.paths import PYTHON, VENV, State
from promotion.bootstrap.supervisor import stoppable


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    settings: str = "promotion.settings.test"


@dataclass(frozen=True)
class Outcome:
    name: str
    code: int
    seconds: float


def tool(name: str, *arguments: str) -> list[str]:
    return [str(VENV / "bin" / name), *arguments]


def django(*arguments: str) -> list[str]:
    return [str(PYTHON), "manage.py", *arguments]


STEPS = (
    Step("lint", tool("ruff", "check")),
    Step("format", tool("ruff", "format", "--check")),
    Step("templates", tool("djlint", "templates", "--lint", "--quiet")),
    Step("import contracts", tool("lint-imports")),
    Step("migrations", django("makemigrations", "--check", "--dry-run")),
    Step("system check", django("check", "--fail-level", "WARNING")),
    Step(
        "deployment check",
        django("check", "--deploy", "--fail-level", "WARNING"),
        settings="promotion.settings.production",
    ),
    Step("types", tool("mypy")),
)
# Only so that the deployment check may load production settings; nothing is served with them.
DEPLOYED = {
    "SECRET_KEY": "for-the-deployment-check-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SEALED_KEYS": "Zm9yLXRoZS1kZXBsb3ltZW50LWNoZWNrLW9ubHktMDE=",
    "ALLOWED_HOSTS": "example.org",
}


def test(*arguments: str) -> int:
    """All steps and the whole suite; with arguments (`test tests/kpi -k tiers`), pytest alone with those."""
    with stoppable(), daemons.throwaway_state("test") as state:
        try:
            return tested(state, arguments)
        except Stopped:
            say("Stopped")
            return 130


def tested(state: State, arguments: tuple[str, ...]) -> int:
    setup.prepare(state, "develop")
    path = browser.find_or_install(state)
    chosen = daemons.chosen_addresses("TEST_")
    with daemons.throwaway_servers(state, chosen) as addresses:
        environment = test_environment(state, addresses, path)
        outcomes = [] if arguments else [take(step, environment) for step in STEPS]
        if outcomes:
            print(table(outcomes), flush=True)
        say("Tests")
        code = processes.run(pytest_command(arguments), environment=environment)
    failed = [outcome.name for outcome in outcomes if outcome.code]
    if failed:
        print(f"FAILED before the tests: {', '.join(failed)}", flush=True)
    return code or int(bool(failed))


def pytest_command(arguments: tuple[str, ...]) -> list[str]:
    return [str(PYTHON), "-m", "pytest", *(arguments or ("-n", "2"))]


def test_environment(state: State, addresses: dict[str, str], browser_path: str) -> dict[str, str]:
    return child_environment(
        **addresses,
        STATE_DIR=str(state.root),
        DJANGO_SETTINGS_MODULE="promotion.settings.test",
        BROWSER_PATH=browser_path,
    )


def take(step: Step, environment: dict[str, str]) -> Outcome:
    say(step.name[:1].upper() + step.name[1:])
    began = time.monotonic()
    special = DEPLOYED if step.settings.endswith("production") else {}
    code = processes.run(
        step.command, environment=environment | special | {"DJANGO_SETTINGS_MODULE": step.settings}
    )
    return Outcome(step.name, code, time.monotonic() - began)


def table(outcomes: list[Outcome]) -> str:
    width = max(len(outcome.name) for outcome in outcomes)
    lines = [
        f"    {outcome.name:<{width}}  {'ok' if outcome.code == 0 else 'FAILED':<6}  {outcome.seconds:5.1f} s"
        for outcome in outcomes
    ]
    return "\n".join(["", *lines, ""])


def format_sources() -> int:
    with stoppable(), daemons.throwaway_state("format") as state:
        setup.prepare(state, "develop")
        environment = child_environment()
        commands = (tool("ruff", "check", "--fix", "--quiet"), tool("ruff", "format"))
        return max(processes.run(command, environment=environment) for command in commands)


def bench(*arguments: str) -> int:
    """Benchmarks on servers of their own, which write to disk as real ones do."""
    with stoppable(), daemons.throwaway_state("bench") as state:
        setup.prepare(state, "develop")
        with daemons.throwaway_servers(state, daemons.chosen_addresses("TEST_"), durable=True) as addresses:
            environment = test_environment(state, addresses, os.environ.get("BROWSER_PATH", ""))
            return processes.run([str(PYTHON), "-m", "tests.benchmarks", *arguments], environment=environment)
