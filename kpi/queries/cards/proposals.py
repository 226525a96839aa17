"""What rules and gates propose at the end of a period, as rows that are not written yet; each reason says its figures."""

from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kpi.models import Card, CardColour, CardKind, Standing
from kpi.queries.cards.records import rules_on, subjects_at
from kpi.queries.standing import groups_of
from kpi.scoring.cards import Finding, findings
from promotion.web.formats import exact, percent

MOST_REASON = 300


def proposed_cards(year: int, period: str, as_of: date) -> list[Card]:
    """One card for each broken rule and each gate that shows one; nothing is written."""
    rules = rules_on(as_of)
    run, subjects = subjects_at(year, period, as_of, rules)
    if run is None:
        return []
    with translation.override(settings.LANGUAGE_CODE):
        found = [
            _card(year, period, one.standing, broken.kind, broken.colour, reason_of(broken), broken.figures())
            for one in subjects
            for broken in findings(rules.get(one.standing.group, []), one.record)
        ]
        codes = [group.code for group in groups_of(run)]
        shown = Standing.objects.filter(run=run, group__in=codes).exclude(outcome={})
        for standing in shown.select_related("person", "team").order_by("group", "rank", "pk"):
            found += _gate_cards(year, period, standing)
    return found


def _card(
    year: int,
    period: str,
    standing: Standing,
    kind: str,
    colour: str,
    reason: str,
    figures: dict[str, str],
    gate: str = "",
) -> Card:
    return Card(
        year=year,
        period=period,
        group=standing.group,
        person=standing.person,
        team=standing.team,
        standing=standing,
        kind=kind,
        gate=gate,
        colour=colour,
        reason=reason[:MOST_REASON],
        figures=figures,
    )


def _gate_cards(year: int, period: str, standing: Standing) -> list[Card]:
    """The cards that the scheme's gates show."""
    found = []
    for gate in standing.gates:
        words = [word for word in standing.cards if word in str(gate.get("effect", ""))]
        if gate.get("holds") is not True or not words:
            continue
        colour = CardColour.RED if any("红" in word for word in words) else CardColour.YELLOW
        reason = _("细则“%(title)s”成立：%(reason)s") % {
            "title": gate["title"],
            "reason": gate.get("reason", ""),
        }
        found.append(
            _card(year, period, standing, CardKind.GATE, colour, reason, {}, gate=str(gate["code"])[:60])
        )
    return found


def reason_of(finding: Finding) -> str:
    """The broken rule with its figures in a sentence."""
    words = {"actual": exact(finding.actual, 1), "limit": exact(finding.limit, 2)}
    if finding.kind == "behind":
        words |= {
            "title": finding.title,
            "progress": percent(finding.progress, 1),
            "elapsed": percent(finding.elapsed, 1),
        }
        return (
            _(
                "“%(title)s”完成 %(progress)s，时序进度 %(elapsed)s，落后 %(actual)s 个百分点（规则 %(limit)s 个百分点）。"
            )
            % words
        )
    sentences = {
        "last": _("连续 %(actual)s 个月排名末位（规则 %(limit)s 个月）。"),
        "idle": _("%(actual)s 个月没有签约（规则 %(limit)s 个月）。"),
        "incidents": _("本时段扣分事项 %(actual)s 起（规则 %(limit)s 起）。"),
    }
    return sentences[finding.kind] % words
