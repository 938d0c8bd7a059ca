"""What every page of an assembly needs to know: which assembly, who is reading, what is open."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps

from django.conf import settings
from django.contrib.auth import login
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext

from deliberation import visibility
from deliberation.actions.helping import go_on_helping
from deliberation.actions.visiting import COARSELY, remember_visit
from deliberation.models import (
    IDLE,
    Account,
    Assembly,
    AssemblyText,
    Draft,
    Helping,
    Participant,
    Phase,
    PhaseKind,
    PhaseText,
    Verb,
    Vote,
    in_language,
)
from deliberation.record import vote_id
from deliberation.record.helped import entered_in
from deliberation.views.errors import show_error, typed
from deliberation.views.for_another import closed_to_helpers, helping_has_ended, person_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Visit:
    """One request to one assembly."""

    request: HttpRequest
    assembly: Assembly
    participant: Participant | None
    helping: Helping | None = None  # the sitting in which a helper enters what this participant says

    @cached_property
    def entered(self) -> set[tuple[str, int]]:
        """What this sitting entered, by id and revision: all that a helper sees of what was chosen."""
        return entered_in(self.helping) if self.helping is not None else set()

    def may_read(self, vote: Vote) -> bool:
        """Whether the reader may know what was chosen: their own, or entered by this helper in this sitting."""
        return self.helping is None or self._is_entered(vote, vote.revision)

    def may_undo(self, vote: Vote) -> bool:
        """Whether they may know what was chosen before it, too."""
        return self.helping is None or vote.revision == 1 or self._is_entered(vote, vote.revision - 1)

    def _is_entered(self, vote: Vote, revision: int) -> bool:
        return (vote_id(self.participant, vote.statement), revision) in self.entered

    @cached_property
    def votes(self) -> QuerySet[Vote]:
        """The reader's own votes; what they say a helper learns through `may_read` alone."""
        votes = Vote.objects.filter(participant=self.participant)
        return votes if self.helping is None else votes.select_related("statement")

    @cached_property
    def drafts(self) -> QuerySet[Draft]:
        """The reader's own drafts; a helper sees those of this sitting."""
        drafts = Draft.objects.filter(participant=self.participant)
        return drafts if self.helping is None else drafts.filter(kept_at__gte=self.helping.began_at)

    @cached_property
    def language(self) -> str:
        return get_language() or "en"

    @cached_property
    def text(self) -> AssemblyText:
        return self.assembly.text_in(self.language)

    @cached_property
    def phases(self) -> list[Phase]:
        phases = list(self.assembly.phases.all())
        prefetch_related_objects(phases, "translations")
        for phase in phases:
            words = in_language(phase.translations.all(), self.language) or PhaseText()
            phase.name, phase.summary = words.name or phase.get_kind_display(), words.summary
        return phases

    @cached_property
    def phase(self) -> Phase | None:
        return next((phase for phase in self.phases if phase.state == "open"), None)

    @cached_property
    def rules(self) -> Phase | None:
        """The open phase without its words, which what one may do does not need."""
        return next((phase for phase in self.assembly.phases.all() if phase.state == "open"), None)

    @cached_property
    def is_over(self) -> bool:
        """Whether everything that people were asked for has been opened and closed: what is left is the answer."""
        return bool(self._asked) and all(phase.state == "past" for phase in self._asked)

    @cached_property
    def closed_at(self) -> datetime | None:
        """When the last phase closed in which people were asked for something."""
        return max((phase.closed_at for phase in self._asked if phase.closed_at), default=None)

    @cached_property
    def _asked(self) -> list[Phase]:
        return [phase for phase in self.assembly.phases.all() if phase.kind != PhaseKind.CLOSED]

    @cached_property
    def results(self) -> visibility.Results:
        return visibility.results_for(self.assembly, self.participant)

    @cached_property
    def hidden(self) -> str:
        """Why results are not shown to this reader, in words; empty where they are."""
        if self.results.shown:
            return ""
        if self.results.votes_missing:
            return ngettext(
                "You will see what others think after %(n)s more vote of your own.",
                "You will see what others think after %(n)s more votes of your own.",
                self.results.votes_missing,
            ) % {"n": self.results.votes_missing}
        return gettext("What others think is shown when this phase has closed.")

    @cached_property
    def can(self) -> dict[str, bool]:
        takes_part = self.participant is not None
        has_a_voice = takes_part and not self.participant.only_watches
        allowed = {str(verb): has_a_voice and self.rules is not None and self.rules.allows(verb) for verb in Verb}
        return {
            **allowed,
            "join": not takes_part and self.assembly.is_open and self.assembly.archived_at is None,
            "facilitate": takes_part and self.participant.is_facilitator,
            "moderate": takes_part and self.participant.is_moderator,
            "ask": has_a_voice and not any(self._is_the_end(phase) for phase in self.assembly.phases.all()),
            "answer": takes_part and self.participant.answers_questions,
            "commission": takes_part and self.participant.commissions,
            "speak": has_a_voice,
            "help": takes_part and self.participant.may_help and self.helping is None,
            "see_results": self.results.shown and self.helping is None,
        }

    @staticmethod
    def _is_the_end(phase: Phase) -> bool:
        return phase.kind == PhaseKind.CLOSED and phase.opened_at is not None

    def render(self, template: str, *, status: int = 200, **context: object) -> HttpResponse:
        """Show a page, or a part of one: what a template does not ask for is not looked up."""
        _remember(self)
        common = {
            "assembly": self.assembly,
            "participant": self.participant,
            "can": self.can,
            "results": self.results,
            "text": lambda: self.text,
            "phases": lambda: self.phases,
            "phase": lambda: self.phase,
            "hidden": lambda: self.hidden,
            "base_url": settings.BASE_URL,
            "helping": self.helping,
            "idle": IDLE.total_seconds(),
        }
        return render(self.request, template, {**common, **context}, status=status)


