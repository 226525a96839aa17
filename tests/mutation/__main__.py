"""`python -m tests.mutation [--sample 200] [--seed 1]`: the share of small mistakes in kpi/scoring that its tests notice.

Each mutant is tried in a child of this process, in which the functions get the code of the changed module; so it costs what
the tests cost until one fails. Mutants of text (sentences, explanations) are left out: only numbers and decisions count.
"""

import argparse
import ast
import importlib
import os
import random
import signal
import sys
import time
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/kpi/scoring"
#: Asked first, because they are quick; the others, most of them property tests, only where these notice nothing.
QUICK = ("cases", "rules", "relative", "parts", "ranking_and_awards", "measures", "documentation", "library")
#: Modules that make words, not numbers; and document reading, whose tests are about sentences.
WORDS = {"explain.py", "table.py", "schema.py", "held.py"}
PATIENCE = 600


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "promotion.settings.test")
    everything = [mutant for path in modules() for mutant in mutants_of(path)]
    chosen = random.Random(options.seed).sample(everything, min(options.sample, len(everything)))  # noqa: S311
    pytest.main([TESTS, "--collect-only", "-qqq", "-p", "no:cacheprovider"])
    noticed = 0
    for number, mutant in enumerate(chosen, start=1):
        what, tree = mutant.changed()
        if notices(mutant, tree):
            noticed += 1
        else:
            print(f"survives: {mutant.path.relative_to(ROOT)}:{mutant.line}: {what}", flush=True)
        print(f"{number} tried, {noticed} noticed ({noticed / number:.0%})", flush=True)
    print(f"\n{len(everything)} mutants, {len(chosen)} tried, {noticed} noticed: {noticed / len(chosen):.1%}")
    return 0


def modules() -> Iterator[Path]:
    for path in sorted((ROOT / "kpi" / "scoring").rglob("*.py")):
        if path.name not in WORDS and path.name != "__init__.py":
            yield path


def notices(mutant: Mutant, tree: ast.Module) -> bool:
    """Whether a test fails, breaks or does not end."""
    child = os.fork()
    if child == 0:
        _try(mutant, tree)
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _try(mutant: Mutant, tree: ast.Module) -> None:
    """In the child: run the tests over the changed functions and end with their result."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    code = 1
    try:
        put_in_place(mutant, tree)
        quick = [f"{TESTS}/test_{name}.py" for name in QUICK]
        slow = sorted({str(path) for path in Path(TESTS).glob("test_*.py")} - set(quick))
        code = _ask(quick) or _ask(slow)
    finally:
        os._exit(min(code, 1))


def _ask(files: list[str]) -> int:
    return int(pytest.main([*files, "-x", "-qqq", "-p", "no:cacheprovider"]))


def put_in_place(mutant: Mutant, tree: ast.Module) -> None:
    """Give the functions of the module, wherever they are imported, the code of the changed one."""
    name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts)
    module = importlib.import_module(name)
    compiled = compile(tree, str(mutant.path), "exec")
    _exchange(vars(module), compiled)


def _exchange(held: dict[str, object] | types.MappingProxyType[str, object], code: types.CodeType) -> None:
    for inner in code.co_consts:
        if not isinstance(inner, types.CodeType):
            continue
        owner = held.get(inner.co_name)
        if isinstance(owner, type):
            _exchange(vars(owner), inner)
            continue
        function = _function(owner)
        if function is not None and len(function.__code__.co_freevars) == len(inner.co_freevars):
            function.__code__ = inner


def _function(owner: object) -> types.FunctionType | None:
    """The plain function behind a property, a static or class method, or a cache."""
    for name in ("fget", "__func__", "__wrapped__"):
        owner = getattr(owner, name, owner)
    return owner if isinstance(owner, types.FunctionType) else None


if __name__ == "__main__":
    sys.exit(main())
