"""Where things lie: the project, its virtual environment, and the state folder of one running instance."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from promotion.bootstrap.console import Trouble

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# A socket's path has about 100 characters at most, and travels inside URLs.
PLAIN_SOCKET_PATH = re.compile(r"[A-Za-z0-9/_.-]{1,80}")


@dataclass(frozen=True)
class State:
    """The folder that holds everything one instance keeps: data, files, logs, secrets."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        try:
            if not self.root.exists():
                self.root.mkdir(parents=True)
                # Others may pass through, not look in: the database server may have another account.
                self.root.chmod(0o711)
            self.folder("log")
        except OSError as error:
            raise Trouble(
                f"The state folder {self.root} cannot be written ({error.strerror}).\n"
                "Choose another one: STATE_DIR=/path/you/own make run"
            ) from error

    def folder(self, name: str) -> Path:
        """A folder inside the state folder that only its owner may enter."""
        path = self.root / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    def socket_folder(self, name: str) -> Path:
        """Beside the data when that path is short and plain enough, else in the system's temporary folder."""
        path = self.root / name
        if not PLAIN_SOCKET_PATH.fullmatch(str(path)):
            path = Path(tempfile.gettempdir()) / f"wuhua-{os.geteuid()}-{self.digest}-{name}"
        path.mkdir(mode=0o700, exist_ok=True)
        if path.stat().st_mode & 0o077:
            raise Trouble(f"{path} is open to others, so somebody else made it. Remove it, then try again.")
        return path

    @property
    def digest(self) -> str:
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:12]


def state_from_environment() -> State:
    chosen = os.environ.get("STATE_DIR", "").strip()
    return State(Path(chosen).expanduser().absolute() if chosen else ROOT / "var")


def passable_by_others(path: Path) -> bool:
    """Whether another account can walk down to this path: every existing folder on the way lets it pass."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents) if step.exists())
