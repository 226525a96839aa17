"""What can be asked for, and what each is for."""

from collections.abc import Callable

from promotion.bootstrap import assets, checks, cleaning, running, setup
from promotion.bootstrap.console import Stopped, Trouble, complain, say
from promotion.bootstrap.paths import state_from_environment
from promotion.bootstrap.supervisor import stoppable


def install() -> int:
    with stoppable():
        setup.prepare(state_from_environment(), "run")
    say("Everything is installed; `make run` starts it")
    return 0


def install_assets() -> int:
    state = state_from_environment()
    state.make()
    assets.install(state)
    return 0


VERBS: dict[str, tuple[Callable[..., int], str]] = {
    "run": (
        running.run,
        "start everything and print the address (PORT, HOST, STATE_DIR, DATABASE_URL, REDIS_URL)",
    ),
    "test": (checks.test, "lint, types, contracts, migrations and all tests; with arguments, pytest alone"),
    "check": (checks.test, "the same as test: exactly what CI runs"),
    "demo": (running.refill_demo, "empty the data and fill in the demo data again"),
    "bench": (checks.bench, "benchmarks, on servers of their own"),
    "format": (checks.format_sources, "format the Python sources"),
    "setup": (install, "install Python packages and browser files, nothing else"),
    "assets": (install_assets, "fetch the browser files only"),
    "clean": (cleaning.clean, "remove what set-up made; data stay"),
}


def call(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in VERBS:
        print(usage())
        return 2
    verb, _ = VERBS[arguments[0]]
    try:
        return verb(*arguments[1:])
    except Trouble as trouble:
        complain(trouble)
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130


def usage() -> str:
    lines = [f"    {name:<8} {purpose}" for name, (_, purpose) in VERBS.items()]
    return "\n".join(["python3 -m promotion.bootstrap VERB (or: make VERB)", "", *lines])
