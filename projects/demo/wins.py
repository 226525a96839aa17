"""Wins from higher authorities over the demo years."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from projects.actions.history_records import PastAchievement
from projects.demo.papers import filed
from projects.demo.plan import Cast


def plan_wins(cast: Cast, today: date) -> Iterator[PastAchievement]:
    """Wins from higher authorities (对上争取), credited to the officer who brought them; some eighty a year."""
    chance = random.Random(3_202_611)  # noqa: S311 demo data, not secrets
    everybody = [pair for members in cast.officers.values() for pair in members]
    titles = {"national": "国家级专项资金", "provincial": "省级重大项目清单", "city": "市级产业扶持资金"}
    for year in (today.year - 2, today.year - 1, today.year):
        for _ in range(90):
            when = date(year, chance.randint(1, 12), chance.randint(1, 28))
            if when >= today - timedelta(15):
                continue
            person, account = chance.choice(everybody)
            level = chance.choices(list(titles), (0.3, 1, 8))[0]
            yield PastAchievement(
                "win",
                when,
                account,
                title=titles[level],
                level=level,
                person=person,
                decided_by=chance.choice(cast.managers),
                decided_on=when + timedelta(5),
                evidence=filed("win", 0, when, chance.randint(1, 10_000)),
            )
