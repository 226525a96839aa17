"""Changes of grade, gates, cards and awards in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kpi.scoring.beside import Change


def change_words(change: Change) -> str:
    """One change as a short phrase: 等次 良好→优秀, 进入卓越奖候选."""
    if change.kind == "grade":
        words = {"before": change.before or _("无"), "after": change.after or _("无")}
        return _("等次 %(before)s→%(after)s") % words
    came = {
        "gate": _("触发“%(title)s”"),
        "card": _("亮“%(title)s”"),
        "award": _("进入%(title)s候选"),
        "notice": _("列入%(title)s"),
    }
    went = {
        "gate": _("不再触发“%(title)s”"),
        "card": _("不再亮“%(title)s”"),
        "award": _("退出%(title)s候选"),
        "notice": _("不再列入%(title)s"),
    }
    words_of = came if change.after else went
    return words_of[change.kind] % {"title": change.after or change.before}


def changes_in_words(changes: Iterable[Change]) -> str:
    """All changes of one subject in a line; empty without any."""
    return "；".join(change_words(one) for one in changes)