def _remember(visit: Visit) -> None:
    """That the reader was here, told coarsely: most pages write nothing."""
    if visit.participant is None or visit.helping is not None or visit.request.method != "GET":
        return
    place, now = f"seen:{visit.assembly.slug}", time.time()
    if now - visit.request.session.get(place, 0) > COARSELY.total_seconds():
        remember_visit(visit.participant)
        visit.request.session[place] = now


View = Callable[..., HttpResponse]

READING = ("GET", "HEAD", "OPTIONS")
# Where people have their say, which those who came to read do not have.
NEEDS_A_VOICE = {
    *("deck", "vote", "postponements", "new_statement", "statement_draft", "arguments", "argument_draft"),
    *("rankings", "objections", "ratification", "ratifications", "challenges", "poll_answers", "hands"),
    *("new_question", "question_interests"),
}
# What a helper may open and send for somebody else; nothing here tells what they chose before, or any result.
WITH_HELP = {
    *("deck", "vote", "postponements", "statements", "new_statement", "statement_draft", "helping_stops"),
    *("proposals", "proposal", "arguments", "argument_draft", "questions", "question", "new_question"),
    *("question_interests", "kit", "kit_file", "glossary"),
    *("session", "session_state", "hands", "lowered_hands", "poll_answers", "cards", "card_removals"),
}
# In an archived assembly: what remains everybody's right over their own, files of what is there, and the way back.
WHILE_ARCHIVED = {
    *("withdrawals", "consent_withdrawals", "erasures", "record_checks", "recovery_codes", "welcome"),
    *("new_report_file", "returns_from_archive", "copies"),
}


