"""A check before a year is closed (关账检查), as each subject tells its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`open`: how many matters are open, 0 when it passes. What is `blocking` must be done first; other open checks are named
    when the year is closed and kept with the seal. `url`: where it is done ("": nowhere).
    """

    code: str
    title: str
    open: int
    sentence: str
    url: str = ""
    blocking: bool = True

    @property
    def passes(self) -> bool:
        return not self.open

    @property
    def stops(self) -> bool:
        return bool(self.open) and self.blocking
