"""Who stands for each award or notice (奖项候选), with the figures that say why. People decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Literal

from kpi.scoring.award_rules import Rules
from kpi.scoring.awarded import Award, TargetMissed
from kpi.scoring.evaluate import Evaluation
from kpi.scoring.results import Candidate, Item, Outcome, Sheet, Standing
from kpi.scoring.rounding import CONTEXT, plain, rounded
from kpi.scoring.scheme import Scheme

Standings = Mapping[str, Sequence[Standing]]
ONE = Decimal(1)


def candidates(
    scheme: Scheme,
    standings: Standings,
    elapsed: Decimal,
    outcomes: Sequence[Outcome] = (),
    evaluation: Evaluation | None = None,
) -> tuple[Candidate, ...]:
    """The candidates of every award of the scheme, from the standings of each group by its code.

    Whoever a gate bars, a condition leaves out or an exception names keeps the place and is passed over with the reason, unless the
    award lets the next in line move up. `evaluation` knows the subjects' circumstances and what awards measure themselves.
    """
    beside = {outcome.subject.code: outcome for outcome in outcomes}
    rules = Rules(evaluation, scheme.year, {award.code: award.title for award in scheme.awards})
    found: list[Candidate] = []
    for award in scheme.awards:
        group = standings.get(award.group, ())
        named = list(_named(scheme, award, group, elapsed, rules, beside))
        found.extend(named)
        rules.stands |= {(award.code, one.subject.code) for one in named if one.status != "passed_over"}
    return tuple(found)


def _named(
    scheme: Scheme,
    award: Award,
    group: Sequence[Standing],
    elapsed: Decimal,
    rules: Rules,
    beside: Mapping[str, Outcome],
) -> Iterator[Candidate]:
    """Block after block of equal standings from the award's end on, until its places are taken."""
    if award.end == "everybody":
        yield from _everybody(scheme, award, group, rules, beside)
        return
    taken = 0
    for block in _blocks(award, group):
        if taken >= award.places:
            return
        across = taken + len(block) > award.places
        named = [
            _gated(_candidate(scheme, award, one, group, elapsed, rules, across=across), beside)
            for one in block
        ]
        yield from named
        taken += len([one for one in named if not award.next_in_line or one.status != "passed_over"])


def _blocks(award: Award, group: Sequence[Standing]) -> Iterator[list[Standing]]:
    """The standings from the award's end, those that share a place together."""
    ordered = group if award.end == "first" else list(reversed(group))
    for _key, block in groupby(ordered, key=lambda standing: standing.key):
        yield list(block)


def _everybody(
    scheme: Scheme,
    award: Award,
    group: Sequence[Standing],
    rules: Rules,
    beside: Mapping[str, Outcome],
) -> Iterator[Candidate]:
    """Whoever meets the conditions, or may yet; the places do not matter."""
    for standing in group:
        met, words = rules.wanted(award, standing.sheet.subject.code)
        if met is False:
            continue
        subject = standing.sheet.subject
        excepted = rules.excepted(award, subject.code, across=False)
        found = Candidate(
            award=award.code,
            title=award.title,
            subject=subject,
            place=standing.place,
            total=standing.sheet.total,
            status="passed_over" if excepted else "candidate" if met else "undecided",
            reason=f"{words}{excepted}",
            warning=award.warning,
        )
        yield _gated(found, beside)


def _gated(candidate: Candidate, beside: Mapping[str, Outcome]) -> Candidate:
    """The candidate after the gates; a notice that nobody wants (警示类) knows no bar."""
    outcome = beside.get(candidate.subject.code)
    if outcome is None or candidate.warning:
        return candidate
    if {"all", candidate.award} & set(outcome.barred):
        reason = f"{candidate.reason}不得评奖：{''.join(outcome.reasons)}"
        return replace(candidate, status="passed_over", reason=reason)
    if outcome.eligible is None and candidate.status == "candidate":
        return replace(candidate, status="undecided", reason=f"{candidate.reason}{''.join(outcome.reasons)}")
    return candidate


