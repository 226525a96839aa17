"""Translations: which catalogues (.po) are newer than what was compiled from them (.mo)."""

from pathlib import Path

from promotion.bootstrap import processes
from promotion.bootstrap.environment import child_environment
from promotion.bootstrap.paths import PYTHON, ROOT, State

LOCALE = ROOT / "locale"


def stale_catalogues(locale: Path = LOCALE) -> list[Path]:
    sources = sorted(locale.glob("*/LC_MESSAGES/*.po"))
    return [source for source in sources if is_stale(source)]


def is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def install(state: State) -> None:
    if stale_catalogues():
        command = [str(PYTHON), "-m", "promotion.bootstrap.compile_catalogues"]
        processes.run_or_fail(
            "Compiling translations", command, environment=child_environment(), log=state.log("translations")
        )
