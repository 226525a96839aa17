"""The program of the auditor's bundle: `recompute.py` and the part of the scoring package that it imports, as they are in the product."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).with_name("recompute.py")


@lru_cache(maxsize=1)
def program_files() -> dict[str, bytes]:
    """Path in the archive → content."""
    found: dict[str, Path] = {"recompute.py": PROGRAM}
    waiting = list(_imported(PROGRAM))
    while waiting:
        name = waiting.pop()
        path = _path_of(name)
        if path is None or str(path.relative_to(ROOT)) in found:
            continue
        found[str(path.relative_to(ROOT))] = path
        waiting += [*_imported(path), *([name.rpartition(".")[0]] if "." in name else [])]
    return {name: path.read_bytes() for name, path in sorted(found.items())}


def _path_of(name: str) -> Path | None:
    """The file of a module of ours; None for what is no module."""
    base = ROOT / name.replace(".", "/")
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.exists()), None)


def _imported(path: Path) -> Iterator[str]:
    """What a file of ours imports of `kpi`, names included: some of them are modules."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kpi"):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)
