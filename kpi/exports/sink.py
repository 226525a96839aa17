"""Where an archive is written to while it is sent."""

import io
from typing import Any


class Sink(io.RawIOBase):
    """Keeps what was written until it is taken; it cannot go back."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        given = bytes(self.held)
        self.held.clear()
        return given
