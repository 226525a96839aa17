"""What a scheme asks for that the product does not record or show yet: such a scheme is not published."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpi.queries.measures import AMOUNTS, KNOWN_KINDS, TEXT_ATTRIBUTES
from kpi.scoring.rules import Uses
from kpi.scoring.scheme import Measure, Scheme

KNOWN_ATTRIBUTES = {*TEXT_ATTRIBUTES, *AMOUNTS, "on"}


def obstacles(scheme: Scheme) -> list[str]:
    """One sentence per reason why the product would compute something else than the scheme says; empty when none."""
    uses = sum((indicator.uses() for indicator in scheme.indicators), Uses())
    found: list[str] = []
    if uses.ratings:
        found.append(_("细则用到评议打分，系统还不能登记评议票。"))
    if uses.choices:
        found.append(_("细则用到酌定分，系统还不能登记酌定的分值、作者和理由。"))
    if scheme.categories or uses.categories:
        found.append(_("细则按考核类别计分，系统还不能登记对象的类别。"))
    if scheme.gates or scheme.grades:
        found.append(_("细则有门槛、亮牌或等次，系统还不能保存这些评定。"))
    if scheme.exchange is not None:
        found.append(_("细则规定了汇率，系统按认定时登记的金额计算，不再折算。"))
    for indicator in scheme.indicators:
        for measure in indicator.measures.values():
            found.extend(_of_measure(measure, scheme.year))
    return list(dict.fromkeys(found))


def _of_measure(measure: Measure, year: int) -> Iterator[str]:
    """Facts and attributes the ledger does not hold."""
    unknown = [kind for kind in measure.kinds if kind not in KNOWN_KINDS]
    if unknown and len(unknown) < len(measure.kinds):
        words = {"title": measure.title, "names": "、".join(unknown)}
        yield _("度量“%(title)s”要计系统没有的事实：%(names)s。") % words
    if measure.kinds and measure.field not in AMOUNTS:
        yield _("度量“%(title)s”的金额取自系统没有的属性“%(name)s”。") % {
            "title": measure.title,
            "name": measure.field,
        }
    for condition in measure.where:
        if condition.attribute == "on" and str(condition.value) < f"{year}-01-01":
            yield _("度量“%(title)s”要计往年的事实，系统只计当年的。") % {"title": measure.title}
        if condition.attribute not in KNOWN_ATTRIBUTES:
            words = {"title": measure.title, "name": condition.attribute}
            yield _("度量“%(title)s”的条件用到系统没有的属性“%(name)s”。") % words
