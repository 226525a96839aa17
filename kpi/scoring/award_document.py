"""An award's entry in a scheme document as a value."""

from collections.abc import Mapping
from typing import Any

from kpi.scoring.awarded import Award, Exceptions, Introduced, OfIdentity, Reached, TargetMissed, Wanted, Won
from kpi.scoring.rules import build
from kpi.scoring.rules.conditions import Combined, condition, words_of
from kpi.scoring.scheme import Gate, Measure

Document = Mapping[str, Any]


def award(document: Document, measures: Mapping[str, Measure]) -> Award:
    """The award of a document that has passed the schema; `measures` are its own."""
    missed = document.get("if_target_missed")
    if_all, if_any = (tuple(_wanted(one) for one in document.get(key, ())) for key in ("if_all", "if_any"))
    everybody = document.get("everybody", False)
    end = "everybody" if everybody else "first" if "first" in document else "last"
    return Award(
        code=document["code"],
        title=document["title"],
        group=document["group"],
        end=end,  # type: ignore[arg-type]
        places=0 if everybody else document.get("first", document.get("last", 1)),
        clause=document.get("clause", ""),
        warning=document.get("warning", False),
        condition=TargetMissed(tuple(missed["indicators"]), missed["when"], missed["timing"])
        if missed
        else None,
        if_all=if_all,
        if_any=if_any,
        asks=_asks(document, measures, (*if_all, *if_any)),
        exceptions=_exceptions(document["except"]) if "except" in document else None,
        next_in_line=document.get("next_in_line", False),
    )


def _wanted(document: Document) -> Wanted:
    if "won" in document:
        return Won(document["won"]["award"], document["won"]["years"])
    if "identity" in document:
        return OfIdentity(tuple(document["identity"]))
    if "introduced" in document:
        found = document["introduced"]
        return Introduced(tuple(found["classes"]), found["at_least"], found.get("since"))
    asked = document["reached"]
    return Reached(words_of(asked), condition(asked, build))


def _asks(document: Document, measures: Mapping[str, Measure], wanted: tuple[Wanted, ...]) -> Gate | None:
    """The gate that stands for the award wherever measures are counted."""
    conditions = tuple(one.condition for one in wanted if isinstance(one, Reached))
    if not conditions:
        return None
    return Gate(
        code=document["code"],
        title=document["title"],
        clause=document.get("clause", ""),
        applies_to=(document["group"],),
        measures=measures,
        condition=Combined(conditions, decisive=False),
    )


def _exceptions(document: Document) -> Exceptions:
    away = document.get("away", {})
    return Exceptions(
        months=document.get("months_in_post"),
        away=tuple(away.get("reasons", ())),
        away_days=away.get("days", 1),
        seconded=document.get("seconded_days"),
        ties=document.get("ties", False),
    )
