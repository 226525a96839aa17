"""A name that can be found by substring, pinyin and initials: shared by companies and projects."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from promotion.chinese import grams, initials, pinyin, spelt_reading


def readings_of(name: str, reading: str = "") -> tuple[str, str]:
    """Pinyin and initials of a name; a reading that somebody spelt (polyphones, 多音字) goes before the dictionary's."""
    return spelt_reading(reading) if reading.strip() else (pinyin(name), initials(name))


class Named(models.Model):
    """Keeps the search columns in step with the name; bulk writers call `fill_search_columns` themselves."""

    name = models.CharField(_("名称"), max_length=120)
    pinyin = models.CharField(_("拼音"), max_length=200, editable=False, db_index=True)
    initials = models.CharField(_("首字母"), max_length=80, editable=False, db_index=True)
    derived_fields: ClassVar[tuple[str, ...]] = ("pinyin", "initials", "grams")
    grams = ArrayField(
        models.CharField(max_length=4), default=list, editable=False, verbose_name=_("检索字段")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def fill_search_columns(self) -> None:
        """Derive pinyin, initials and grams from the name (and from what `search_text` adds)."""
        self.pinyin, self.initials = readings_of(self.name, getattr(self, "reading", ""))
        self.grams = grams(self.search_text())

    def search_text(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_search_columns()
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:  # type: ignore[operator]
            kwargs["update_fields"] = {*fields, *self.derived_fields}  # type: ignore[misc]
        super().save(*args, **kwargs)  # type: ignore[arg-type]
