"""Whether somebody gets an award by its conditions, and who is excepted at its places, each with the sentence that says so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kpi.scoring.awarded import Award, Exceptions, Introduced, OfIdentity, Reached, Titles, Wanted, Won
from kpi.scoring.circumstances import CLASSES, IDENTITIES, NOTHING_KNOWN, Circumstances
from kpi.scoring.evaluate import Evaluation
from kpi.scoring.rounding import plain
from kpi.scoring.rules import NotApplicable, Undecided

Verdict = tuple[bool | None, str]


class Rules:
    """The conditions of one scheme's awards. `stands` are the awards that each subject stands for in the same calculation."""

    def __init__(self, evaluation: Evaluation | None, year: int, titles: Titles) -> None:
        self.evaluation, self.year, self.titles = evaluation, year, titles
        self.stands: set[tuple[str, str]] = set()

    def known(self, subject: str) -> Circumstances:
        entry = self.evaluation.entries.get(subject) if self.evaluation is not None else None
        return entry.circumstances if entry is not None else NOTHING_KNOWN

    def wanted(self, award: Award, subject: str) -> Verdict:
        """All of `if_all` and one of `if_any`; None while a figure that decides is missing."""
        every = [self._holds(one, award, subject) for one in award.if_all]
        some = [self._holds(one, award, subject) for one in award.if_any]
        verdicts = [verdict for verdict, _words in every]
        if some:
            verdicts.append(_any(verdict for verdict, _words in some))
        shown = every + ([one for one in some if one[0]] or [one for one in some if one[0] is None] or some)
        return _all(verdicts), "".join(words for _verdict, words in shown)

    def _holds(self, wanted: Wanted, award: Award, subject: str) -> Verdict:
        match wanted:
            case Won():
                return self._won(wanted, subject)
            case OfIdentity():
                return self._identity(wanted, subject)
            case Reached():
                return self._reached(wanted, award, subject)
            case Introduced():
                return self._introduced(wanted, subject)

    def _won(self, wanted: Won, subject: str) -> Verdict:
        """So many years running, the last of them this year or the one before; this year's is open until people decide."""
        decided = set(self.known(subject).won.get(wanted.award, ()))
        title = f"“{self.titles.get(wanted.award, wanted.award)}”"
        for last in (self.year, self.year - 1):
            years = [last - back for back in reversed(range(wanted.years))]
            if decided.issuperset(years):
                return True, f"{'、'.join(map(str, years))} 年连续 {wanted.years} 年获{title}。"
        earlier = {self.year - back for back in range(1, wanted.years)}
        if decided >= earlier and (wanted.award, subject) in self.stands and self.year not in decided:
            return None, f"本年度为{title}候选，决定授予后即连续 {wanted.years} 年。"
        had = "、".join(str(one) for one in sorted(decided)) or "没有一年"
        return False, f"获{title}的年度：{had}，未连续 {wanted.years} 年。"

    def _identity(self, wanted: OfIdentity, subject: str) -> Verdict:
        found = self.known(subject).identity
        if not found:
            return None, "未登记身份。"
        return found in wanted.identities, f"身份为{IDENTITIES.get(found, found)}。"

    def _introduced(self, wanted: Introduced, subject: str) -> Verdict:
        since = wanted.since or self.year
        years = self.known(subject).introduced
        count = sum(since <= year <= self.year for each in wanted.classes for year in years.get(each, ()))
        names = "、".join(CLASSES[each] for each in wanted.classes)
        met = count >= wanted.at_least
        least = f"{'不少于' if met else '不足'} {wanted.at_least} 个"
        return met, f"{since} 年以来引进{names}项目 {count} 个，{least}。"

    def _reached(self, wanted: Reached, award: Award, subject: str) -> Verdict:
        if self.evaluation is None or award.asks is None:
            return None, f"“{wanted.title}”未定。"
        gate = replace(award.asks, condition=wanted.condition)
        held, reason = self.evaluation.holds(subject, gate)
        if held is None:
            return None, f"“{wanted.title}”未定：{reason}"
        figures = self._figures(wanted, award, subject)
        return held, f"{wanted.title}：{'是' if held else '否'}{f'（{figures}）' if figures else ''}。"

    def _figures(self, wanted: Reached, award: Award, subject: str) -> str:
        """The measures behind a condition: 引进重特大项目 3 个."""
        if self.evaluation is None or award.asks is None:
            return ""
        inputs = self.evaluation.gate_inputs(subject, award.asks)
        found = []
        for code in dict.fromkeys(wanted.condition.uses().measures):
            measure = award.asks.measures[code]
            try:
                found.append(f"{measure.title} {plain(inputs.measured(code))} {measure.unit}")
            except (Undecided, NotApplicable):
                continue
        return "，".join(found)

    def excepted(self, award: Award, subject: str, *, across: bool) -> str:
        """Why somebody at a place is passed over, with the figures; empty when he is not. `across`: tied across the last place."""
        exceptions = award.exceptions
        if exceptions is None:
            return ""
        found = list(_reasons(exceptions, self.known(subject)))
        if across and exceptions.ties:
            found.append(f"并列跨过{'前' if award.end == 'first' else '末'} {award.places} 名的界线")
        return f"{'；'.join(found)}，按细则除外。" if found else ""


def _reasons(exceptions: Exceptions, known: Circumstances) -> Iterable[str]:
    """Days away are told without their reason, which is for HR and the person."""
    if exceptions.months is not None and known.months is not None and known.months < exceptions.months:
        yield f"到岗 {known.months} 个月，不满 {exceptions.months} 个月"
    away = sum(known.away.get(reason, 0) for reason in exceptions.away)
    if exceptions.away and away >= exceptions.away_days:
        yield f"年内经登记离岗 {away} 天，达到 {exceptions.away_days} 天"
    if exceptions.seconded is not None and known.seconded >= exceptions.seconded:
        yield f"年内借调 {known.seconded} 天，达到 {exceptions.seconded} 天"


def _all(verdicts: Sequence[bool | None]) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    if True in found:
        return True
    return None if None in found else False
