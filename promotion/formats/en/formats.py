"""The same as in Chinese: ISO dates in both languages."""

from promotion.formats.zh_Hans.formats import *  # noqa: F403
