"""Rules that Django cannot spell: an assembly's rows refer only to its own, and the record only grows."""

from django.db import migrations

WITHIN_ONE_ASSEMBLY = [
    ("vote", "participant"),
    ("vote", "statement"),
    ("statement", "author"),
    ("argument", "author"),
    ("argument", "proposal"),
]
TARGET = {"author": "participant"}


def reference(table: str, column: str) -> migrations.RunSQL:
    name, target = f"{table}_{column}_of_same_assembly", TARGET.get(column, column)
    return migrations.RunSQL(
        f"""ALTER TABLE deliberation_{table} ADD CONSTRAINT {name}
            FOREIGN KEY (assembly_id, {column}_id) REFERENCES deliberation_{target} (assembly_id, id)
            DEFERRABLE INITIALLY DEFERRED""",
        f"ALTER TABLE deliberation_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("deliberation", "0001_the_ground_floor")]
    operations = [
        *(reference(table, column) for table, column in WITHIN_ONE_ASSEMBLY),
        migrations.RunSQL(
            """
            CREATE FUNCTION record_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL
                   AND (NEW.assembly_id, NEW.type, NEW.leaf, NEW.leaf_hash)
                     = (OLD.assembly_id, OLD.type, OLD.leaf, OLD.leaf_hash) THEN
                    RETURN NEW;  -- sealing
                END IF;
                RAISE EXCEPTION 'the record only grows: entry % may not be changed or removed', OLD.id;
            END $$;
            CREATE TRIGGER record_only_grows BEFORE UPDATE OR DELETE ON deliberation_recordentry
                FOR EACH ROW EXECUTE FUNCTION record_only_grows();
            """,
            """
            DROP TRIGGER record_only_grows ON deliberation_recordentry;
            DROP FUNCTION record_only_grows();
            """,
        ),
    ]
