"""The embedded PostgreSQL: after a crash, as root, and over data that are not its own."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from promotion.bootstrap import postgres
from promotion.bootstrap.console import Trouble
from promotion.bootstrap.paths import State
from promotion.bootstrap.postgres import Cluster
from promotion.bootstrap.processes import Account


def cluster_in(folder: Path, *, durable: bool = True) -> Cluster:
    return Cluster(
        home=folder, sockets=folder / "pg", programs=Path("/programs"), account=None, durable=durable
    )


def process_folder(tmp_path: Path, *, name: str = "postgres", state: str = "S", working_in: Path) -> Path:
    """What /proc says of one process."""
    folder = tmp_path / "proc"
    folder.mkdir()
    (folder / "stat").write_text(f"4242 ({name}) {state} 1 4242 4242 0")
    (folder / "cwd").symlink_to(working_in)
    return folder


def test_server_working_in_the_data_folder_is_alive(tmp_path: Path) -> None:
    assert postgres.is_server_in(process_folder(tmp_path, working_in=tmp_path), tmp_path)


def test_zombie_is_no_server(tmp_path: Path) -> None:
    assert not postgres.is_server_in(process_folder(tmp_path, state="Z", working_in=tmp_path), tmp_path)


def test_other_program_with_the_recorded_number_is_no_server(tmp_path: Path) -> None:
    process = process_folder(tmp_path, name="vim (postgres)", working_in=tmp_path)

    assert not postgres.is_server_in(process, tmp_path)


def test_server_of_another_cluster_is_not_ours(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()

    assert not postgres.is_server_in(process_folder(tmp_path, working_in=other), tmp_path)


def test_process_that_is_gone_is_no_server(tmp_path: Path) -> None:
    assert not postgres.is_server_in(tmp_path / "gone", tmp_path)


@pytest.mark.parametrize("content", ["", "not a number\n", "1\n/data\n"])
def test_lock_file_without_a_living_server_is_removed(tmp_path: Path, content: str) -> None:
    cluster = cluster_in(tmp_path)
    cluster.data.mkdir()
    lock = cluster.data / "postmaster.pid"
    lock.write_text(content)

    postgres.clear_stale_pid(cluster)

    assert not lock.exists()


def test_lock_file_of_a_living_server_stays_and_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = cluster_in(tmp_path)
    cluster.data.mkdir()
    lock = cluster.data / "postmaster.pid"
    lock.write_text("4242\n")
    monkeypatch.setattr(postgres, "is_live_server", lambda pid, _data: pid == 4242)

    with pytest.raises(Trouble, match=r"process 4242.*kill -INT 4242"):
        postgres.clear_stale_pid(cluster, patience=0)

    assert lock.exists()


def test_command_listens_on_no_network_and_flushes_to_disk(tmp_path: Path) -> None:
    command = cluster_in(tmp_path).command()

    assert command[:5] == ["/programs/postgres", "-D", str(tmp_path / "data"), "-k", str(tmp_path / "pg")]
    assert "listen_addresses=" in command
    assert "unix_socket_permissions=0700" in command
    assert "fsync=off" not in command


def test_command_of_a_throwaway_cluster_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    command = cluster_in(tmp_path, durable=False).command()

    assert {"fsync=off", "synchronous_commit=off", "full_page_writes=off"} <= set(command)


def test_url_names_the_socket_folder(tmp_path: Path) -> None:
    cluster = Cluster(home=tmp_path, sockets=Path("/run/wu hua"), programs=tmp_path, account=None)

    assert cluster.url == "postgresql://zhaoshang@/zhaoshang?host=/run/wu%20hua"


def test_data_of_another_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = cluster_in(tmp_path)
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("17\n")
    answer = subprocess.CompletedProcess([], 0, stdout="postgres (PostgreSQL) 18.6\n")
    monkeypatch.setattr(postgres.subprocess, "run", lambda *_args, **_options: answer)

    with pytest.raises(Trouble, match=r"made by PostgreSQL 17; this is 18"):
        postgres.refuse_other_version(cluster)

    (cluster.data / "PG_VERSION").write_text("18\n")
    postgres.refuse_other_version(cluster)


def test_data_of_another_account_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    owner, stranger = Account(os.geteuid(), 0), Account(os.geteuid() + 1, 0)

    postgres.refuse_foreign_data(data, owner)
    with pytest.raises(Trouble, match="belongs to another account"):
        postgres.refuse_foreign_data(data, stranger)


def test_home_lies_in_the_state_folder_for_an_ordinary_user(tmp_path: Path) -> None:
    home = postgres.home_for(State(tmp_path), None)

    assert (home, stat.S_IMODE(home.stat().st_mode)) == (tmp_path / "postgres", 0o700)


def test_home_moves_away_when_the_state_folder_is_closed_and_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SHARED_HOME", tmp_path / "shared")
    state = State(tmp_path / "state")
    state.root.mkdir(mode=0o700)

    first, second = postgres.remembered_home(state), postgres.remembered_home(state)
    (state.root / "postgres.path").unlink()
    after_the_note_was_lost = postgres.remembered_home(state)

    assert first == second
    assert first.parent == tmp_path / "shared"
    assert after_the_note_was_lost != first
