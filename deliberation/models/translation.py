from collections.abc import Iterable
from typing import TypeVar

from django.conf import settings
from django.db import models


class Translation(models.Model):
    """One language of an authored content; every subclass has a foreign key whose related name is `translations`."""

    language = models.CharField(max_length=8)

    class Meta:
        abstract = True


T = TypeVar("T", bound=Translation)


def in_language(translations: Iterable[T], language: str) -> T | None:
    """The row in the reader's language, else in the site's own, else the first there is."""
    by_language = {row.language: row for row in translations}
    for wanted in (language, language.split("-")[0], settings.LANGUAGE_CODE):
        if wanted in by_language:
            return by_language[wanted]
    return next(iter(by_language.values()), None)
