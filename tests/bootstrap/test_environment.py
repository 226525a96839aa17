"""What children are given, where an instance listens and where it keeps its state."""

import socket
import tempfile
from pathlib import Path

import pytest

from promotion.bootstrap import browser, environment, health, paths, ports, running
from promotion.bootstrap.console import Trouble
from promotion.bootstrap.paths import State
from promotion.bootstrap.ports import Address


def test_child_does_not_inherit_what_would_mislead_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in environment.SET_ASIDE:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")

    given = environment.child_environment(STATE_DIR="/state")

    assert [name for name in environment.SET_ASIDE if name in given] == []
    assert (given["HTTPS_PROXY"], given["STATE_DIR"]) == ("http://proxy.example", "/state")
    assert given["PATH"].startswith(str(paths.VENV / "bin"))


def test_installers_without_a_home_get_a_spare_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")

    given = environment.install_environment(tmp_path / "home")

    assert given["HOME"] == str(tmp_path / "home")
    assert (tmp_path / "home").is_dir()


def test_django_gets_generated_secrets_unless_one_is_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "exported")
    monkeypatch.delenv("SEALED_KEYS", raising=False)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    secrets = {"SECRET_KEY": "generated", "SEALED_KEYS": "generated"}

    given = environment.django_environment(Path("/state"), secrets, {"REDIS_URL": "unix:///v.sock"})

    names = ("SECRET_KEY", "SEALED_KEYS", "REDIS_URL", "STATE_DIR", "DJANGO_SETTINGS_MODULE")
    assert [given[name] for name in names] == [
        "exported",
        "generated",
        "unix:///v.sock",
        "/state",
        "promotion.settings.development",
    ]


def test_state_lies_in_the_project_unless_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATE_DIR", raising=False)
    assert paths.state_from_environment() == State(paths.ROOT / "var")

    monkeypatch.setenv("STATE_DIR", "/srv/wuhua")
    assert paths.state_from_environment() == State(Path("/srv/wuhua"))


def test_sockets_lie_in_the_state_folder_when_its_path_allows_it() -> None:
    # Pytest's own folder grows longer with every run of the day, past what a socket's path may have.
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder)

        assert State(plain).socket_folder("pg") == plain / "pg"


@pytest.mark.parametrize("name", ["with space", "状态", "x" * 90])
def test_sockets_move_away_from_paths_that_sockets_cannot_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(paths.tempfile, "gettempdir", lambda: str(tmp_path))
    state = State(tmp_path / name)
    state.root.mkdir()

    folder = state.socket_folder("pg")

    assert folder.parent == tmp_path
    assert paths.PLAIN_SOCKET_PATH.fullmatch(folder.name)


def test_socket_folder_that_others_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.tempfile, "gettempdir", lambda: str(tmp_path))
    state = State(tmp_path / "状态")
    state.root.mkdir()
    state.socket_folder("pg").chmod(0o755)

    with pytest.raises(Trouble, match="somebody else made it"):
        state.socket_folder("pg")


def test_unwritable_state_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Trouble, match=r"cannot be written.*\nChoose another one: STATE_DIR="):
        State(tmp_path / "file" / "state").make()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "８０００"])
def test_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)

    with pytest.raises(Trouble, match="is not a port number"):
        ports.chosen_address()


def test_address_is_loopback_port_8000_unless_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("HOST", raising=False)
    assert ports.chosen_address() == Address("127.0.0.1", 8000)

    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104
    chosen = ports.chosen_address()
    assert (chosen.url, chosen.is_loopback) == ("http://127.0.0.1:8123/", False)


def test_busy_port_is_refused_with_the_next_one_as_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]

        with pytest.raises(Trouble, match=rf"Port {port} .* in use .*\n.*PORT={port + 1} make run"):
            ports.refuse_busy_port(Address("127.0.0.1", port))

    ports.refuse_busy_port(Address("127.0.0.1", port))


def test_browser_named_in_the_environment_wins_even_when_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    assert browser.find() == "/usr/bin/chromium"

    monkeypatch.setenv("BROWSER_PATH", "")
    assert browser.find() == ""


def test_health_is_asked_as_the_proxy_would_ask() -> None:
    request = health.request_for("8000", "crm.example.org, other.example.org")

    assert request.full_url == "http://127.0.0.1:8000/health/"
    assert (request.get_header("Host"), request.get_header("X-forwarded-proto")) == (
        "crm.example.org",
        "https",
    )


def test_demo_does_not_empty_a_server_of_ones_own_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/zhaoshang")
    monkeypatch.delenv("SURE", raising=False)

    with pytest.raises(Trouble, match="SURE=1 make demo"):
        running.refill_demo()
