"""A document as plain values, and what is wrong with it: path, line, and a sentence."""

from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemeError:
    """One fault: where (`indicators[2].rule.points`), the line (0: unknown), and a sentence in Chinese."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"第 {self.line} 行 " if self.line else ""
        return f"{place}{self.path or '文件'}：{self.message}"


class InvalidDocument(ValueError):
    """The document cannot be used; `errors` says why, entry by entry."""

    def __init__(self, errors: list[SchemeError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


@dataclass(slots=True)
class Reading:
    """A document as plain values, with the line on which each entry begins."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def error(self, path: Path, message: str) -> SchemeError:
        """The error at a path; the line is that of the nearest entry that exists."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return SchemeError(dotted(path), self.lines.get(known, 0), message)


def dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
