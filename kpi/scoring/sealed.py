"""A sealed year as the calculation reads it: rows of its files in, scheme, lines, targets and inputs out.

The product reads the same from its database (`kpi/queries`); this is for whoever has only the files (the auditor's bundle). Rows are
given, so that nothing here opens a file.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from kpi.scoring.building import scheme_of
from kpi.scoring.entries import Reading
from kpi.scoring.facts import AttributeValue, Ballot, Choice, CreditLine, Fact
from kpi.scoring.periods import target_key
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.scheme import Measure, Scheme, in_unit

Row = Mapping[str, str]
Lines = dict[str, list[CreditLine]]
TEXTS = ("industry", "project_class", "capital_source", "channel", "park", "level", "reason")


class Files(Protocol):
    """What a sealed year is read from."""

    about: dict[str, Any]

    def json(self, name: str) -> Any: ...

    def rows(self, name: str) -> Iterable[Row]: ...


class SealedYear:
    """Everything the calculation reads, as the scoring package wants it."""

    def __init__(self, archive: Files) -> None:
        self.archive, self.about = archive, archive.about
        self.until = date.fromisoformat(self.about["as_of"])
        self.scheme = self._as_recorded(scheme_of(Reading(archive.json("scheme.json"))))
        self.lines = self._lines("sealed/ledger.csv")
        self.earlier: Lines = defaultdict(list)
        self.converted: Lines
        self.earlier_converted: Lines
        for year in self.about["earlier_years"]:
            for subject, own in self._lines(f"earlier/ledger-{year}.csv").items():
                self.earlier[subject] += own
        self.converted, self.earlier_converted, self.lacking = self.lines, self.earlier, frozenset[str]()
        self._inputs()
        self._name_investors()
        if self.scheme.exchange is not None:
            self._convert()
        self.targets = self._targets()

    def counts(self, one: Measure) -> bool:
        """Whether the product counts the measure itself; another one is reported by people."""
        asked = {condition.attribute for condition in one.where}
        known = set(one.kinds) <= set(self.about["kinds"]) and asked <= set(self.about["attributes"])
        return bool(one.kinds) and known and one.field in self.about["amounts"]

    def _as_recorded(self, scheme: Scheme) -> Scheme:
        def recorded(owner: Any) -> Any:
            measures = {
                code: one if not one.kinds or self.counts(one) else replace(one, kinds=())
                for code, one in owner.measures.items()
            }
            return replace(owner, measures=measures)

        return replace(
            scheme,
            indicators=tuple(recorded(one) for one in scheme.indicators),
            gates=tuple(recorded(one) for one in scheme.gates),
        )

    def _lines(self, name: str) -> Lines:
        """The lines that no later one reverses, up to the day, for each person and each ranked team."""
        reversed_lines = {row["reverses"] for row in self.archive.rows(name) if row["reverses"]}
        by_fact: dict[str, list[Row]] = defaultdict(list)
        for row in self.archive.rows(name):
            if row["reverses"] or row["id"] in reversed_lines or row["happened_on"] > self.about["as_of"]:
                continue
            by_fact[row["fact"]].append(row)
        found: Lines = defaultdict(list)
        for number in sorted(by_fact, key=int):
            for subject, own in self._subjects(by_fact[number]).items():
                fact = fact_of(own)
                found[subject] += [
                    CreditLine(fact, subject, row["role"], Decimal(row["share"])) for row in own
                ]
        return found

    def _subjects(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        own: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            own[f"person:{row['person']}"].append(row)
            if row["ranked_team"]:
                own[f"team:{row['ranked_team']}"].append(row)
        return own

    def _inputs(self) -> None:
        """Confirmed inputs; categories and rates of earlier years hold on until newer ones do."""
        self.ballots: dict[str, dict[str, list[Ballot]]] = defaultdict(lambda: defaultdict(list))
        self.choices: dict[str, dict[str, Choice]] = defaultdict(dict)
        self.held: dict[str, dict[date, str]] = defaultdict(dict)
        self.rates: dict[str, dict[date, Decimal]] = defaultdict(dict)
        self.reported: Any = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(dict))))
        for name in ("earlier/inputs.csv", "sealed/inputs.csv"):
            for row in self.archive.rows(name):
                begins = row["holds_from"]
                if row["state"] == "confirmed" and (not begins or begins <= self.about["as_of"]):
                    self._input(row, Decimal(row["value"]) if row["value"] else None)

    def _input(self, row: Row, value: Decimal | None) -> None:
        subject, code = row["subject"], row["code"]
        match row["kind"]:
            case "rating":
                self.ballots[subject][code].append(Ballot(row["part"], row["voter"], value))
            case "choice" if value is not None:
                self.choices[subject][code] = Choice(value, row["author"], row["reason"])
            case "category" if row["holds_from"] and row["option"] in self.scheme.categories:
                self.held[subject][date.fromisoformat(row["holds_from"])] = row["option"]
            case "rate" if value is not None and row["holds_from"]:
                self.rates[code][date.fromisoformat(row["holds_from"])] = value
            case "measure" if value is not None:
                project = padded(row["project"]) if row["project"] else ""
                self.reported[subject][code][project][row["part"]][row["band"]] = value

    def _name_investors(self) -> None:
        """Facts of which the scheme asks who invests carry every name the company was known by."""
        names = {padded(row["fact"]): json.loads(row["names"]) for row in self.archive.rows("investors.csv")}

        def named(lines: Lines) -> Lines:
            return defaultdict(
                list, {subject: [_named(line, names) for line in own] for subject, own in lines.items()}
            )

        if names:
            self.converted, self.earlier_converted = named(self.lines), named(self.earlier)

    def _convert(self) -> None:
        """Foreign amounts in 元 at the scheme's rates; facts without a rate on their day are not known."""
        foreign = {
            padded(row["fact"]): (row["currency"], Decimal(row["amount"]))
            for row in self.archive.rows("foreign.csv")
        }
        lacking = set()

        def converted(lines: Lines) -> Lines:
            found: Lines = defaultdict(list)
            for subject, own in lines.items():
                for line in own:
                    if line.fact.id in foreign:
                        currency, amount = foreign[line.fact.id]
                        rate = self._rate(currency, line.fact.on)
                        if rate is None:
                            lacking.add(line.fact.id)
                        worth = CONTEXT.multiply(amount, rate or Decimal(0))
                        line = replace(line, fact=replace(line.fact, amount=worth))  # noqa: PLW2901 the line in 元
                    found[subject].append(line)
            return found

        self.converted, self.earlier_converted = (
            converted(self.converted),
            converted(self.earlier_converted),
        )
        self.lacking = frozenset(lacking)

    def _rate(self, currency: str, on: date) -> Decimal | None:
        exchange = self.scheme.exchange
        if exchange is not None and exchange.rate == "fixed":
            return exchange.fixed.get(currency)
        known = [day for day in self.rates.get(currency, {}) if day <= on]
        return self.rates[currency][max(known)] if known else None

    def _targets(self) -> dict[str, dict[str, Decimal]]:
        found: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for row in self.archive.rows("sealed/targets.csv"):
            wanted = self.scheme.targets.get(row["indicator"])
            value = in_unit(Decimal(row["amount"]), row["unit"], wanted.unit) if wanted else None
            if value is not None:
                found[row["subject"]][target_key(row["indicator"], row["period"], row["level"])] = value
        return found


