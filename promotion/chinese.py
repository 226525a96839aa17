"""Chinese names made findable: pinyin, initials, and one- and two-character grams for substring search.

The database has no Chinese collation and no trigram for two characters, so these are stored columns.
"""

import unicodedata

from pypinyin import Style, lazy_pinyin


def fold(text: str) -> str:
    """Full-width to half-width, lower case, no white space: how names are compared."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def pinyin(text: str) -> str:
    """The text read aloud without tones: 招商 → zhaoshang."""
    return "".join(lazy_pinyin(fold(text)))[:200]


def initials(text: str) -> str:
    """First letters of the reading: 招商 → zs."""
    return "".join(lazy_pinyin(fold(text), style=Style.FIRST_LETTER))[:80]


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
