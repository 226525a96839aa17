"""The inputs of the demo year: a version of its scheme that asks for them, recorded and confirmed, with a few that wait."""

import re
from dataclasses import replace
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from kpi import actions
from kpi.queries.input_sheets import asked_inputs
from staff.models import Account, Person, Team

# A second version of this year's scheme asks for what people give; it is reported beside the score, which stays the same.
INPUTS = """
  - code: review
    title: 民主测评
    clause: 第十一条
    report_only: true
    applies_to: [officers]
    measures: {}
    rule:
      kind: rating
      rating: review
      title: 民主测评
      panels:
        - {panel: colleagues, title: 同事, weight: "60%", expected: 3, drop_highest: 1, drop_lowest: 1}
        - {panel: leaders, title: 分管领导, weight: "40%", expected: 1}
      missing: skip
      scale: 100
      points: 100

  - code: visits
    title: 外出招商
    clause: 第十一条
    report_only: true
    applies_to: [teams]
    measures:
      visits: {title: 外出招商, unit: 次}
    rule: {kind: amount, of: visits}

  - code: conduct
    title: 作风建设
    clause: 第十一条
    report_only: true
    applies_to: [teams]
    measures: {}
    rule: {kind: choice, choice: conduct, title: 作风建设, from: 0, to: 5}

grades:
  - {title: 优秀, first: 3}
  - {title: 称职}

gates:
  - code: falsified
    title: 弄虚作假
    clause: 第十六条
    measures:
      falsified:
        title: 弄虚作假
        facts: [incident]
        aggregate: count
        unit: 次
        where: [{attribute: reason, operator: eq, value: falsified}]
    if: {of: falsified, operator: gt, than: 0}
    bars: all
    card: 黄牌
    grade: {at_most: 称职}

awards:
"""
ASSUMED = """
  - 民主测评、外出招商和作风建设只通报、不计入总分，等次取各组前三名为优秀，均为演示设定，案例未作规定。

rounding:"""
TALLY = "民主测评汇总（演示）。同事三票、分管领导一票，原始票存人事。"


def give_inputs(*, hr: Account, manager: Account, year: int, text: str) -> None:
    """Publish the version that asks for inputs, record them, and confirm all but a few that wait."""
    text = text.replace("\n\nrounding:", ASSUMED, 1).replace("\nawards:\n", INPUTS, 1)
    draft = actions.draft_scheme(actor=hr, year=year, text=text)
    actions.publish_scheme(actor=manager, scheme=draft)
    asked = asked_inputs(year)
    people = Person.objects.in_bulk([one.person_id for one in asked.subjects if one.person_id])
    teams = Team.objects.in_bulk([one.team_id for one in asked.subjects if one.team_id])
    marks = [row for person in people.values() for row in marks_of(person)]
    tally = SimpleUploadedFile("民主测评汇总.txt", TALLY.encode())
    given = actions.record_inputs(actor=hr, year=year, rows=marks, paper=tally)
    rest = [row for team in teams.values() for row in figures_of(team)]
    given += actions.record_inputs(actor=hr, year=year, rows=rest)
    actions.confirm_inputs(actor=manager, inputs=given)
    corrected = [replace(row, value=row.value - 2) for row in rest[:6] if row.kind == "measure" and row.value]
    actions.record_inputs(actor=hr, year=year, rows=corrected)


def marks_of(person: Person) -> list[actions.InputRow]:
    """Three colleagues and a manager mark everybody, a little differently each."""
    number = int(re.sub(r"\D", "", person.staff_number) or 0)
    voters = (("colleagues", "同事甲", 82), ("colleagues", "同事乙", 85), ("colleagues", "同事丙", 79))
    return [
        actions.InputRow(
            "rating",
            "review",
            person=person,
            part=panel,
            voter=voter,
            value=Decimal(least + number * step % 14),
        )
        for step, (panel, voter, least) in enumerate((*voters, ("leaders", "分管领导", 84)), start=3)
    ]


def figures_of(team: Team) -> list[actions.InputRow]:
    """How often a team went out, and the points for its conduct with who gave them and why."""
    reason = "例会、台账和廉洁纪律检查均达标"
    return [
        actions.InputRow("measure", "visits", team=team, part="visits", value=Decimal(12 + team.pk * 5 % 17)),
        actions.InputRow(
            "choice", "conduct", team=team, value=Decimal(4), author="考核组（演示）", reason=reason
        ),
    ]