def _named(line: CreditLine, names: Mapping[str, Sequence[str]]) -> CreditLine:
    if line.fact.id not in names:
        return line
    first, *others = names[line.fact.id]
    fact = replace(
        line.fact,
        attributes={**line.fact.attributes, "investor": first},
        also={**line.fact.also, "investor": tuple(others)},
    )
    return replace(line, fact=fact)


def padded(number: str) -> str:
    """Identifiers of one length, so that they sort as text as they do as numbers."""
    return f"{int(number):018d}"


def fact_of(rows: Sequence[Row]) -> Fact:
    """The fact behind lines of one achievement."""
    first = rows[0]
    attributes: dict[str, AttributeValue] = {}
    for name in TEXTS:
        if value := min(row[name] for row in rows):
            attributes[name] = value
    if first["full_amount_usd"]:
        attributes["amount_usd"] = Decimal(first["full_amount_usd"])
    if first["full_people"]:
        attributes["people"] = Decimal(first["full_people"])
    return Fact(
        id=padded(first["fact"]),
        kind=first["kind"],
        on=date.fromisoformat(first["happened_on"]),
        amount=Decimal(first["full_amount"]) if first["full_amount"] else None,
        attributes=attributes,
        project=padded(first["project"]) if first["project"] else None,
    )
