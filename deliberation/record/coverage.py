"""What a map counted, said in the record's terms, so that anybody can count it again."""

from django.db import connection

from deliberation.models import Checkpoint, ConsensusMap, PolisImport

EXACTLY_COUNTED = """
    SELECT NOT EXISTS (
        SELECT FROM deliberation_recordentry WHERE assembly_id = %(assembly)s AND type = 'vote'
        AND (sequence IS NULL OR NOT pg_visible_in_snapshot(written_in, %(read_at)s::pg_snapshot))
    )
"""


def size_counted(made: ConsensusMap) -> int | None:
    """The size of the record whose votes, and no others, this map counted; None while votes wait or were not read.

    Imported votes have no entries: what rests on them cannot be counted again from the record.
    """
    if PolisImport.objects.filter(assembly=made.assembly_id).exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute(EXACTLY_COUNTED, {"assembly": made.assembly_id, "read_at": made.read_at})
        if not cursor.fetchone()[0]:
            return None
    newest = Checkpoint.objects.filter(assembly=made.assembly_id).first()
    return newest and newest.size
