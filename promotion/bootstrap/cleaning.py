"""`clean`: everything that can be made again. Data are never touched."""

import shutil

from promotion.bootstrap.console import say, shown
from promotion.bootstrap.paths import ROOT, VENV, state_from_environment

FOLDERS = (
    VENV,
    ROOT / "node_modules",
    ROOT / "static" / "vendor",
    ROOT / "test-results",
    *(
        ROOT / name
        for name in (".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache", ".hypothesis")
    ),
)
SOURCE_FOLDERS = ("promotion", "staff", "projects", "kpi", "tests")


def clean() -> int:
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    for compiled in (ROOT / "locale").glob("*/LC_MESSAGES/*.mo"):
        compiled.unlink()
    for name in SOURCE_FOLDERS:
        for cache in (ROOT / name).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    kept = state_from_environment().root
    say("Removed what set-up made" + (f"; the data in {shown(kept)} are kept" if kept.exists() else ""))
    return 0
