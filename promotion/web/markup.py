"""What pages draw hundreds of times, without Django's general machinery: escaped text, labels of choices, addresses, remembered parts.

A list of fifty rows asks for a thousand of these; each is a fraction of what `format_html`, `get_…_display` or `reverse` costs.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.db.models import Choices
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Parts of pages that this process remembers; when there are so many, it begins again.
MOST_REMEMBERED = 3000
_remembered: dict[Hashable, Any] = {}


def escaped(value: Any) -> str:
    """The value as HTML; what is HTML already stays."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def markup(pattern: str, *values: Any) -> SafeString:
    """`format_html` for values by place alone."""
    return SafeString(pattern.format(*map(escaped, values)))


def label_of(choices: type[Choices], value: Any) -> str:
    """What a choice is called in the language of the request; a value that is none of the choices stands for itself."""
    found = _labels(choices, get_language() or "").get(value)
    return str(value) if found is None else found


@lru_cache(maxsize=256)
def _labels(choices: type[Choices], language: str) -> dict[Any, str]:
    return {value: str(label) for value, label in choices.choices}


def address(url_name: str, public_id: str) -> str:
    """`reverse` for a page that has a public identifier in its address."""
    before, after = _address(url_name, get_script_prefix(), get_urlconf())
    return f"{before}{public_id}{after}"


@lru_cache(maxsize=256)
def _address(url_name: str, prefix: str, urlconf: str | None) -> tuple[str, str]:
    before, _place, after = reverse(url_name, args=["-place-"]).partition("-place-")
    return before, after


def remembered(key: Hashable, draw: Callable[[], Any]) -> Any:
    """What `draw` gives, drawn once in this process for each key; the key names everything that it depends on.

    While templates are being worked on nothing is remembered.
    """
    if settings.DEBUG:
        return draw()
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[key] = draw()
    return found


def _forget(**_signal: Any) -> None:
    _remembered.clear()
    _labels.cache_clear()
    _address.cache_clear()


setting_changed.connect(_forget)
