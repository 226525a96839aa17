"""A house that holds exactly what a facts file says, so that a run can be compared with a trial of the same facts."""

from datetime import date
from decimal import Decimal
from typing import Any

from kpi import actions
from kpi.actions import InputRow, TargetRow
from kpi.models import AssessmentInput, Run
from kpi.queries.input_sheets import Asked, asked_inputs, columns_for
from kpi.queries.scheme import read_scheme
from kpi.scoring.facts_document import amount, parse_facts
from kpi.scoring.reading import read
from kpi.scoring.trial import Trial, try_out
from projects.models import Project
from staff.models import Account, Person, Role, Team
from tests.factories.projects import make_project, make_recognised, make_share
from tests.factories.staff import make_account, make_team

HOUSE = ("task_force", "stationed")


class House:
    """Builds teams, projects, achievements, targets and inputs from a scheme and a facts file, and calculates the year."""

    def __init__(self, scheme_text: str, facts_text: str, hr: Account, manager: Account) -> None:
        self.hr, self.manager = hr, manager
        draft = actions.draft_scheme(actor=hr, year=2025, text=scheme_text)
        self.version = actions.publish_scheme(actor=manager, scheme=draft)
        scheme = read_scheme(self.version)
        facts = parse_facts(facts_text, scheme)
        self.trial: Trial = try_out(scheme, facts)
        self.documents = read(facts_text).value
        self.accounts: dict[str, Account] = {}
        self.subjects: dict[str, Person | Team] = {
            entry["code"]: self._subject(entry) for entry in self.documents["subjects"]
        }
        self.projects: dict[str, Project] = {}
        self._facts()

    def _subject(self, entry: dict[str, Any]) -> Person | Team:
        code, kind, name = entry["code"], entry["kind"], entry["name"]
        if kind == "officer":
            self.accounts[code] = make_account(Role.OFFICER, team=make_team())
            assert self.accounts[code].person is not None
            return self.accounts[code].person
        if kind not in HOUSE:
            return make_team(code=code, name=name, kind="unit", assessed_as=kind)
        team = make_team(code=code, name=name, kind=kind)
        self.accounts[code] = make_account(Role.OFFICER, team=team)
        return team

    def _facts(self) -> None:
        by_fact: dict[str, list[dict[str, Any]]] = {}
        for line in self.documents.get("credits", ()):
            by_fact.setdefault(line["fact"], []).append(line)
        for fact in self.documents.get("facts", ()):
            held = [line for line in by_fact.get(fact["id"], ()) if line["subject"] in self.accounts]
            if held:
                self._fact(fact, held)

    def _fact(self, fact: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        owner = self.accounts[lines[0]["subject"]]
        name = fact.get("project", fact["id"])
        if name not in self.projects:
            project = self.projects[name] = make_project(
                owner, name=name, reported_on=date(2020, 1, 1), **fact.get("attributes", {})
            )
            for line in lines:
                share = str(line.get("share", "100%")).rstrip("%")
                person = self.accounts[line["subject"]].person
                assert person is not None
                make_share(project, person, int(share), holds_from=date(2020, 1, 1))
        make_recognised(
            self.projects[name],
            owner,
            self.manager,
            kind=fact["kind"],
            happened_on=date.fromisoformat(fact["on"]),
            **_money(fact),
        )

    def give(self) -> list[AssessmentInput]:
        """Set the targets and record everything the scheme asks for; what was recorded waits for a second person."""
        targets = [
            TargetRow(code, Decimal(str(amount)), period=period, **self._who(entry["code"]))
            for entry in self.documents["subjects"]
            for code, given in entry.get("targets", {}).items()
            for period, amount in (given if isinstance(given, dict) else {"year": given}).items()
        ]
        if targets:
            actions.set_targets(actor=self.hr, year=2025, rows=targets)
        rows = [row for entry in self.documents["subjects"] for row in self._rows(entry)]
        for currency, dated in self.documents.get("rates", {}).items():
            rows += [
                InputRow("rate", currency, value=Decimal(str(rate)), holds_from=date.fromisoformat(day))
                for day, rate in dated.items()
            ]
        return actions.record_inputs(actor=self.hr, year=2025, rows=rows) if rows else []

    def _who(self, code: str) -> dict[str, Any]:
        subject = self.subjects[code]
        return {"person": subject} if isinstance(subject, Person) else {"team": subject}

    def _rows(self, entry: dict[str, Any]) -> list[InputRow]:
        who = self._who(entry["code"])
        rows = [
            InputRow("rating", code, part=one["panel"], voter=one["by"], value=_number(one["mark"]), **who)
            for code, ballots in entry.get("ratings", {}).items()
            for one in ballots
        ]
        for code, one in entry.get("choices", {}).items():
            points = Decimal(str(one["points"]))
            rows.append(InputRow("choice", code, value=points, author=one["by"], reason=one["reason"], **who))
        held = entry.get("categories", [])
        if "category" in entry:
            held = [{"from": "2025-01-01", "category": entry["category"]}]
        for one in held:
            day = date.fromisoformat(one["from"])
            rows.append(InputRow("category", option=one["category"], holds_from=day, **who))
        return [*rows, *self._figures(entry, who)]

    def _figures(self, entry: dict[str, Any], who: dict[str, Any]) -> list[InputRow]:
        """Every figure that the product asks for, as the trial has it."""
        asked: Asked = asked_inputs(2025)
        subject = self.subjects[entry["code"]]
        key = ("person" if isinstance(subject, Person) else "team", subject.pk)
        one = next(one for one in asked.subjects if one.key == key)
        rows = []
        for sheet in asked.sheets:
            if sheet.kind != "measure" or sheet.by_project or not asked.concerns(sheet, one):
                continue
            known = self.trial.measured[entry["code"]][sheet.code]
            for column in columns_for(sheet, one):
                value = known[column.part]
                number = value.bands[column.band] if column.band else value.value
                rows.append(
                    InputRow("measure", sheet.code, part=column.part, band=column.band, value=number, **who)
                )
        return rows

    def run(self) -> Run:
        """Calculate the year."""
        found = actions.execute_run(run_id=actions.request_run(actor=None, year=2025).pk)
        assert found is not None
        return found


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _money(fact: dict[str, Any]) -> dict[str, Any]:

    whole = amount(fact.get("amount"))
    if whole is None:
        return {"amount": None, "amount_cny": None, "recognised_amount": None, "recognised_cny": None}
    if "currency" not in fact:
        return {"amount": whole, "amount_cny": whole}
    # Recognised at another rate than the scheme's, so that a test sees which one counts.
    return {
        "amount": whole,
        "amount_cny": whole * 7,
        "recognised_amount": whole,
        "currency": fact["currency"],
        "exchange_rate": Decimal(7),
        "rate_on": date.fromisoformat(fact["on"]),
    }
