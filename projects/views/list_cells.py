"""Cells that several lists draw."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def two_lines(first: str, second: str) -> SafeString:
    """A name over what it belongs to; the list itself makes the first cell of a row its link."""
    return format_html('<span class="cell-lines"><span>{}</span><small>{}</small></span>', first, second)
