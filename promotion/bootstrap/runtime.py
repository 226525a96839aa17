"""What an instance tells other terminals: where its servers are, and the secrets of its state folder."""

import base64
import json
import os
import secrets
from pathlib import Path

SECRETS_FILE = "secrets.env"
RUNTIME_FILE = "runtime.json"


def read_runtime(state: Path) -> dict[str, str]:
    """Environment values for processes that share this state folder; empty if nothing was ever started."""
    return {**read_secrets(state), **read_addresses(state)}


def read_addresses(state: Path) -> dict[str, str]:
    """Addresses of the servers, as long as the supervisor that wrote them lives."""
    try:
        written = json.loads((state / RUNTIME_FILE).read_text("utf-8"))
        pid, addresses = int(written["pid"]), dict(written["environment"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return addresses if is_alive(pid) else {}


def write_addresses(state: Path, environment: dict[str, str]) -> None:
    written = json.dumps({"pid": os.getpid(), "environment": environment}, indent=1)
    write_privately(state / RUNTIME_FILE, written)


def forget_addresses(state: Path) -> None:
    (state / RUNTIME_FILE).unlink(missing_ok=True)


def read_secrets(state: Path) -> dict[str, str]:
    try:
        lines = (state / SECRETS_FILE).read_text("utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def ensure_secrets(state: Path) -> dict[str, str]:
    """Made once, at the first start; losing them logs everybody out and hides encrypted fields."""
    kept = read_secrets(state)
    fresh = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEALED_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    if missing := fresh.keys() - kept.keys():
        kept |= {name: fresh[name] for name in sorted(missing)}
        lines = ["# Made at the first start. Keep it with the backups and show it to nobody."]
        lines += [f"{name}={value}" for name, value in kept.items()]
        write_privately(state / SECRETS_FILE, "\n".join(lines) + "\n")
    return kept


def write_privately(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
