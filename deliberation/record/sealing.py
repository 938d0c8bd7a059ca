"""Sealing: waiting entries get their place in the tree, and a signed checkpoint says so.

Texts are sealed at once. Votes and rankings wait for each other: until ten people have given theirs, or the phase has
ended, so that their order and company tell nothing. Everything sealed together is shuffled first.
"""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from deliberation import locks
from deliberation.models import SECRET_TYPES, Assembly, Checkpoint, RecordSubtree
from deliberation.record import keys, notes, tree
from deliberation.record.nodes import BITS, Nodes, RecordDamagedError
from deliberation.record.notes import NoteRejectedError

__all__ = ["NoteRejectedError", "RecordDamagedError", "seal", "waiting"]
FEWEST_VOTERS = 10

# A phase that opens or closes leaves an entry: votes that waited until then are sealed with it.
READY = """
    SELECT entry.assembly_id, bool_or(type <> ALL(%(secret)s)) AS texts, bool_or(type = 'phase')
        OR count(DISTINCT owner.participant_id) FILTER (WHERE type = ANY(%(secret)s)) >= %(fewest)s
        OR NOT EXISTS (SELECT FROM deliberation_phase phase WHERE phase.assembly_id = entry.assembly_id
                       AND opened_at IS NOT NULL AND closed_at IS NULL) AS votes
    FROM deliberation_recordentry entry LEFT JOIN deliberation_recordowner owner ON owner.entry_id = entry.id
    WHERE sequence IS NULL AND (%(only)s::bigint IS NULL OR entry.assembly_id = %(only)s)
    GROUP BY entry.assembly_id
"""
# What is ready is decided and read in one statement, so that nobody slips in between.
ENTRIES = f"""
    SELECT entry.id, leaf_hash, sha256('\\x00'::bytea || leaf)
    FROM deliberation_recordentry entry JOIN ({READY}) ready USING (assembly_id)
    WHERE sequence IS NULL AND (type <> ALL(%(secret)s) OR ready.votes)
"""  # noqa: S608 - both parts are written here
NUMBER = """
    UPDATE deliberation_recordentry entry SET sequence = numbered.sequence
    FROM unnest(%s::bigint[], %s::bigint[]) AS numbered (id, sequence)
    WHERE entry.id = numbered.id AND entry.sequence IS NULL
"""


def waiting() -> list[int]:
    """Assemblies with something to seal now; one query for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(READY, {"fewest": FEWEST_VOTERS, "secret": list(SECRET_TYPES), "only": None})
        return [assembly_id for assembly_id, texts, votes in cursor.fetchall() if texts or votes]


@transaction.atomic
def seal(assembly: Assembly) -> Checkpoint | None:
    """Seal what may be sealed now; None if that is nothing, or somebody else does it. Raises RecordDamagedError."""
    if not locks.try_share_until_commit(locks.SEALING, keys.ALL_RECORDS):
        return None
    if not locks.try_lock_until_commit(locks.SEALING, assembly.pk):
        return None
    entries = _shuffled_entries(assembly)
    if not entries:
        return None
    last = assembly.checkpoints.first()
    signer = notes.Signer(log_name(assembly, last), notes.kept_key(settings.RECORD_KEY_FILE))
    growth = _continued(assembly, last, keys.key_of_last(assembly, last, signer))
    _append(assembly, growth, entries)
    _refuse_another_past(assembly, last, growth)
    note = signer.sign(str(notes.Tree(signer.name, growth.size, growth.root)))
    return assembly.checkpoints.create(size=growth.size, root=growth.root, note=note, key=signer.verifier_key)


def log_name(assembly: Assembly, last: Checkpoint | None = None) -> str:
    """The name of the log (its origin): given once, whatever address the site moves to later."""
    last = last or assembly.checkpoints.first()
    if last is not None:
        return notes.Tree.parsed(last.note).origin
    return f"{urlsplit(settings.BASE_URL).netloc}/assembly/{assembly.public_id}"


def _continued(assembly: Assembly, last: Checkpoint | None, key: str) -> tree.Growth:
    """The tree as it was last signed, from what is stored now."""
    if last is None:
        return tree.Growth(0, [])
    signed = notes.Tree.parsed(notes.opened(last.note, key))
    growth = tree.Growth(signed.size, Nodes(assembly.pk).roots_of(tree.peaks(signed.size)))
    if (signed.origin, signed.size, signed.root) != (log_name(assembly, last), last.size, growth.root):
        raise RecordDamagedError(f"the record of assembly {assembly.pk} is not the one signed at size {last.size}")
    return growth


def _shuffled_entries(assembly: Assembly) -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"fewest": FEWEST_VOTERS, "secret": list(SECRET_TYPES), "only": assembly.pk})
        rows = cursor.fetchall()
    if wrong := [id for id, stored, computed in rows if bytes(stored) != bytes(computed)]:
        raise RecordDamagedError(f"entries whose hash is not that of their leaf: {wrong[:5]}")
    entries = [(id, bytes(stored)) for id, stored, _ in rows]
    secrets.SystemRandom().shuffle(entries)
    return entries


def _append(assembly: Assembly, growth: tree.Growth, entries: list[tuple[int, bytes]]) -> None:
    """Number the entries and keep the roots of the subtrees that they complete."""
    sequences = list(range(growth.size, growth.size + len(entries)))
    # What the new leaves complete, and is worth keeping: the roots of whole tiles.
    kept = [node for _, leaf in entries for node in growth.add(leaf) if node[0] and node[0] % BITS == 0]
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [[id for id, _ in entries], sequences])
        if cursor.rowcount != len(entries):
            raise RecordDamagedError(f"{cursor.rowcount} of {len(entries)} entries could be numbered")
    RecordSubtree.objects.bulk_create(
        (RecordSubtree(assembly=assembly, level=level, place=place, root=root) for level, place, root in kept),
        batch_size=1000,
    )


def _refuse_another_past(assembly: Assembly, last: Checkpoint | None, growth: tree.Growth) -> None:
    """What is stored now must lead to the new root, and the last signed root must be its beginning."""
    nodes = Nodes(assembly.pk)
    if nodes.root_of(0, growth.size) != growth.root:
        raise RecordDamagedError(f"the stored tree of assembly {assembly.pk} is not the one to be signed")
    if last is not None:
        proof = nodes.consistency_proof(last.size, growth.size)
        if not tree.is_consistent(last.size, bytes(last.root), growth.size, growth.root, proof):
            raise RecordDamagedError(f"the record of assembly {assembly.pk} does not continue its last checkpoint")
