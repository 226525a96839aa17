"""Chinese names made findable: pinyin, initials, and one- and two-character grams for substring search.

The database has no Chinese collation and no trigram for two characters, so these are stored columns.
"""

import unicodedata

from pypinyin import Style, lazy_pinyin

# Characters that are read otherwise when they are a family name.
FAMILY_READINGS = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "任": "ren", "盖": "ge", "种": "chong",
    "乐": "yue", "覃": "qin", "朴": "piao", "缪": "miao", "冼": "xian", "华": "hua", "尉": "wei", "翟": "zhai", "卜": "bu",
}  # fmt: skip


def fold(text: str) -> str:
    """Full-width to half-width, lower case, no white space: how names are compared."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def pinyin(text: str) -> str:
    """The text read aloud without tones: 招商 → zhaoshang."""
    return "".join(lazy_pinyin(fold(text)))[:200]


def initials(text: str) -> str:
    """First letters of the reading: 招商 → zs."""
    return "".join(lazy_pinyin(fold(text), style=Style.FIRST_LETTER))[:80]


def spelt_reading(reading: str) -> tuple[str, str]:
    """Pinyin and initials of a reading that somebody spelt syllable by syllable: “chong qing” → chongqing, cq."""
    syllables = "".join(
        c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", reading).lower()
    ).split()
    return "".join(syllables)[:200], "".join(syllable[0] for syllable in syllables)[:80]


def person_pinyin(name: str) -> str:
    """A person's name read aloud, the family name as a family name: 曾一 → zengyi."""
    reading = FAMILY_READINGS.get(name[:1])
    return pinyin(name) if reading is None else (reading + pinyin(name[1:]))[:200]


def person_initials(name: str) -> str:
    """First letters of a person's name: 曾一 → zy."""
    reading = FAMILY_READINGS.get(name[:1])
    return initials(name) if reading is None else (reading[0] + initials(name[1:]))[:80]


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbours, for a GIN index over arrays."""
    folded = fold(text)
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    return sorted(set(folded) | pairs)


def query_grams(text: str) -> list[str]:
    """The grams that a name must have to contain the searched text (its pairs, or its one character)."""
    folded = fold(text)
    if len(folded) < 2:
        return [folded] if folded else []
    return sorted({folded[i : i + 2] for i in range(len(folded) - 1)})
