"""Languages as people write them in one cell: 日语（翻译）、英语. Pure; words of the roster's format, the same in every language."""

import re

# From the least to the most; a language without a word has no level stated.
LEVELS = ("unstated", "basic", "working", "fluent", "translator")
WORDS = {"basic": "基础", "working": "可交流", "fluent": "熟练", "translator": "翻译"}
_CODES = {word: code for code, word in WORDS.items()}
_PART = re.compile(r"([^（）()]+?)\s*(?:[（(]\s*([^（）()]*?)\s*[）)])?")

Spoken = tuple[str, str]


def read_languages(text: str) -> list[Spoken]:
    """(language, level) in the order written. Raises ValueError with the part that is no language with a level."""
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in re.split(r"[、，,；;/\s]+", text.strip()))):
        match = _PART.fullmatch(part)
        level = _CODES.get(match[2] or "", "" if match[2] else "unstated") if match else ""
        if match is None or not level or len(match[1]) > 30 or match[1] in found:
            raise ValueError(part)
        found[match[1]] = level
    return list(found.items())


def written(spoken: list[Spoken]) -> str:
    """One cell, the best spoken first."""
    ordered = sorted(spoken, key=lambda each: (-LEVELS.index(each[1]), each[0]))
    return "、".join(f"{name}（{WORDS[level]}）" if level in WORDS else name for name, level in ordered)


def with_known_levels(text: str, known: str) -> str:
    """The text in the form that is kept; a language without a level keeps the one that is known of it."""
    levels = dict(read_languages(known))
    spoken = [
        (name, levels.get(name, level) if level == "unstated" else level)
        for name, level in read_languages(text)
    ]
    return written(spoken)
