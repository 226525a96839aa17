"""The supervisor on real, tiny processes: starting, restarting with pauses, stopping in order."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from promotion.bootstrap import processes, supervisor
from promotion.bootstrap.console import Trouble
from promotion.bootstrap.daemons import chosen_addresses
from promotion.bootstrap.supervisor import Service, Supervisor

OBEDIENT = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0)));"


@pytest.fixture
def keeper() -> Iterator[Supervisor]:
    keeper = Supervisor()
    yield keeper
    keeper.stop()


def service(folder: Path, name: str, code: str, *, ready_file: bool = False, **options: object) -> Service:
    ready = folder / f"{name}.ready"
    body = f"{code}; open({str(ready)!r}, 'w'); time.sleep(60)" if ready_file else code
    return Service(
        name=name,
        command=[sys.executable, "-c", body],
        environment={},
        log=folder / f"{name}.log",
        is_ready=ready.exists if ready_file else lambda: True,
        **options,  # type: ignore[arg-type]
    )


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.05)


def test_services_stop_from_the_highest_rank_down(tmp_path: Path, keeper: Supervisor) -> None:
    ended = tmp_path / "ended"
    for name, rank in (("database", 0), ("web", 2), ("broker", 1)):
        code = (
            "import signal, sys, time; signal.signal(signal.SIGTERM,"
            f" lambda *_: (open({str(ended)!r}, 'a').write('{name} '), sys.exit(0)))"
        )
        keeper.start(service(tmp_path, name, code, ready_file=True, rank=rank))
    keeper.wait_ready("database", "web", "broker")
    children = [one.child for one in keeper.running.values()]

    keeper.stop()

    assert ended.read_text() == "web broker database "
    assert [child.returncode for child in children] == [0, 0, 0]


def test_service_that_cannot_start_is_told_with_the_end_of_its_log(
    tmp_path: Path, keeper: Supervisor
) -> None:
    never = service(tmp_path, "web", "print('no such module'); raise SystemExit(3)")
    keeper.start(Service(**{**vars(never), "is_ready": lambda: False}))

    with pytest.raises(Trouble, match=r"web did not start: exit code 3\.(.|\n)*no such module"):
        keeper.wait_ready("web")


def test_service_that_dies_is_started_again(
    tmp_path: Path, keeper: Supervisor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "pause_after", lambda _failures: 0.0)
    keeper.start(service(tmp_path, "worker", f"{OBEDIENT} pass", ready_file=True))
    keeper.wait_ready("worker")
    first = keeper.running["worker"].child

    first.kill()
    first.wait()
    keeper.watch_once()
    keeper.watch_once()

    second = keeper.running["worker"].child
    assert (second.pid != first.pid, second.poll()) == (True, None)
    assert "worker ended: killed by SIGKILL; starting it again" in capsys.readouterr().out


def test_pauses_between_starts_double_up_to_half_a_minute() -> None:
    assert [supervisor.pause_after(failures) for failures in range(9)] == [0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_service_that_refuses_to_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.2)
    stubborn = Supervisor()
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn.start(service(tmp_path, "web", code, ready_file=True))
    stubborn.wait_ready("web")
    child = stubborn.running["web"].child

    stubborn.stop()

    assert child.returncode == -signal.SIGKILL
    assert "did not stop" in capsys.readouterr().out


@pytest.mark.skipif(processes.LIBC is None, reason="only Linux tells a child that its parent died")
def test_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent_code = (
        "import sys, time; from pathlib import Path; from promotion.bootstrap import processes;"
        "child = processes.spawn([sys.executable, '-c', 'import time; time.sleep(60)'], environment={});"
        f"Path({str(note)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    parent = processes.spawn([sys.executable, "-c", parent_code], environment={})
    eventually(lambda: note.exists() and note.read_text() != "")
    process = Path("/proc") / note.read_text()

    parent.kill()
    parent.wait()

    eventually(lambda: not process.exists() or ") Z " in (process / "stat").read_text())


def test_servers_named_in_the_environment_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/zhaoshang")
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://test.example/zhaoshang")

    assert chosen_addresses() == {"DATABASE_URL": "postgresql://db.example/zhaoshang"}
    assert chosen_addresses("TEST_") == {"DATABASE_URL": "postgresql://test.example/zhaoshang"}


def test_long_log_is_set_aside_while_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    log = tmp_path / "web.log"
    with processes.open_log(log) as writer:
        writer.write(b"a long first line\n")
        writer.flush()

        processes.shorten(log)
        writer.write(b"next\n")

    assert (log.read_text(), (tmp_path / "web.log.1").read_text()) == ("next\n", "a long first line\n")
