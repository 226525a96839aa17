"""What an action may raise: each carries a sentence that says what happened, why, and what to do next."""

from collections.abc import Mapping


class Outcome(Exception):
    """An action that did not happen; `fields` names the inputs concerned, so that a form can point at them."""

    status = 400

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class Refused(Outcome):
    """The rules do not allow it as asked; another input may succeed."""

    status = 422


class NotAllowed(Outcome):
    """This person may not do it, whatever the input."""

    status = 403


class NotFound(Outcome):
    """The record does not exist, or this person may not know that it does."""

    status = 404


class Conflict(Outcome):
    """Somebody else was first; the sentence names who changed what and when."""

    status = 409