def in_assembly(view: View) -> View:
    """Find the assembly of the address and the reader's part in it."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **arguments: object) -> HttpResponse:
        assembly = Assembly.objects.prefetch_related("phases").filter(slug=slug).first()
        if assembly is None:
            raise Http404
        if assembly.archived_at and request.method not in READING and called(request) not in WHILE_ARCHIVED:
            return _nothing_is_written(request)
        participant = Participant.objects.of(assembly, request.user)
        if public_id := person_of(request):
            return _for_another(view, Visit(request, assembly, participant), public_id, arguments)
        if participant is not None and participant.only_watches and called(request) in NEEDS_A_VOICE:
            return _nothing_is_asked_of_them(request)
        return view(Visit(request, assembly, participant), **arguments)

    return found


def _for_another(view: View, helper: Visit, public_id: str, arguments: dict[str, object]) -> HttpResponse:
    """The same page as the person whose address it is would see it, for a helper who enters what they say."""
    if helper.participant is None or not helper.participant.may_help:
        raise Http404
    if called(helper.request) not in WITH_HELP:
        return closed_to_helpers(helper.request, helper.assembly.slug)
    helping = go_on_helping(helper.participant, public_id)
    if helping is None:
        return helping_has_ended(helper.request, helper.assembly.slug)
    participant = helping.participant
    if participant.only_watches and called(helper.request) in NEEDS_A_VOICE:
        return _nothing_is_asked_of_them(helper.request)
    participant.assembly, participant.helping = helper.assembly, helping
    return view(Visit(helper.request, helper.assembly, participant, helping), **arguments)


def _nothing_is_asked_of_them(request: HttpRequest) -> HttpResponse:
    return show_error(
        request,
        403,
        gettext("You are here to read"),
        gettext("Observers, and those who asked the question, see everything that is public; they do not take part."),
        gettext("If that is not why you came, ask the facilitator for another invitation."),
        kept=typed(request),
    )


def called(request: HttpRequest) -> str:
    """The name of the address in urls.py."""
    return request.resolver_match.url_name if request.resolver_match else ""


def _nothing_is_written(request: HttpRequest) -> HttpResponse:
    return show_error(
        request,
        409,
        gettext("This assembly is archived"),
        gettext("Everything in it can be read, but nothing is written any more, so this was not kept."),
        gettext("If you are its facilitator, you can bring it back at the desk."),
        kept=typed(request),
    )


def for_participants(view: View) -> View:
    """Ask whoever has not joined yet to do that first, and bring them back."""

    @wraps(view)
    @in_assembly
    def joined(visit: Visit, **arguments: object) -> HttpResponse:
        if visit.participant is None:
            return redirect("join", slug=visit.assembly.slug)
        return view(visit, **arguments)

    return joined


def for_facilitators(view: View) -> View:
    """To everybody else the page does not exist."""
    return _for_those_who_can("facilitate", view)


def for_moderators(view: View) -> View:
    """Facilitators moderate too; to everybody else the page does not exist."""
    return _for_those_who_can("moderate", view)


def for_helpers(view: View) -> View:
    """Facilitators, moderators and scribes; to everybody else the page does not exist."""
    return _for_those_who_can("help", view)


def for_commissioners(view: View) -> View:
    """Facilitators too; to everybody else the page does not exist."""
    return _for_those_who_can("commission", view)


def for_experts(view: View) -> View:
    """Facilitators may answer too; to everybody else the page does not exist."""
    return _for_those_who_can("answer", view)


def _for_those_who_can(do: str, view: View) -> View:
    @wraps(view)
    @in_assembly
    def entrusted(visit: Visit, **arguments: object) -> HttpResponse:
        if not visit.can[do]:
            raise Http404
        return view(visit, **arguments)

    return entrusted


def sign_in(request: HttpRequest, account: Account) -> None:
    """From here on this device is this account; the session gets a new key."""
    login(request, account, backend=BACKEND)


def place_of_code(assembly: Assembly) -> str:
    """Where the session keeps a code to come back with that its owner has not written down yet."""
    return f"recovery_code:{assembly.slug}"
