"""The environment that child processes are given."""

import os
from pathlib import Path

from promotion.bootstrap.paths import ROOT, VENV

# These would send a child to another interpreter, or make it compile every module at every start.
SET_ASIDE = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "__PYVENV_LAUNCHER__",
)


def child_environment(**extra: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in SET_ASIDE}
    environment |= {"PYTHONUNBUFFERED": "1", "VIRTUAL_ENV": str(VENV)}
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment.setdefault("LANG", "C.UTF-8")
    return environment | extra


def install_environment(spare_home: Path) -> dict[str, str]:
    """For installers: they keep caches at home, which an account without a home does not have."""
    environment = child_environment()
    home = environment.get("HOME", "")
    if not home or not os.access(home, os.W_OK):
        spare_home.mkdir(parents=True, exist_ok=True)
        environment["HOME"] = str(spare_home)
    return environment


def django_environment(
    state_root: Path, secrets: dict[str, str], addresses: dict[str, str]
) -> dict[str, str]:
    """What somebody exported stands above what was generated."""
    generated = {
        "DJANGO_SETTINGS_MODULE": "promotion.settings.development",
        **secrets,
    }
    chosen = {name: os.environ[name] for name in generated if os.environ.get(name)}
    return child_environment(**generated | chosen | addresses | {"STATE_DIR": str(state_root)}) | {
        "PWD": str(ROOT)
    }
