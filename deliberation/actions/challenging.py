"""Objecting to a sentence of a published summary, and answering the objection where everybody can read it."""

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from deliberation import record
from deliberation.actions.errors import AlreadyChallenged, NotInThisState
from deliberation.models import Challenge, ChallengeState, Participant, Rule, Summary, SummaryState


def challenge(
    participant: Participant, summary: Summary, key: str, reason: str, language: str, nonce: str = ""
) -> Challenge:
    """Object to a sentence. Raises NotInThisState unless the version is published, and AlreadyChallenged."""
    with transaction.atomic():
        published = Summary.objects.select_for_update(no_key=True).get(pk=summary.pk)
        if published.state != SummaryState.PUBLISHED:
            raise NotInThisState
        try:
            with transaction.atomic():
                made = summary.challenges.create(key=key, participant=participant, reason=reason, language=language)
        except IntegrityError:
            raise AlreadyChallenged from None
        said = {"summary": summary.version, "key": key, "reason": _sha256(reason), "language": language}
        _tell(made, said, by=participant, nonce=nonce)
    return made


@transaction.atomic
def answer(challenge: Challenge, state: ChallengeState, words: str, by: Participant, rule: Rule | str = "") -> None:
    """Keep the sentence or promise to correct it, and say why; `rule` hides the words of the objection."""
    current = Challenge.objects.select_for_update(no_key=True).get(pk=challenge.pk)
    if current.state == ChallengeState.CORRECTED:
        raise NotInThisState
    answered = {"state": state, "answer": words, "hidden_by_rule": rule, "answered_by": by}
    Challenge.objects.filter(pk=current.pk).update(**answered, answered_at=timezone.now(), changes=F("changes") + 1)
    current.changes += 1
    _tell(current, {"state": state, "answer": _sha256(words), "rule": rule})


def correct_accepted(published: Summary, changed: set[tuple[int, str]]) -> None:
    """Tell accepted objections in which version their sentence was changed or left out.

    `changed` has (summary, key) of sentences that no longer stand as they did. Call it in the publishing transaction.
    """
    accepted = Challenge.objects.select_for_update(no_key=True, of=("self",)).filter(
        summary__assembly=published.assembly_id, state=ChallengeState.ACCEPTED
    )
    for each in accepted.select_related("summary__assembly"):
        if (each.summary_id, each.key) in changed:
            each.state, each.corrected_in, each.changes = ChallengeState.CORRECTED, published, each.changes + 1
            each.save(update_fields=["state", "corrected_in", "changes"])
            _tell(each, {"state": each.state, "corrected_in": published.version})


def forget_objections(participant: Participant) -> None:
    """Erase the words of somebody's objections and answers; that there was one, and what came of it, stays."""
    Challenge.objects.filter(participant=participant).update(participant=None, reason="")
    Challenge.objects.filter(answered_by=participant).update(answered_by=None, answer="")


def _tell(challenge: Challenge, content: dict[str, object], by: Participant | None = None, nonce: str = "") -> None:
    id, n = challenge.public_id, challenge.changes
    record.append(challenge.summary.assembly, type="challenge", id=id, n=n, content=content, by=by, nonce=nonce)


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
