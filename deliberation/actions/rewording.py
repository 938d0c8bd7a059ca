from django.db import transaction
from django.db.models import F

from deliberation import enqueue, live, record
from deliberation.actions.errors import Reworded, WordsStay
from deliberation.actions.moderating import Contribution
from deliberation.actions.phases import require
from deliberation.models import Argument, Embedding, Statement, Summary, SummaryState, Verb, Vote, text_digest


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
    if not may_be_reworded(current):
        raise WordsStay
    if current.text == text:
        return
    type(contribution).objects.filter(pk=current.pk).update(text=text, edits=F("edits") + 1)
    Embedding.objects.filter(text_digest=text_digest(current.text)).delete()
    enqueue.vectors_on_commit()
    _tell(current, text, edits + 1, nonce)


def may_be_reworded(contribution: Contribution) -> bool:
    """A statement until somebody else has voted on it, an argument until a summary cites it; nothing that is hidden."""
    if not type(contribution).objects.shown().filter(pk=contribution.pk).exists():
        return False
    if isinstance(contribution, Statement):
        return not Vote.objects.filter(statement=contribution).exclude(participant=contribution.author_id).exists()
    return not is_cited(contribution)


def is_cited(argument: Argument) -> bool:
    """By a summary that anybody but facilitators has ever seen; a draft that cites it is simply out of date then."""
    shown = Summary.objects.filter(assembly=argument.assembly_id).exclude(state=SummaryState.DRAFT)
    return shown.filter(document__sources__has_key=argument.public_id).exists()


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
