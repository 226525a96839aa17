"""Python packages: a virtual environment, a pinned installer, and exactly what the lock files name."""

import subprocess
import sys
from pathlib import Path

from promotion.bootstrap import processes, stamps
from promotion.bootstrap.console import Trouble, say, shown, tail
from promotion.bootstrap.environment import install_environment
from promotion.bootstrap.paths import PYTHON, ROOT, VENV, State

UV_LOCK = Path(__file__).with_name("uv.txt")
STAMP = VENV / ".stamp"
LOCKS = {"run": ROOT / "requirements.txt", "develop": ROOT / "requirements-dev.txt"}


def wanted_stamp(purpose: str) -> str:
    return f"{purpose} {stamps.digest([LOCKS[purpose]])}"


def are_current(purpose: str) -> bool:
    """What development needs contains what running needs."""
    enough = [purpose] if purpose == "develop" else ["run", "develop"]
    return PYTHON.exists() and any(stamps.is_current(STAMP, wanted_stamp(one)) for one in enough)


def make_venv(log: Path) -> None:
    if PYTHON.exists() and works():
        return
    say(f"Creating {shown(VENV)}")
    environment = install_environment(log.parent / "home")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if processes.run(command, environment=environment, log=log):
        raise Trouble(
            "The virtual environment could not be made. Debian and Ubuntu package a part of Python apart:\n"
            f"    apt-get install python3-venv\nthen try again. The end of {shown(log)}:\n{tail(log)}"
        )


def works() -> bool:
    """A virtual environment breaks when the Python below it is removed or the folder is moved."""
    check = [str(PYTHON), "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def install(purpose: str, state: State) -> None:
    if are_current(purpose):
        return
    log = state.log("packages")
    lock = LOCKS[purpose]
    STAMP.unlink(missing_ok=True)
    say(f"Installing Python packages ({shown(lock)})")
    environment = install_environment(log.parent / "home")
    if not install_with_uv(lock, environment, log):
        say("The quick installer is not to be had; taking pip, which needs about a minute")
        command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(lock)]
        processes.run_or_fail("Installing Python packages", command, environment=environment, log=log)
    stamps.write(STAMP, wanted_stamp(purpose))


def install_with_uv(lock: Path, environment: dict[str, str], log: Path) -> bool:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(UV_LOCK)]
    if processes.run(command, environment=environment, log=log):
        return False
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--require-hashes"]
    # Without compiled modules every start of every process would pay for compiling them.
    command = [*uv, "--compile-bytecode", "-r", str(lock)]
    return processes.run(command, environment=environment | mirrors(environment), log=log) == 0


def mirrors(environment: dict[str, str]) -> dict[str, str]:
    """uv does not read pip's settings: pass on the index that this machine's owner chose for pip."""
    if "UV_DEFAULT_INDEX" in environment or "UV_INDEX_URL" in environment:
        return {}
    ask = [str(PYTHON), "-m", "pip", "config", "list"]
    answer = subprocess.run(ask, capture_output=True, check=False, text=True, env=environment)
    return mirror_settings(answer.stdout, environment)


def mirror_settings(pip_settings: str, environment: dict[str, str]) -> dict[str, str]:
    """From lines like `global.index-url='…'`; what the environment says (`:env:`) comes first."""
    found: dict[str, str] = {}
    for line in sorted(pip_settings.splitlines()):
        name, _, value = line.partition("=")
        found.setdefault(name.rpartition(".")[2], value.strip("'\""))
    passed = {}
    if found.get("index-url"):
        passed["UV_DEFAULT_INDEX"] = found["index-url"]
    if found.get("cert") and "SSL_CERT_FILE" not in environment:
        passed["SSL_CERT_FILE"] = found["cert"]
    return passed
