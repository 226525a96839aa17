"""Naming colleagues in a follow-up, and taking note of having been named."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import FollowUp, Mention, Project
from projects.queries.mention import named_in, sees
from promotion.action import action, record
from promotion.actions import notify
from promotion.errors import NotFound, Refused
from promotion.models import NoticeKind
from staff.models import Account


def checked_mentions(project: Project, text: str) -> list[Account]:
    """The colleagues whom the text names. Raises Refused for a name that nobody bears, that several bear, or whose
    bearer may not see the project."""
    found, unknown = named_in(text)
    wrong = [_("没有找到“@%(name)s”这位同事；请从提示里选，或去掉 @。") % {"name": name} for name in unknown]
    named: dict[int, Account] = {}
    for name, bearers in found.items():
        able = [account for account in bearers if sees(account, project)]
        if len(able) == 1:
            named[able[0].pk] = able[0]
        elif able:
            wrong.append(
                _("有 %(count)s 位“%(name)s”；请在姓名后加工号，如 @%(name)s（ZS001）。")
                % {"count": len(able), "name": name}
            )
        else:
            wrong.append(
                _("%(name)s 看不到这个项目，不能提到；请先请队长安排其参与，或去掉 @。") % {"name": name}
            )
    if wrong:
        raise Refused(wrong[0], fields={"text": "".join(wrong)})
    return list(named.values())


def write_mentions(follow_up: FollowUp, named: Sequence[Account], written_by: Account) -> None:
    """Keep who was named and tell each; nobody is told of naming himself."""
    others = [account for account in named if account.pk != written_by.pk]
    Mention.objects.bulk_create(Mention(follow_up=follow_up, account=account) for account in others)
    if others:
        words = {
            "who": written_by.display_name,
            "project": follow_up.project,
            "text": follow_up.text[:80],
        }
        notify(
            recipients=others,
            text=_("%(who)s 在“%(project)s”提到您：%(text)s") % words,
            url=f"{reverse('projects:detail', args=[follow_up.project.public_id])}?tab=timeline&show=mentioned",
            kind=NoticeKind.MENTION,
        )


@action("mention.see", gettext_lazy("知悉提到"))
def see_mention(*, actor: Account, mention: Mention) -> Mention:
    """Take note of having been named; twice is once. Raises NotFound for somebody else's mention."""
    own = Mention.objects.select_for_update(of=("self",)).select_related("follow_up__project")
    locked = own.filter(pk=mention.pk, account=actor).first()
    if locked is None:
        raise NotFound(_("没有这条提到，可能已经删除。"))
    if locked.seen_at is None:
        locked.seen_at = timezone.now()
        locked.save(update_fields=["seen_at"])
        record(actor=actor, verb="mention.see", target=locked.follow_up.project)
    return locked
