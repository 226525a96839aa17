"""Paper forms of a round as a table: each row read and checked before it is kept as a preview."""

from typing import Any

from django.utils.translation import gettext as _

from promotion.web.tables import Table
from staff.access import people_visible_to
from staff.imports.book import Book, Rows
from staff.imports.cells import Cells
from staff.models import Account, Application, ApplicationState, Competition, CompetitionPost, Person
from staff.queries.application import asked_of
from staff.queries.competition import posts_of

CHOICES = ("第一志愿", "第二志愿", "第三志愿")
# The headings before the requirements, which the round asks for.
FORM_HEADINGS = ("工号", "姓名", *CHOICES, "服从调剂", "竞聘陈述")
LONGEST_STATEMENT, LONGEST_WORDS = 2000, 500


def application_book(competition: Competition) -> Book:
    """The columns of a round: the form, then a column for each requirement that one of its posts asks for."""
    asked = [text for _line, text in asked_of(competition, posts_of(competition))]
    return Book(name="报名", headings=(*FORM_HEADINGS, *asked), required=("工号", "第一志愿", "竞聘陈述"))


def read_applications(actor: Account, competition: Competition, table: Table) -> tuple[Rows, Rows]:
    """Forms to hand in, and rows refused with their reasons. Raises Refused for a missing or unknown column."""
    book = application_book(competition)
    book.check(table)
    return book.read(table, Known(actor, competition, table).plan)


class Known:
    """The round and the staff as far as the rows name them; what earlier rows take counts too."""

    def __init__(self, actor: Account, competition: Competition, table: Table) -> None:
        self.actor = actor
        numbers = [row.cells.get("工号", "") for row in table.rows]
        people = people_visible_to(actor).filter(staff_number__in=numbers)
        self.people = {one.staff_number: one for one in people}
        posts = posts_of(competition)
        self.posts = {str(place): post for place, post in enumerate(posts, start=1)}
        self.posts |= {str(post): post for post in posts}
        self.asked = {post.pk: [text for _line, text in asked_of(competition, [post])] for post in posts}
        standing = Application.objects.filter(competition=competition).exclude(
            state=ApplicationState.WITHDRAWN
        )
        self.taken = {each.person_id: str(each.get_state_display()) for each in standing}

    def plan(self, cells: Cells) -> dict[str, Any]:
        """The row as it would be handed in; its reasons tell whether it may be."""
        person = self._person(cells)
        chosen = self._posts(cells)
        asked = list(dict.fromkeys(text for post in chosen for text in self.asked[post.pk]))
        claims = {text: cells.text(text, LONGEST_WORDS) for text in asked}
        if silent := [text for text, words in claims.items() if not words]:
            cells.refuse(_("还有条件没有说明：%(lines)s。") % {"lines": "；".join(silent)})
        return {
            "line": cells.line,
            "person": person.pk if person else None,
            "staff_number": cells.values.get("工号", ""),
            "name": person.name if person else "",
            "posts": [post.pk for post in chosen],
            "wanted": "；".join(str(post) for post in chosen),
            "reassignment": bool(cells.flag("服从调剂")),
            "statement": cells.required("竞聘陈述", LONGEST_STATEMENT),
            "claims": claims,
        }

    def _person(self, cells: Cells) -> Person | None:
        number = cells.required("工号", 20)
        person = self.people.get(number)
        if number and person is None:
            cells.refuse(_("没有工号为 %(number)s 的人员。") % {"number": number})
        if person is None:
            return None
        if cells.values.get("姓名") not in (None, "", person.name):
            words = {"number": number, "name": person.name}
            cells.refuse(_("工号 %(number)s 是%(name)s，与姓名不符。") % words)
        if person.pk == self.actor.person_id:
            cells.refuse(_("自己的报名请自己填写提交，不能代录。"))
        if state := self.taken.get(person.pk):
            words = {"name": person.name, "state": state}
            cells.refuse(_("%(name)s 在这次竞聘中已有报名（%(state)s），不能代录。") % words)
        self.taken[person.pk] = str(_("本表中已有一行"))
        return person

    def _posts(self, cells: Cells) -> list[CompetitionPost]:
        chosen = []
        for heading in CHOICES:
            value = cells.values.get(heading, "")
            post = self.posts.get(value)
            if value and post is None:
                words = {"heading": heading, "value": value}
                cells.refuse(_("%(heading)s“%(value)s”不是这次竞聘的岗位；请填岗位序号或全称。") % words)
            elif post is not None and post in chosen:
                cells.refuse(_("同一个岗位只能填一次志愿。"))
            elif post is not None:
                chosen.append(post)
        if not cells.values.get("第一志愿"):
            cells.refuse(_("%(heading)s是空的。") % {"heading": "第一志愿"})
        return chosen
