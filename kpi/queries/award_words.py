"""An award of a scheme in words: who stands for it, on which conditions, and who is excepted."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpi.scoring.awarded import Award, Exceptions, Introduced, OfIdentity, Reached, TargetMissed, Wanted, Won
from kpi.scoring.scheme import Scheme
from projects.models import ProjectClass
from staff.models import AbsenceKind, Identity


def award_words(scheme: Scheme, award: Award) -> str:
    """Who stands for the award."""
    sentences = [_place(scheme, award)]
    if award.exceptions is not None:
        sentences.append(_("除外：%(who)s") % {"who": "、".join(_exceptions(award.exceptions))})
    if award.next_in_line:
        sentences.append(_("除外的由下一名递补"))
    return "；".join(sentences)


def _place(scheme: Scheme, award: Award) -> str:
    group = scheme.groups[award.group].title if award.group in scheme.groups else award.group
    words = {"group": group, "places": award.places}
    sentence = {
        "first": _("%(group)s前 %(places)s 名"),
        "last": _("%(group)s末 %(places)s 名"),
        "everybody": _("%(group)s中所有符合条件的"),
    }[award.end] % words
    if award.condition is not None:
        sentence = _missed(scheme, award.condition) % {
            "place": sentence,
            **_missed_words(scheme, award.condition),
        }
    conditions = "，".join(_wanted(scheme, award))
    return (
        _("%(place)s，且%(conditions)s") % {"place": sentence, "conditions": conditions}
        if conditions
        else sentence
    )


def _missed(scheme: Scheme, condition: TargetMissed) -> str:
    if condition.when == "any":
        return _("%(place)s，且%(missed)s中任一项未达到%(timing)s")
    return _("%(place)s，且%(missed)s全部未达到%(timing)s")


def _missed_words(scheme: Scheme, condition: TargetMissed) -> dict[str, str]:
    titles = {one.code: one.title for one in scheme.indicators}
    return {
        "missed": "、".join(titles.get(code, code) for code in condition.indicators),
        "timing": _("时序目标") if condition.timing == "elapsed" else _("年度目标"),
    }


def _wanted(scheme: Scheme, award: Award) -> Iterator[str]:
    yield from (_one(scheme, each) for each in award.if_all)
    if award.if_any:
        yield _("，或").join(_one(scheme, each) for each in award.if_any)


def _one(scheme: Scheme, wanted: Wanted) -> str:
    match wanted:
        case Won():
            titles = {one.code: one.title for one in scheme.awards}
            words = {"years": wanted.years, "title": titles.get(wanted.award, wanted.award)}
            return _("连续 %(years)s 年获%(title)s") % words
        case OfIdentity():
            names = dict(Identity.choices)
            return _("身份为%(names)s") % {"names": "、".join(str(names[one]) for one in wanted.identities)}
        case Reached():
            return wanted.title
        case Introduced():
            names = dict(ProjectClass.choices)
            words = {
                "since": wanted.since or scheme.year,
                "classes": "、".join(str(names[one]) for one in wanted.classes),
                "count": wanted.at_least,
            }
            return _("%(since)s 年以来引进%(classes)s项目不少于 %(count)s 个") % words


def _exceptions(exceptions: Exceptions) -> Iterator[str]:
    if exceptions.months is not None:
        yield _("到岗不满 %(months)s 个月") % {"months": exceptions.months}
    if exceptions.away:
        names = dict(AbsenceKind.choices)
        reasons = "、".join(str(names[one]) for one in exceptions.away)
        yield _("年内%(reasons)s累计满 %(days)s 天") % {"reasons": reasons, "days": exceptions.away_days}
    if exceptions.seconded is not None:
        yield _("年内借调满 %(days)s 天") % {"days": exceptions.seconded}
    if exceptions.ties:
        yield _("并列跨过界线")
