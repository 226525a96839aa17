"""The template tag that draws a part of a page once and remembers it."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.urls import get_script_prefix
from django.utils.translation import get_language

from promotion.web.markup import remembered


class RememberNode(template.Node):
    """A part of a page that comes out the same for the same values."""

    def __init__(self, name: str, values: Sequence[FilterExpression], nodelist: template.NodeList) -> None:
        self.name, self.values, self.nodelist = name, values, nodelist

    def render(self, context: template.Context) -> Any:
        values = tuple(str(value.resolve(context)) for value in self.values)
        key = (self.name, get_language(), get_script_prefix(), *values)
        return remembered(key, lambda: self.nodelist.render(context))


def remember(parser: Parser, token: Token) -> RememberNode:
    """`{% remember name value… %}…{% endremember %}`: drawn once in a process for each language and these values.

    The values name everything that the part depends on; nothing of one request alone may stand in it.
    """
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(name, [parser.compile_filter(value) for value in values], nodelist)
