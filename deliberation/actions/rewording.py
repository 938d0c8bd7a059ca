from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from deliberation import enqueue, live, record
from deliberation.actions.errors import NotInThisState, Reworded, WordsStay
from deliberation.actions.moderating import Contribution, hold, lock, moderate, tell_of_change
from deliberation.actions.phases import require
from deliberation.analysis.summary_steps import texts_compared
from deliberation.models import (
    Answer,
    ContributionReading,
    Decision,
    Embedding,
    Moderation,
    Participant,
    Statement,
    Summary,
    SummaryState,
    Verb,
    Vote,
    text_digest,
)
from deliberation.models.moderation import ContributionQuerySet


@transaction.atomic
def reword(contribution: Contribution, text: str, edits: int, nonce: str = "") -> None:
    """Change the words of one's own contribution while nobody rests on them; the record keeps those before.

    `edits` is how often they had been changed when the author read them. Raises PhaseClosed, WordsStay, or Reworded
    where the author changed them elsewhere meanwhile.
    """
    require(contribution.author, Verb.STATE if isinstance(contribution, Statement) else Verb.ARGUE)
    # A vote that is being written holds its statement: it is waited for, and then counted here.
    current = type(contribution).objects.select_for_update().get(pk=contribution.pk)
    if current.edits != edits:
        raise Reworded
    if not may_be_reworded(type(contribution).objects.filter(pk=current.pk)):
        raise WordsStay
    if current.text == text:
        return
    type(contribution).objects.filter(pk=current.pk).update(text=text, edits=F("edits") + 1)
    compared = [text_digest(each) for each in (current.text, *texts_compared(current.text))]
    Embedding.objects.filter(text_digest__in=compared).delete()
    ContributionReading.objects.filter(**{type(current)._meta.model_name: current}).delete()
    enqueue.vectors_on_commit()
    unread = current.moderations.current().hiding().exists() or current.assembly.looks_first
    _answered(current, Answer.REWORDED)
    # What was looked at were the words before: the new ones wait for a moderator again.
    current.moderations.current().update(lifted_at=timezone.now())
    _tell(current, text, edits + 1, nonce)
    if unread:
        tell_of_change(current, hold(current))


@transaction.atomic
def ask_to_reword(contribution: Contribution, wish: str, by: Participant) -> Moderation:
    """Wish for other words; these are shown meanwhile, unless they waited. Raises WordsStay, Appealed."""
    if not may_be_reworded(type(contribution).objects.filter(pk=lock(contribution).pk)):
        raise WordsStay
    return moderate(contribution, Decision.ASKED, wish, by)


@transaction.atomic
def keep_words(contribution: Contribution, nonce: str = "") -> None:
    """Say no to the wish for other words; a moderator decides on them as they are. Raises NotInThisState."""
    current = lock(contribution)
    wish = current.moderations.current().filter(decision=Decision.ASKED).first()
    if wish is None:
        raise NotInThisState
    _answered(current, Answer.DECLINED)
    if wish.before_showing:
        hold(current)
    told = {"type": "request", "id": current.public_id, "n": wish.revision, "content": {"answer": Answer.DECLINED}}
    record.append(current.assembly, **told, by=current.author, nonce=nonce)


def _answered(contribution: Contribution, answer: Answer) -> None:
    asked = contribution.moderations.current().filter(decision=Decision.ASKED)
    asked.update(answer=answer, lifted_at=timezone.now())


def may_be_reworded(own: ContributionQuerySet) -> set[str]:
    """Public ids of those whose words may still change: statements until somebody else has voted on them, arguments
    until a summary cites them; nothing that is hidden by a rule or merged."""
    fixed = Moderation.objects.current().filter(decision__in=[Decision.REJECTED, Decision.MERGED])
    of_it = {own.model._meta.model_name: OuterRef("pk")}
    free = own.filter(~Exists(fixed.filter(**of_it)), withdrawn_at__isnull=True)
    if own.model is Statement:
        others = Vote.objects.filter(statement=OuterRef("pk")).exclude(participant=OuterRef("author"))
        free = free.filter(~Exists(others))
    found = dict(free.values_list("public_id", "assembly"))
    return set(found) - set().union(*(_cited(assembly_id) for assembly_id in set(found.values())))


def _cited(assembly_id: int) -> set[str]:
    """By summaries that others than facilitators have ever seen; a draft that cites them is simply out of date then."""
    seen = Summary.objects.filter(assembly=assembly_id).exclude(state=SummaryState.DRAFT)
    return {source for document in seen.values_list("document", flat=True) for source in document.get("sources", ())}


def _tell(contribution: Contribution, text: str, n: int, nonce: str) -> None:
    entry = record.append(
        contribution.assembly,
        type="edit",
        id=contribution.public_id,
        n=n,
        content={"text": text, "language": contribution.language},
        by=contribution.author,
        nonce=nonce,
    )
    topic = "statements" if isinstance(contribution, Statement) else "arguments"
    transaction.on_commit(lambda: live.announce(contribution.assembly_id, topic, entry.pk), robust=True)
