from django.db import transaction

from deliberation import live, locks, record
from deliberation.analysis.summary import next_summary
from deliberation.models import Assembly, Summary


def summarise(assembly: Assembly) -> Summary | None:
    """Publish the next summary if anything it rests on has changed; the last one stays until then."""
    with locks.locked(locks.SUMMARISING, assembly.pk), locks.one_moment():
        made = next_summary(assembly)
        if made is not None:
            made.run.save()
            Summary.objects.filter(assembly=assembly, state="published").update(state="superseded")
            made.save()
            record.append(assembly, type="summary", id=str(made.version), content={"input": made.run.input_digest})
            transaction.on_commit(lambda: live.announce(assembly.pk, "summary", made.version), robust=True)
    return made
