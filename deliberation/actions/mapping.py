from django.db import transaction

from deliberation import enqueue, live, locks, record
from deliberation.analysis import consensus_map
from deliberation.models import Assembly, ConsensusMap


def refresh_map(assembly: Assembly, thorough: bool | None = None) -> ConsensusMap | None:
    """Publish the next map if the votes give one. One at a time per assembly; each reads what the last one wrote.

    After a quick map of many votes a thorough one is asked for, which tests the groups.
    """
    with locks.locked(locks.MAPPING, assembly.pk), locks.one_moment():
        enqueue.map_is_being_made(assembly.pk)
        made = consensus_map.next_map(assembly, thorough)
        if made is not None:
            made.save()
            record.append(assembly, type="map", id=str(made.version), content={"input": made.input_digest})
            transaction.on_commit(lambda: live.announce(assembly.pk, live.MAP, made.version), robust=True)
            if not consensus_map.is_thorough(made):
                transaction.on_commit(lambda: enqueue.ask_for_thorough_map(assembly.pk), robust=True)
    return made
