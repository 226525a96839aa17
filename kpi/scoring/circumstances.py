"""What is known of a subject beside its facts (情况): for awards and their exceptions, never for points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

#: How identities are called in sentences.
IDENTITIES: Mapping[str, str] = {
    "civil_servant": "公务员编制",
    "public_institution": "事业编制",
    "enterprise": "企业性质",
    "contract": "合同聘用",
}
#: How classes of projects are called in sentences, the lowest first.
CLASSES: Mapping[str, str] = {"ordinary": "一般", "major": "重大", "strategic": "重特大"}
#: Reasons for being away that an exception may name.
AWAY: Mapping[str, str] = {
    "sick": "病假",
    "maternity": "产假",
    "posted": "外派",
    "study": "学习",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`identity` as recorded; `months` in post, whole ones, None when that is not known; days `away` in the year by reason and days
    `seconded` in it; years in which an award was `won`, by its code, as people decided them; by class, the year of signing of each
    project `introduced`, whatever the share."""

    identity: str = ""
    months: int | None = None
    away: Mapping[str, int] = field(default_factory=dict)
    seconded: int = 0
    won: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    introduced: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


NOTHING_KNOWN = Circumstances()


def whole_months(since: date, until: date) -> int:
    """How many whole months lie between two days: 31 January to 28 February is none, to 1 March one."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return max(months - (until.day < since.day), 0)


def days_within(spans: Iterable[tuple[date, date | None]], begins: date, ends: date) -> int:
    """How many days of half-open spans lie in [begins, ends); one without an end goes on."""
    found = 0
    for since, until in spans:
        last = ends if until is None else min(until, ends)
        found += max((last - max(since, begins)).days, 0)
    return found


def in_post_since(posts: Iterable[tuple[date, date | None]]) -> date | None:
    """Since when somebody holds posts without a gap, the last of them included; None without a post."""
    since: date | None = None
    ended: date | None = None
    for begins, ends in sorted(posts, key=lambda post: post[0]):
        if since is None or (ended is not None and begins > ended):
            since, ended = begins, ends
        elif ended is not None:
            ended = None if ends is None else max(ended, ends)
    return since
