"""Colleagues named by @: who a text means, who may be named on a project, and what waits to be noted."""

import re
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, StrIndex

from projects.access import projects_visible_to
from projects.models import Mention, Project
from promotion.chinese import fold
from staff.models import Account, Role

# An @ that begins a name: not inside an address such as a@b.cn.
SIGN = r"(?<![0-9A-Za-z._-])@"
UNKNOWN = re.compile(SIGN + r"([一-鿿]{2,3})")
SUGGESTED = 8


def sees(account: Account, project: Project) -> bool:
    """Whether this account may see the project: only then may it be named there."""
    return projects_visible_to(account).filter(pk=project.pk).exists()


def colleagues() -> QuerySet[Account]:
    """Everybody who can be named."""
    return Account.objects.filter(is_active=True).exclude(role=Role.API_CLIENT).select_related("person")


def named_in(text: str) -> tuple[dict[str, list[Account]], list[str]]:
    """The names behind an @ with the accounts that bear them, and the words behind an @ that nobody bears; one query.

    A number in brackets behind the name (@张伟（ZS012）) tells namesakes apart.
    """
    if "@" not in text:
        return {}, []
    bearers: dict[str, list[Account]] = defaultdict(list)
    wanted = colleagues().annotate(place=StrIndex(Value(text), Concat(Value("@"), F("display_name"))))
    for account in wanted.filter(place__gt=0).order_by("pk"):
        bearers[account.display_name].append(account)
    found: dict[str, list[Account]] = {}
    rest = text
    if bearers:
        names = "|".join(re.escape(name) for name in sorted(bearers, key=len, reverse=True))
        pattern = re.compile(rf"{SIGN}({names})(?:[（(]([0-9A-Za-z-]+)[）)])?")
        for match in pattern.finditer(text):
            name, number = match.groups()
            found[match.group()[1:]] = [
                one for one in bearers[name] if not number or _number(one) == number.upper()
            ]
        rest = pattern.sub("", text)
    return found, UNKNOWN.findall(rest)


def _number(account: Account) -> str:
    return account.person.staff_number.upper() if account.person else account.username.upper()


def suggestions(project: Project, typed: str) -> list[tuple[Account, str]]:
    """Who may be named on the project and is meant by what was typed (name, pinyin, initials), with what to insert."""
    wanted = fold(typed)
    reading = Q(person__pinyin__startswith=wanted) | Q(person__initials__startswith=wanted)
    meant = Q(display_name__icontains=typed.strip()) | reading if wanted else Q(person__projects=project)
    near = colleagues().filter(meant).distinct().order_by("person__pinyin", "pk")[: SUGGESTED * 2]
    seen = [account for account in near if sees(account, project)][:SUGGESTED]
    names = [account.display_name for account in seen]
    return [
        (
            one,
            f"{one.display_name}（{_number(one)}）"
            if names.count(one.display_name) > 1
            else one.display_name,
        )
        for one in seen
    ]


def unseen_mentions(actor: Account) -> QuerySet[Mention]:
    """Where the actor was named and has not taken note yet, in projects that are still to be seen."""
    return (
        Mention.objects.filter(
            account=actor, seen_at=None, follow_up__project__in=projects_visible_to(actor).values("pk")
        )
        .select_related("follow_up__project", "follow_up__written_by")
        .order_by("-pk")
    )


def names_of(mentions: Sequence[Mention]) -> list[str]:
    """How the named colleagues are called in a text, the longest first."""
    return sorted({one.account.display_name for one in mentions}, key=len, reverse=True)
