"""Two rounds of the demo: the one that gave everybody the present post, kept as history, and one that is open now."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from staff.actions import add_person
from staff.actions.application import ClaimLine, save_application, submit_application
from staff.actions.competition import CriterionLine, PostLine, announce_competition, draft_competition
from staff.actions.eligibility import check_claim, decide_eligibility
from staff.actions.round_history import PastCandidate, PastSession, keep_past_round
from staff.models import Account, Appointment, Competition, Grade, Person, Team
from staff.queries.application import asked_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
CRITERIA = (
    CriterionLine("产业与政策", Decimal(30), "熟悉产业政策和产业知识"),
    CriterionLine("沟通与谈判", Decimal(30), "外联沟通和商务谈判能力"),
    CriterionLine("组织协调", Decimal(20), "组织协调和团队合作能力"),
    CriterionLine("岗位设想", Decimal(20), "对所报岗位的理解和打算"),
)
NOTICE = (
    "打破原行政职务，实行全岗竞聘。所有招商岗位面向管委会全体工作人员公开招聘、重新竞争上岗，不限编制、身份、年龄和资历；"
    "只要对招商有热情，都可以报名。由专项考核组通过面试答辩择优选聘。"
)
SAYS = (
    "在园区做过五年企业服务，熟悉产业链上下游，愿意到一线招商。",
    "做过两年科技项目申报，和高校、院所有联系，能跟企业谈技术。",
    "负责过规划建设和审批，知道项目落地的每一步，能少走弯路。",
    "对招商有热情，肯跑、肯学，外语可以用于谈判。",
)
# How many applied in the past round without getting a post, and how many a session heard.
OTHERS, A_SESSION = 12, 15
LANGUAGES = {"LL4": "日语", "LL5": "韩语", "LL6": "英语"}


def tell_rounds(accounts: Mapping[str, Account], today: date) -> None:
    """The past round with about 120 applicants, and the open one with a few."""
    _past(accounts)
    _open(accounts, today)


def _past(accounts: Mapping[str, Account]) -> None:
    held = list(
        Appointment.objects.filter(ends_on=None)
        .select_related("team", "person")
        .order_by("team__position", "person__staff_number")
    )
    start = min(each.starts_on for each in held)
    keys = list(dict.fromkeys(_post_key(each) for each in held))
    teams = {each.team.code: each.team for each in held}
    posts = [
        PostLine(
            teams[code],
            grade,
            sum(_post_key(each) == (code, grade, leads) for each in held),
            LANGUAGES.get(code, ""),
            leads,
        )
        for code, grade, leads in keys
    ]
    chance = random.Random(20_211_110)  # noqa: S311 demo data, not secrets
    candidates = [
        PastCandidate(
            each.person, (keys.index(_post_key(each)),), _points(chance, 70, 94), each, chance.choice(SAYS)
        )
        for each in held
    ]
    seconds = [place for place, post in enumerate(posts) if post.grade == Grade.SECOND]
    candidates += [
        PastCandidate(person, (chance.choice(seconds),), _points(chance, 52, 68), None, chance.choice(SAYS))
        for person in _others(accounts["admin"], start)
    ]
    chance.shuffle(candidates)
    keep_past_round(
        actor=accounts["hr"],
        announcer=accounts["manager"],
        terms=round_terms(
            f"{start.year}年全岗竞聘",
            _moment(start - timedelta(days=70), 9),
            _moment(start - timedelta(days=56), 18),
            start,
        ),
        posts=posts,
        criteria=CRITERIA,
        judges=[accounts[key] for key in ("manager", "deputy", "hr", "admin", "staff")],
        sessions=_sessions(candidates, start - timedelta(days=42)),
        is_demo=True,
    )


def _post_key(post: Appointment) -> tuple[str, str, bool]:
    return post.team.code, post.grade, post.is_leader


def _points(chance: random.Random, low: int, high: int) -> tuple[tuple[Decimal, ...], ...]:
    """Five judges around one level, four criteria each."""
    level = chance.randint(low, high)
    return tuple(
        tuple(Decimal(min(100, max(0, level + chance.randint(-4, 4)))) for _criterion in CRITERIA)
        for _judge in range(5)
    )


def _others(administrator: Account, start: date) -> list[Person]:
    """Members of the committee who applied and got no post."""
    surnames, given = "顾钱孟乔龚薛", ("之远", "明哲")
    return [
        add_person(
            actor=administrator,
            staff_number=f"JG{number:03}",
            name=f"{surnames[number % 6]}{given[number // 6]}",
            joined_on=date(start.year - 2, 3, 1),
            is_demo=True,
        )
        for number in range(OTHERS)
    ]


def _sessions(candidates: Sequence[PastCandidate], first_day: date) -> list[PastSession]:
    parts = [candidates[at : at + A_SESSION] for at in range(0, len(candidates), A_SESSION)]
    return [
        PastSession("管委会一号会议室", _moment(first_day + timedelta(days=place), 9), tuple(part))
        for place, part in enumerate(parts)
    ]


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def round_terms(name: str, opens_at: datetime, closes_at: datetime, appoint_on: date) -> dict[str, Any]:
    """The terms of a round of the demo."""
    return {
        "name": name,
        "notice": NOTICE,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "requirements_on": opens_at.date(),
        "appoint_on": appoint_on,
        "trim": 1,
        "least_judges": 5,
    }


def _open(accounts: Mapping[str, Account], today: date) -> None:
    """A smaller round for three posts: some applications wait for HR, one is checked, one is a draft."""
    teams = Team.objects.in_bulk(["GJ3", "LL4", "GJ6"], field_name="code")
    terms = round_terms(
        f"{today.year}年补充竞聘",
        timezone.now() - timedelta(days=3),
        timezone.now() + timedelta(days=9),
        today + timedelta(days=60),
    )
    draft = draft_competition(
        actor=accounts["hr"],
        terms=terms | {"replaces_all": False},
        posts=[
            PostLine(teams["GJ3"], Grade.FIRST, 2),
            PostLine(teams["LL4"], Grade.SECOND, 1, "日语"),
            PostLine(teams["GJ6"], Grade.SECOND, 2),
        ],
        criteria=CRITERIA,
        is_demo=True,
    )
    competition = announce_competition(actor=accounts["manager"], competition=draft)
    applicants = list(
        Account.objects.filter(role="officer", person__isnull=False, is_active=True).order_by("pk")[10:70:10]
    )
    for place, account in enumerate([accounts["staff"], *applicants]):
        _apply(accounts["hr"], account, competition, place)


def _apply(hr: Account, account: Account, competition: Competition, place: int) -> None:
    posts = list(competition.posts.order_by("position"))
    chosen = [posts[place % 3], posts[(place + 1) % 3]]
    claims = {text: ClaimLine(SAYS[place % 4]) for _line, text in asked_of(competition, chosen)}
    application = save_application(
        actor=account,
        competition=competition,
        posts=chosen,
        statement=SAYS[place % 4],
        accepts_reassignment=place % 2 == 0,
        claims=claims,
    )
    if place == 0:
        return
    submit_application(actor=account, application=application)
    if place == 1:
        for claim in application.claims.all():
            check_claim(actor=hr, claim=claim, met=True)
        decide_eligibility(actor=hr, application=application, eligible=True)
