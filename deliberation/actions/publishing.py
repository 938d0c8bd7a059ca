"""The states of a version of the summary: who set them, when, and what of it stands in the record."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from deliberation import live, record
from deliberation.actions.errors import NothingToSummarise, NotInThisState, SourceGone
from deliberation.analysis.summary_document import digest_of_document, gone, tells_of_arguments
from deliberation.models import Assembly, Participant, Summary, SummaryState, WhyWithdrawn

State = SummaryState
PUBLIC = (State.OFFERED, State.PUBLISHED)


@transaction.atomic
def offer(summary: Summary, by: Participant | None) -> Summary:
    """Ask participants whether it represents what they said. Raises what `_checked` raises."""
    _checked(summary, {State.DRAFT})
    _replace(summary, State.OFFERED, State.DRAFT)
    return _set(summary, State.OFFERED)


@transaction.atomic
def publish(summary: Summary, by: Participant | None) -> Summary:
    """Make it the assembly's summary; the one before is superseded. Raises what `_checked` raises."""
    _checked(summary, {State.DRAFT, State.OFFERED, State.WITHDRAWN})
    _replace(summary, State.PUBLISHED, State.SUPERSEDED)
    summary.published_at = timezone.now()
    return _set(summary, State.PUBLISHED)


@transaction.atomic
def withdraw(summary: Summary, by: Participant | None, reason: str = "") -> Summary:
    """Take a public version back. Raises NotInThisState."""
    current = _locked(summary)
    if current.state not in PUBLIC:
        raise NotInThisState
    summary.changes, summary.reason, summary.why_withdrawn = current.changes, reason, WhyWithdrawn.FACILITATOR
    return _set(summary, State.WITHDRAWN)


def withdraw_what_rests_on(assembly: Assembly, public_ids: Iterable[str]) -> list[Summary]:
    """Withdraw what is public and cites any of these, if it does not hold any more.

    Call it in the transaction that changed them: no reader finds one without the other.
    """
    cited = Summary.objects.filter(
        assembly=assembly, state__in=PUBLIC, document__sources__has_any_keys=list(public_ids)
    )
    return [each for each in cited.select_for_update(no_key=True) if withdraw_if_unsupported(each)]


def withdraw_if_unsupported(summary: Summary) -> bool:
    if not gone(summary.document, summary.assembly):
        return False
    summary.why_withdrawn = WhyWithdrawn.SOURCE_GONE
    _set(summary, State.WITHDRAWN)
    return True


@transaction.atomic
def withdraw_unsupported() -> int:
    """Look at everything public: what changed without anybody telling is found here. How many were withdrawn."""
    public = Summary.objects.filter(state__in=PUBLIC).select_related("assembly").select_for_update(of=["self"])
    return sum(withdraw_if_unsupported(each) for each in public)


def _locked(summary: Summary) -> Summary:
    return Summary.objects.select_for_update(no_key=True).get(pk=summary.pk)


def _checked(summary: Summary, states: set[SummaryState]) -> None:
    """Raises NotInThisState, NothingToSummarise for a version of no argument, and SourceGone."""
    current = _locked(summary)
    summary.state, summary.changes = current.state, current.changes
    if current.state not in states or current.document.get("format") is None:
        raise NotInThisState
    if not tells_of_arguments(current.document):
        raise NothingToSummarise
    if gone(current.document, summary.assembly):
        raise SourceGone


def _replace(summary: Summary, state: SummaryState, becomes: SummaryState) -> None:
    for other in Summary.objects.filter(assembly=summary.assembly, state=state).exclude(pk=summary.pk):
        _set(other, becomes)


def _set(summary: Summary, state: SummaryState) -> Summary:
    summary.state, summary.state_since, summary.changes = state, timezone.now(), summary.changes + 1
    summary.save(
        update_fields=["state", "state_since", "changes", "reason", "why_withdrawn", "published_at"],
    )
    tell(summary)
    return summary


def tell(summary: Summary) -> None:
    """The record names the version, its state and the digest of its document; open pages hear that there is news."""
    content = {"state": summary.state, "document": digest_of_document(summary.document)}
    entry = record.append(summary.assembly, type="summary", id=str(summary.version), n=summary.changes, content=content)
    transaction.on_commit(lambda: live.announce(summary.assembly_id, "summary", entry.pk), robust=True)