def _candidate(
    scheme: Scheme,
    award: Award,
    standing: Standing,
    group: Sequence[Standing],
    elapsed: Decimal,
    rules: Rules,
    *,
    across: bool,
) -> Candidate:
    sheet = standing.sheet
    tied = tuple(
        other.sheet.subject.code for other in group if other.key == standing.key and other is not standing
    )
    sentences = [_place_sentence(scheme, award, standing, len(group))]
    if tied:
        sentences.append(f"与{len(tied)}名并列，由考核组研究。")
    doubt = _doubt(award, standing, group)
    sentences.append(doubt)
    verdicts: list[bool | None] = [None if doubt else True]
    if award.condition is not None:
        met, sentence = missed(award.condition, sheet, elapsed)
        verdicts = [met if met is not True else verdicts[0]]
        sentences.append(sentence)
    if award.wanted:
        met, sentence = rules.wanted(award, sheet.subject.code)
        verdicts.append(met)
        sentences.append(sentence)
    excepted = rules.excepted(award, sheet.subject.code, across=across)
    sentences.append(excepted)
    return Candidate(
        award=award.code,
        title=award.title,
        subject=sheet.subject,
        place=standing.place,
        total=sheet.total,
        status=_status([*verdicts, *([False] if excepted else [])]),
        reason="".join(sentences),
        tied_with=tied,
        warning=award.warning,
    )


def _status(verdicts: Sequence[bool | None]) -> Literal["candidate", "passed_over", "undecided"]:
    if False in verdicts:
        return "passed_over"
    return "undecided" if None in verdicts else "candidate"


def _place_sentence(scheme: Scheme, award: Award, standing: Standing, size: int) -> str:
    group = scheme.groups[award.group]
    return f"{group.title}第 {standing.place} 名（共 {size} 名），{plain(standing.sheet.total)} 分。"


def _doubt(award: Award, standing: Standing, group: Sequence[Standing]) -> str:
    """A sentence when undecided items, of this sheet or of others, could still change who is at the place."""
    if standing.undecided:
        titles = "、".join(item.title for item in standing.sheet.undecided)
        return f"其“{titles}”未定，名次尚不能确定。"
    rivals = [other for other in group if other.undecided and _may_pass(award, standing, other)]
    return f"另有 {len(rivals)} 份考核表有未定项，名次可能变动。" if rivals else ""


def _may_pass(award: Award, standing: Standing, other: Standing) -> bool:
    """Whether an undecided sheet may yet come to the place of a decided one, or leave one that stands beside it."""
    total, sheet = standing.sheet.exact_total, other.sheet
    if award.end == "first":
        if other.key == standing.key:
            return sheet.highest is None or sheet.highest > total
        return other.key < standing.key and (sheet.highest is None or sheet.highest >= total)
    # An undecided sheet can sink only if its items can cost points.
    if other.key == standing.key:
        return sheet.lowest is None or sheet.lowest < total
    return other.key > standing.key and (sheet.lowest is None or sheet.lowest <= total)


def missed(condition: TargetMissed, sheet: Sheet, elapsed: Decimal) -> tuple[bool | None, str]:
    """Whether the target was missed (没有完成任务), None when undecided, and the sentence with figures."""
    verdicts: list[bool | None] = []
    words: list[str] = []
    for code in condition.indicators:
        item = sheet.item(code)
        if item is None or item.status == "not_applicable":
            continue
        completion = _completion(item, condition, elapsed)
        verdicts.append(None if completion is None else completion < ONE)
        words.append(f"{item.title}{_percent(completion)}")
    figures = "、".join(words) if words else "无适用指标"
    verdict = _verdict(condition, verdicts)
    if verdict is None:
        return None, f"是否完成任务未定：{figures}。"
    return verdict, f"{'未完成任务' if verdict else '已完成任务，不适用'}：{figures}。"


def _verdict(condition: TargetMissed, verdicts: Sequence[bool | None]) -> bool | None:
    decisive = condition.when == "any"
    if decisive in verdicts:
        return decisive
    return None if None in verdicts or not verdicts else not decisive


def _completion(item: Item, condition: TargetMissed, elapsed: Decimal) -> Decimal | None:
    if item.progress is None or condition.timing == "annual":
        return item.progress
    return CONTEXT.divide(item.progress, elapsed) if elapsed else None


def _percent(completion: Decimal | None) -> str:
    if completion is None:
        return "（目标或数据缺失）"
    shown = rounded(completion * 100, 2, "down")
    return f" {plain(shown)}%"
