"""The address to listen on, refused with a remedy before anything is started."""

import errno
import os
import socket
from dataclasses import dataclass

from promotion.bootstrap.console import Trouble
from promotion.bootstrap.daemons import reachable

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{reachable(self.host)}:{self.port}/"

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK


def chosen_address() -> Address:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Trouble(
            f"PORT={text} is not a port number: choose one between 1 and 65535, for example PORT=8000."
        )
    return Address(os.environ.get("HOST", "").strip() or "127.0.0.1", int(text))


def refuse_busy_port(address: Address) -> None:
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
            probe.listen(1)
    except OSError as error:
        raise Trouble(explanation(address, error)) from error


def explanation(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return (
            f"Port {address.port} on {address.host} is in use by another program.\n"
            f"Choose another one: PORT={other} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {address.port} needs special rights, as those below 1024 do: PORT=8000 make run"
    return (
        f"Cannot listen on {address.host}:{address.port}: {error.strerror}.\n"
        "Check HOST, or leave it out for 127.0.0.1."
    )
