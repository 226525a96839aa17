"""The browser of the browser tests: found, or installed where that is ours to do, or plainly missing."""

import os
import shutil
from pathlib import Path

from promotion.bootstrap import processes
from promotion.bootstrap.console import say, shown
from promotion.bootstrap.environment import child_environment
from promotion.bootstrap.paths import State

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str:
    """BROWSER_PATH wins, even when it is empty: that leaves the browser tests out."""
    if "BROWSER_PATH" in os.environ:
        return os.environ["BROWSER_PATH"]
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (path for path in APPLICATIONS if Path(path).exists())
    return next((found for found in (*on_path, *in_place) if found), "")


def find_or_install(state: State) -> str:
    found = find()
    if not found and "BROWSER_PATH" not in os.environ and can_install():
        install(state)
        found = find()
    if not found:
        say("No Chromium or Chrome here: the browser tests are left out (BROWSER_PATH names one)")
    return found


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(state: State) -> None:
    say("Installing Chromium for the browser tests")
    log = state.log("browser")
    environment = child_environment(DEBIAN_FRONTEND="noninteractive")
    commands = (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES],
    )
    if any(processes.run(command, environment=environment, log=log) for command in commands):
        say(f"Chromium could not be installed (see {shown(log)})")
