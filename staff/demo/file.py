"""The staff file of the demo: contracts of everybody, some that end soon, a secondment, days away, leavers, sealed archives."""

from datetime import date, timedelta

from promotion.sealing import sealing_keys
from staff.actions import (
    add_person,
    appoint_person,
    confirm_probation,
    draft_contract,
    sign_contract,
)
from staff.actions.absence import write_absence
from staff.actions.departure import finish_departure, open_departure
from staff.actions.move import second_person
from staff.actions.sealed import open_sealed, write_sealed
from staff.models import Account, Appointment, Contract, Grade, Person, Team

# Every so many people have a contract of three years instead of five, which ends soon.
SHORT = 12
NEW = (
    ("ZS901", "许明溪（演示）", "LL2"),
    ("ZS902", "叶书航（演示）", "LL3"),
    ("ZS903", "姚景知（演示）", "LL1"),
)
ARCHIVED = (
    ("post", "原任科员，四级主任科员待遇"),
    ("wage", "档案工资按事业单位岗位绩效工资十一级、薪级二十三级记载"),
    ("administration", "人事档案存区委组织部，身份为事业编制"),
)
AWAY = (
    ("ZS010", "sick", -9, 6),
    ("ZS021", "maternity", -40, 58),
    ("ZS033", "study", -80, -50),
    ("ZS045", "posted", 10, 100),
)


def fill_staff_file(*, hr: Account, today: date) -> str:
    """Everything through actions; gives the line to show."""
    people = list(Person.objects.filter(staff_number__startswith="ZS").order_by("staff_number"))
    for place, person in enumerate(people):
        _engage(hr, person, years=3 if place % SHORT == 4 else 5)
    _renew_two(hr)
    _newcomers(hr, today)
    named = {person.staff_number: person for person in people}
    for staff_number, kind, start, end in AWAY:
        if staff_number in named:
            days = (today + timedelta(days=start), today + timedelta(days=end))
            write_absence(actor=hr, person=named[staff_number], kind=kind, starts_on=days[0], ends_on=days[1])
    _lend(hr, named, today)
    sealed = _seal(hr, people[4:12])
    return f"{Contract.objects.count()} contracts, {sealed} sealed records"


def _engage(hr: Account, person: Person, *, years: int) -> None:
    post = Appointment.objects.filter(person=person).select_related("team").order_by("starts_on").first()
    if post is None:
        return
    start = post.starts_on
    contract = draft_contract(
        actor=hr,
        person=person,
        team=post.team,
        grade=post.grade,
        starts_on=start,
        ends_on=date(start.year + years, start.month, start.day),
    )
    sign_contract(actor=hr, contract=contract, signed_on=start - timedelta(days=12))


def _renew_two(hr: Account) -> None:
    """Two of those that end soon are drafted anew already."""
    for contract in Contract.objects.order_by("ends_on", "pk").select_related("person", "team")[:2]:
        if contract.ends_on is not None:
            draft_contract(
                actor=hr,
                person=contract.person,
                team=contract.team,
                grade=contract.grade,
                starts_on=contract.ends_on,
                ends_on=date(contract.ends_on.year + 3, contract.ends_on.month, contract.ends_on.day),
                body_name="bureau",
                renews=contract,
            )


def _newcomers(hr: Account, today: date) -> None:
    """One on probation, one who left in spring, one who leaves soon; none of them holds a project."""
    joined = (today - timedelta(days=57), today - timedelta(days=500), today - timedelta(days=430))
    people = []
    for (number, name, code), day in zip(NEW, joined, strict=True):
        person = add_person(actor=hr, staff_number=number, name=name, joined_on=day, is_demo=True)
        team = Team.objects.get(code=code)
        appoint_person(actor=hr, person=person, team=team, grade=Grade.SECOND, starts_on=day)
        contract = draft_contract(
            actor=hr,
            person=person,
            team=team,
            grade=Grade.SECOND,
            starts_on=day,
            ends_on=date(day.year + 3, day.month, min(day.day, 28)),
            probation_until=day + timedelta(days=90),
        )
        sign_contract(actor=hr, contract=contract, signed_on=day)
        if day + timedelta(days=90) < today:
            confirm_probation(actor=hr, contract=contract, passed_on=day + timedelta(days=89))
        people.append(person)
    left = open_departure(
        actor=hr, person=people[1], kind="resigned", ends_on=today - timedelta(days=200), reason="回原籍工作"
    )
    finish_departure(actor=hr, departure=left)
    open_departure(
        actor=hr,
        person=people[2],
        kind="transferred",
        ends_on=today + timedelta(days=34),
        reason="调入区商务局",
    )


def _lend(hr: Account, named: dict[str, Person], today: date) -> None:
    person, office = named.get("ZS016"), Team.objects.filter(code="LL1").first()
    if person is not None and office is not None:
        second_person(
            actor=hr,
            person=person,
            team=office,
            starts_on=today - timedelta(days=6),
            ends_on=today + timedelta(days=118),
            reason="加强驻上海联络处",
        )


def _seal(hr: Account, people: list[Person]) -> int:
    """What some were before the reform; nothing without a key."""
    if not sealing_keys():
        return 0
    count = 0
    for person in people:
        for subject, text in ARCHIVED:
            record = write_sealed(
                actor=hr, person=person, subject=subject, text=text, starts_on=person.joined_on
            )
            count += 1
            if person == people[0] and subject == "wage":
                open_sealed(actor=hr, sealed=record, reason="核对退休待遇，依据本人申请（演示）")
    return count
