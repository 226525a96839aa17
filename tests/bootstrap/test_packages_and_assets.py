"""What set-up decides: is it installed already, from which index, and what of a browser file is kept."""

import os
from pathlib import Path

import pytest

from promotion.bootstrap import assets, packages, stamps
from promotion.bootstrap.catalogues import stale_catalogues


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with two lock files and an interpreter."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    locks = {"run": tmp_path / "requirements.txt", "develop": tmp_path / "requirements-dev.txt"}
    for lock in locks.values():
        lock.write_text("django==5.2\n")
    monkeypatch.setattr(packages, "PYTHON", python)
    monkeypatch.setattr(packages, "STAMP", tmp_path / ".stamp")
    monkeypatch.setattr(packages, "LOCKS", locks)
    return tmp_path


def test_packages_without_a_stamp_are_not_current(venv: Path) -> None:
    assert [packages.are_current("run"), packages.are_current("develop")] == [False, False]


def test_packages_for_running_are_not_enough_for_development(venv: Path) -> None:
    stamps.write(packages.STAMP, packages.wanted_stamp("run"))

    assert [packages.are_current("run"), packages.are_current("develop")] == [True, False]


def test_packages_for_development_are_enough_for_running(venv: Path) -> None:
    stamps.write(packages.STAMP, packages.wanted_stamp("develop"))

    assert [packages.are_current("run"), packages.are_current("develop")] == [True, True]


def test_packages_are_stale_once_their_lock_file_changes(venv: Path) -> None:
    stamps.write(packages.STAMP, packages.wanted_stamp("run"))

    packages.LOCKS["run"].write_text("django==5.2.1\n")

    assert not packages.are_current("run")


def test_digest_tells_apart_files_whose_joined_text_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("one")
    second.write_text("two")
    before = stamps.digest([first, second])

    first.write_text("onet")
    second.write_text("wo")

    assert stamps.digest([first, second]) != before


def test_mirror_chosen_for_pip_is_passed_to_uv_and_the_environment_wins() -> None:
    settings = "global.index-url='https://site.example/simple'\n:env:.index-url='https://mine.example/simple'"

    assert packages.mirror_settings(settings, {}) == {"UV_DEFAULT_INDEX": "https://mine.example/simple"}


def test_certificate_of_pip_is_passed_to_uv_unless_one_is_set() -> None:
    settings = "global.cert='/etc/certificates.pem'"

    assert packages.mirror_settings(settings, {}) == {"SSL_CERT_FILE": "/etc/certificates.pem"}
    assert packages.mirror_settings(settings, {"SSL_CERT_FILE": "/other.pem"}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "a()\n//# sourceMappingURL=bootstrap.min.js.map",
        "a()\n//# sourceMappingURL=bootstrap.min.js.map\n",
        "a()\n/*# sourceMappingURL=bootstrap.min.css.map */",
    ],
)
def test_reference_to_a_source_map_is_left_out(text: str) -> None:
    assert assets.without_source_map(text) == "a()\n"


def test_text_about_source_maps_in_the_middle_stays() -> None:
    text = 'say("//# sourceMappingURL=x");\nb()'

    assert assets.without_source_map(text) == text


def test_browser_files_are_copied_under_their_own_names(tmp_path: Path) -> None:
    modules, vendor = tmp_path / "node_modules", tmp_path / "vendor"
    for source in assets.WANTED:
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text(f"{source}\n//# sourceMappingURL=x.map")

    assets.copy_files(modules, vendor)

    copied = {str(file.relative_to(vendor)): file.read_text() for file in vendor.rglob("*") if file.is_file()}
    assert copied == {name: f"{source}\n" for source, name in assets.WANTED.items()}


def test_lock_files_name_no_address() -> None:
    locks = [*packages.LOCKS.values(), packages.UV_LOCK, assets.NODE_LOCK]

    assert [lock.name for lock in locks if "://" in lock.read_text("utf-8")] == []
    assert '"resolved"' not in (assets.ROOT / "package-lock.json").read_text("utf-8")


def test_catalogue_is_stale_when_never_compiled_or_older_than_its_source(tmp_path: Path) -> None:
    sources = [tmp_path / language / "LC_MESSAGES" / "django.po" for language in ("de", "en", "fr")]
    for source in sources:
        source.parent.mkdir(parents=True)
        source.touch()
    for source, age in ((sources[1], 10), (sources[2], -10)):
        compiled = source.with_suffix(".mo")
        compiled.touch()
        moment = source.stat().st_mtime + age
        os.utime(compiled, (moment, moment))

    assert stale_catalogues(tmp_path) == [sources[0], sources[2]]
