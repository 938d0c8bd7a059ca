"""What people type, made fit to keep: one normaliser for every text that comes in from a browser."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# NUL, other controls but line breaks and tabs, lone surrogates, and the mark that stands for bytes that were not UTF-8.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")
# Characters that are not seen but change how others are shown: bidirectional overrides, byte order marks, tags.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
BREAKS = re.compile(r"\s*\n\s*\n\s*")
SPACES = re.compile(r"[^\S\n]+")


def normalised(text: str) -> str:
    """NFC, without invisible characters, with runs of white space folded. Raises ValidationError on what is no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if NOT_TEXT.search(text):
        raise ValidationError(
            _("Some characters could not be read. Please delete what looks wrong and type it again."), code="not_text"
        )
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return SPACES.sub(" ", BREAKS.sub("\n\n", text)).strip()


class TextField(forms.CharField):
    """People's own words, of a bounded length."""

    def __init__(self, *, longest: int, shortest: int = 1, lines: int = 3, **options) -> None:
        self.longest, self.shortest = longest, shortest
        # No maxlength: browsers would cut what is pasted, and nobody would be told.
        widget = forms.Textarea(attrs={"rows": lines, "data-longest": longest}) if lines > 1 else forms.TextInput()
        super().__init__(**{"widget": widget, "strip": False, **options})

    def to_python(self, value: object) -> str:
        return normalised(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.longest:
            raise ValidationError(
                ngettext_lazy(
                    "That is %(over)d character too long. Please shorten it: one idea is enough.",
                    "That is %(over)d characters too long. Please shorten it: one idea is enough.",
                    "over",
                ),
                code="too_long",
                params={"over": len(value) - self.longest},
            )
        if len(value) < self.shortest:
            raise ValidationError(_("Please write a little more."), code="too_short")
