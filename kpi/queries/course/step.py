"""A step of the year's course (年度进程), as each subject tells its own."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Progress(StrEnum):
    """How far a step is: done, being done (or waiting for somebody), or not begun."""

    DONE = "done"
    OPEN = "open"
    AHEAD = "ahead"

    @property
    def label(self) -> str:
        return str(PROGRESS_WORDS[self])

    @property
    def tone(self) -> str:
        return {"done": "done", "open": "attention", "ahead": "plain"}[self.value]


PROGRESS_WORDS = {Progress.DONE: _("已完成"), Progress.OPEN: _("进行中"), Progress.AHEAD: _("未开始")}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, how far it is, the figures that say so, and the page where it is done ("": nobody's page)."""

    code: str
    title: str
    progress: Progress
    detail: str
    url: str = ""
