"""The one door for writing: what every action of every app shares.

An action is a keyword-only function that takes `actor`. The decorator gives it one transaction, hands actor, verb and
reason to the database triggers that record row changes (django-pghistory), and turns the constraints that the database
itself enforces into sentences.
"""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from promotion.errors import Conflict
from promotion.models.audit import AuditEntry

_RUNNING: ContextVar[bool] = ContextVar("an action is running", default=False)

P = ParamSpec("P")
R = TypeVar("R")

# verb → the Chinese label that the audit trail shows; filled by the decorator.
VERBS: dict[str, Any] = {}

# constraint name → the sentence to say; apps register theirs beside the model that carries the constraint.
CONSTRAINT_SENTENCES: dict[str, Any] = {}


def explain_constraint(name: str, sentence: Any) -> None:
    """Say what a violation of the named database constraint means to a person."""
    CONSTRAINT_SENTENCES[name] = sentence


def action(verb: str, label: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the action `verb`. It must be keyword-only and take `actor` (an account).

    The audit trail gets one entry through `record`, which the body calls; row changes are kept by triggers.
    Raises Conflict when the database refuses the write by a constraint that has a sentence.
    """
    VERBS[verb] = label

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = kwargs.get("actor")
            try:
                with transaction.atomic(), _history(actor, verb, kwargs.get("reason")):
                    return function(*args, **kwargs)
            except IntegrityError as error:
                sentence = CONSTRAINT_SENTENCES.get(_constraint_name(error))
                if sentence is None:
                    raise
                raise Conflict(str(sentence)) from error

        perform.verb = verb  # type: ignore[attr-defined]
        return perform

    return decorate


@contextmanager
def _history(actor: Any, verb: str, reason: object) -> Iterator[None]:
    """Tell the triggers who does what and why; an action called by another writes under the outer one's name."""
    if _RUNNING.get():
        yield
        return
    token = _RUNNING.set(True)
    try:
        with pghistory.context(actor=getattr(actor, "pk", None), verb=verb, reason=reason or ""):
            yield
    finally:
        _RUNNING.reset(token)


def _constraint_name(error: IntegrityError) -> str:
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""


def record(
    *,
    actor: Any,
    verb: str,
    target: models.Model,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write the audit entry of an action, or of a read that is audited (an export, a sealed file)."""
    name = getattr(actor, "display_name", "") or str(_("系统"))
    lent = getattr(actor, "standing_in", None)
    if lent is not None:
        name = _("%(name)s（代%(principal)s）") % {"name": name, "principal": lent.principal.name}
        detail = {**(detail or {}), "in_place_of": lent.principal.staff_number}
    return AuditEntry.objects.create(
        actor=actor if actor is not None and actor.pk else None,
        actor_name=name[:80],
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:200],
        reason=reason,
        detail=detail or {},
    )


def check_version(*, seen: int | None, current: models.Model) -> None:
    """Refuse a write that was drawn from an older state of the row than the locked one.

    `current` has a `version`; `seen` is what the form or the API client read (None: the caller takes what is there).
    Raises Conflict, naming who changed the row since, as far as the audit trail tells.
    """
    if seen is None or seen == current.version:  # type: ignore[attr-defined]
        return
    entry = (
        AuditEntry.objects.filter(target_type=current._meta.label_lower, target_id=str(current.pk))
        .order_by("-id")
        .first()
    )
    who = entry.actor_name if entry else str(_("他人"))
    what = str(VERBS.get(entry.verb, entry.verb)) if entry else str(_("修改"))
    when = entry.moment() if entry else ""
    raise Conflict(
        _(
            "您打开页面之后，%(who)s 已于 %(when)s %(what)s。您填写的内容没有保存也没有丢失，请核对最新内容后再提交一次。"
        )
        % {"who": who, "what": re.sub(r"\s+", "", what), "when": when}
    )
