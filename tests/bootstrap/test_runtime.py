"""What an instance leaves for other terminals: addresses while it lives, secrets for good."""

import json
import stat
import subprocess
import sys
from pathlib import Path

from promotion.bootstrap import runtime

ADDRESSES = {
    "DATABASE_URL": "postgresql://zhaoshang@/zhaoshang?host=/run/pg",
    "REDIS_URL": "unix:///run/v.sock?db=0",
}


def test_runtime_of_an_unused_folder_is_empty(tmp_path: Path) -> None:
    assert runtime.read_runtime(tmp_path / "never") == {}


def test_runtime_holds_addresses_and_secrets(tmp_path: Path) -> None:
    secrets = runtime.ensure_secrets(tmp_path)
    runtime.write_addresses(tmp_path, ADDRESSES)

    assert runtime.read_runtime(tmp_path) == {**secrets, **ADDRESSES}


def test_addresses_of_a_dead_supervisor_are_not_believed(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    (tmp_path / runtime.RUNTIME_FILE).write_text(json.dumps({"pid": child.pid, "environment": ADDRESSES}))

    assert runtime.read_addresses(tmp_path) == {}


def test_damaged_runtime_file_counts_as_none(tmp_path: Path) -> None:
    for content in ("", "[]", '{"pid": "x"}', '{"pid": 1}'):
        (tmp_path / runtime.RUNTIME_FILE).write_text(content)

        assert runtime.read_addresses(tmp_path) == {}


def test_forgotten_addresses_are_gone(tmp_path: Path) -> None:
    runtime.write_addresses(tmp_path, ADDRESSES)

    runtime.forget_addresses(tmp_path)
    runtime.forget_addresses(tmp_path)

    assert runtime.read_addresses(tmp_path) == {}


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    first = runtime.ensure_secrets(tmp_path)
    second = runtime.ensure_secrets(tmp_path)

    assert first == second
    assert sorted(first) == ["SEALED_KEYS", "SECRET_KEY"]
    assert all(len(value) >= 44 for value in first.values())
    assert stat.S_IMODE((tmp_path / runtime.SECRETS_FILE).stat().st_mode) == 0o600


def test_secret_added_later_leaves_the_older_ones_alone(tmp_path: Path) -> None:
    (tmp_path / runtime.SECRETS_FILE).write_text("# kept\nSECRET_KEY=old=with=signs\n")

    secrets = runtime.ensure_secrets(tmp_path)

    assert secrets["SECRET_KEY"] == "old=with=signs"
    assert runtime.read_secrets(tmp_path) == secrets


def test_write_privately_replaces_an_open_file_by_a_closed_one(tmp_path: Path) -> None:
    file = tmp_path / "logins.txt"
    file.write_text("old")
    file.chmod(0o644)

    runtime.write_privately(file, "new")

    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["logins.txt"]
