from enum import StrEnum

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deliberation.forms.drafting import INCOMPLETE, InEachLanguageForm
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import (
    FEWEST_OPTIONS,
    LONGEST_ITEM,
    LONGEST_OPTION,
    LONGEST_TITLE,
    LONGEST_WORD,
    MOST_OPTIONS,
    AgendaItem,
    Assembly,
    CardKind,
    ItemKind,
)


class RoomStep(StrEnum):
    """What a facilitator does while a session goes on."""

    OPEN = "open"
    CLOSE = "close"
    NEXT = "next"
    BACK = "back"
    ITEM = "item"
    START = "start"
    PAUSE = "pause"
    MORE = "more"
    SCENE = "scene"
    BLANK = "blank"
    CALL = "call"
    DONE = "done"
    ASK = "ask"
    COUNT = "count"
    UP = "up"
    DOWN = "down"
    ANSWER = "answer"


class RoomStepForm(StrictForm):
    """A step, and where it needs one, the public id of an item, hand or card, or the name of a scene."""

    step = forms.ChoiceField(
        choices=[(step.value, step.value) for step in RoomStep],
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )
    on = forms.SlugField(max_length=16, required=False)


class CardForm(StrictForm):
    kind = forms.ChoiceField(
        choices=CardKind.choices, error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE}
    )
    word = TextField(label=_("A word I don’t know"), longest=LONGEST_WORD, shortest=0, lines=1, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("kind") == CardKind.WORD and not cleaned.get("word") and "word" not in self.errors:
            raise ValidationError(_("Please write the word first."))
        return cleaned


class PollAnswerForm(StrictForm):
    choice = forms.IntegerField(
        min_value=1,
        max_value=MOST_OPTIONS,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )


class SessionForm(InEachLanguageForm):
    longest, lines = LONGEST_TITLE, 1
    label = _("Title of the session")


class ItemForm(InEachLanguageForm):
    """One item of an agenda; what a poll lets people choose from is written one to a line."""

    longest, lines = LONGEST_TITLE, 1
    label = _("What it is about")
    kind = forms.ChoiceField(label=_("What people do"), choices=ItemKind.choices)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_ITEM, initial=10)

    def __init__(self, data: object = None, *, assembly: Assembly, item: AgendaItem | None = None) -> None:
        """Of a new item, or of one that is to be changed."""
        super().__init__(data, assembly=assembly, initial=item and _titles_of(item))
        names = dict(settings.LANGUAGES)
        if item is not None:
            self.initial |= {"kind": item.kind, "minutes": item.minutes}
            self.initial |= {self.options_of(code): "\n".join(words) for code, words in item.options.items()}
        options = _("Options of a poll, one to a line")
        for code in self.languages:
            self.fields[self.options_of(code)] = TextField(
                label=f"{options} · {names.get(code, code)}",
                longest=MOST_OPTIONS * (LONGEST_OPTION + 1),
                shortest=0,
                lines=4,
                required=False,
            )
            self.fields[self.options_of(code)].widget.attrs["lang"] = code

    @staticmethod
    def options_of(code: str) -> str:
        return f"options_{code}"

    @property
    def option_boxes(self) -> list[forms.BoundField]:
        return [self[self.options_of(code)] for code in self.languages]

    @property
    def options(self) -> dict[str, list[str]]:
        lines = {code: self.cleaned_data.get(self.options_of(code), "").split("\n") for code in self.languages}
        return {code: [line.strip() for line in each if line.strip()] for code, each in lines.items()}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.errors or cleaned.get("kind") != ItemKind.POLL:
            return cleaned
        numbers = {len(each) for each in self.options.values()}
        if len(numbers) > 1:
            raise ValidationError(_("Please write the same number of options in each language."))
        if not FEWEST_OPTIONS <= min(numbers) <= MOST_OPTIONS:
            raise ValidationError(_("A poll needs two to eight options."))
        if any(len(text) > LONGEST_OPTION for each in self.options.values() for text in each):
            raise ValidationError(_("Please shorten the options: at most 120 characters each."))
        return cleaned


def _titles_of(item: AgendaItem) -> dict[str, str]:
    return {text.language: text.title for text in item.translations.all()}
