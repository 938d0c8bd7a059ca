from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from deliberation.actions.preparing import Document, StepWords
from deliberation.forms.documents import document_of
from deliberation.forms.questions import language_names
from deliberation.forms.strict import StrictForm
from deliberation.forms.text import TextField
from deliberation.models import (
    LONGEST_CLAUSE,
    LONGEST_KIT_BODY,
    LONGEST_KIT_TITLE,
    LONGEST_MEANING,
    LONGEST_PLAIN,
    LONGEST_TERM,
    Assembly,
    Clause,
    GlossaryEntry,
    KitStep,
    StepKind,
)

LONGEST_LAW = 40_000


class InLanguagesForm(StrictForm):
    """Several texts in each language of an assembly. A language is written whole or left for later."""

    parts: dict[str, dict[str, Any]] = {}

    def __init__(
        self,
        data: object = None,
        files: object = None,
        *,
        assembly: Assembly,
        kept: dict[str, dict[str, str]] | None = None,
        whole: bool = False,
        **options: object,
    ) -> None:
        texts = {f"{part}_{code}": text for code, each in (kept or {}).items() for part, text in each.items()}
        super().__init__(data, files, initial={**texts, **options.pop("initial", {})}, **options)
        self.assembly, self.whole = assembly, whole
        for code, name in language_names(assembly):
            for part, of_it in self.parts.items():
                # Where a language has several boxes, a legend names it.
                label = of_it["label"] if len(self.parts) > 1 else f"{of_it['label']} · {name}"
                field = TextField(**{**of_it, "label": label, "shortest": 0, "required": False})
                field.widget.attrs["lang"], field.may_wait = code, not self.may_be_empty(part)
                self.fields[f"{part}_{code}"] = field

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The boxes of each language, for templates."""
        return [
            {"code": code, "name": name, "boxes": [self[f"{part}_{code}"] for part in self.parts]}
            for code, name in language_names(self.assembly)
        ]

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        given = {code: self._of(code) for code in self.assembly.languages}
        return {code: each for code, each in given.items() if any(each.values())}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for code in self.assembly.languages:
            for part, text in self._of(code).items():
                if not text and self._is_needed(code, part) and f"{part}_{code}" not in self.errors:
                    self.add_error(f"{part}_{code}", _("Please write it in this language too."))
        if not self.errors and not self.texts:
            raise ValidationError(_("Please write it in at least one language."))
        return cleaned

    def may_be_empty(self, part: str) -> bool:
        return False

    def _is_needed(self, code: str, part: str) -> bool:
        return not self.may_be_empty(part) and (self.whole or any(self._of(code).values()))

    def _of(self, code: str) -> dict[str, str]:
        return {part: self.cleaned_data.get(f"{part}_{code}") or "" for part in self.parts}


class WebField(forms.URLField):
    """An address that a browser opens as a page, and no other."""

    default_validators = [URLValidator(["https", "http"])]


class StepForm(InLanguagesForm):
    """A step of the kit; which fields it has depends on its kind."""

    parts = {
        "title": {"label": _("Title"), "longest": LONGEST_KIT_TITLE, "lines": 1},
        "body": {"label": _("Text"), "longest": LONGEST_KIT_BODY, "lines": 10},
    }
    LABELS = {
        StepKind.LAW: _("What the law is about (may be left empty)"),
        StepKind.FILE: _("What the document says, in words"),
        StepKind.LINK: _("Transcript, or what is said and shown, in words"),
    }
    minutes = forms.IntegerField(
        label=_("Minutes it takes"),
        help_text=_("Leave it empty, and they are reckoned from the number of words."),
        required=False,
        min_value=1,
        max_value=240,
    )
    preview = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, kind: StepKind, step: KitStep | None = None, **options: Any) -> None:
        self.kind, self.step = kind, step
        if kind in self.LABELS:
            self.parts = {**self.parts, "body": {**self.parts["body"], "label": self.LABELS[kind]}}
        super().__init__(*args, **options)
        if kind == StepKind.LINK:
            self.fields["address"] = WebField(
                label=_("Address"),
                help_text=_("It begins with https://. The page says that this leads elsewhere."),
                max_length=500,
                assume_scheme="https",
                error_messages={"required": _("Please give the address.")},
            )
        if kind == StepKind.FILE:
            self.fields["file"] = forms.FileField(
                label=_("The document (PDF)"),
                help_text=_("Up to 5 MB. Readers on a phone or with a screen reader have your words below instead."),
                max_length=200,
                required=step is None or not hasattr(step, "file"),
                widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
                error_messages={"required": _("Please choose the document.")},
            )
        if kind == StepKind.LAW:
            self.fields["law_language"] = forms.ChoiceField(
                label=_("The law itself is written in"), choices=language_names(self.assembly)
            )

    def may_be_empty(self, part: str) -> bool:
        return part == "body" and self.kind == StepKind.LAW

    def clean_file(self) -> Document | None:
        file = self.cleaned_data["file"]
        return document_of(file) if file else None

    @property
    def words(self) -> StepWords:
        given = self.cleaned_data
        return StepWords(
            self.texts,
            given["minutes"],
            given.get("address", ""),
            given.get("law_language", ""),
            given.get("file"),
        )


class LawForm(StrictForm):
    law = TextField(
        label=_("The text of the law"),
        help_text=_("Paste it. A new clause begins with a line such as “Article 3” or “Pasal 3”."),
        longest=LONGEST_LAW,
        shortest=10,
        lines=10,
        error_messages={"required": _("Please paste the text first.")},
    )


class ClauseForm(InLanguagesForm):
    """One clause: its number, its own words, and what it means in plain ones."""

    parts = {"plain": {"label": _("In plain words"), "longest": LONGEST_PLAIN, "lines": 4}}
    number = TextField(label=_("Number"), longest=40, shortest=0, lines=1, required=False)
    text = TextField(label=_("The law says"), longest=LONGEST_CLAUSE, lines=6)

    def __init__(self, *args: object, clause: Clause, **options: Any) -> None:
        plain = {each.language: {"plain": each.plain} for each in clause.translations.all()}
        first = {"number": clause.number, "text": clause.text}
        super().__init__(*args, kept=plain, initial=first, **options)

    def may_be_empty(self, part: str) -> bool:
        return True

    def clean(self) -> dict[str, object]:
        return StrictForm.clean(self)

    @property
    def plain(self) -> dict[str, str]:
        return {code: self._of(code)["plain"] for code in self.assembly.languages}


class ChangeForm(StrictForm):
    """What becomes of a step, a clause or a word."""

    change = forms.ChoiceField()

    def __init__(self, data: object = None, *, changes: list[str]) -> None:
        super().__init__(data)
        self.fields["change"].choices = [(change, change) for change in changes]


class ReadingForm(StrictForm):
    read = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class TermForm(StrictForm):
    language = forms.ChoiceField(label=_("Language"))
    term = TextField(
        label=_("Word"),
        help_text=_("Other ways to say it in brackets: they are found in the texts too."),
        longest=LONGEST_TERM,
        shortest=2,
        lines=1,
        error_messages={"required": _("Please write the word.")},
    )
    meaning = TextField(
        label=_("What it means"),
        longest=LONGEST_MEANING,
        shortest=5,
        error_messages={"required": _("Please say what it means.")},
    )

    def __init__(self, data: object = None, *, assembly: Assembly, entry: GlossaryEntry | None = None) -> None:
        kept = entry and {"language": entry.language, "term": entry.term, "meaning": entry.meaning}
        super().__init__(data, initial=kept)
        self.entry, self.assembly = entry, assembly
        known = dict(language_names(assembly)) | (
            {entry.language: dict(settings.LANGUAGES).get(entry.language)} if entry else {}
        )
        self.fields["language"].choices = list(known.items())

    def clean(self) -> dict[str, object]:
        """Another word of this name is changed where it stands, never by the way."""
        cleaned = super().clean()
        same = self.assembly.glossary.standing().filter(language=cleaned.get("language"), term=cleaned.get("term"))
        if same.exclude(pk=self.entry and self.entry.pk).exists():
            self.add_error("term", _("This word is in the glossary already."))
        return cleaned
