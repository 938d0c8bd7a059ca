from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deliberation", "0023_tables_cards_and_notes")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="founds_since",
            field=models.DateTimeField(
                blank=True, help_text="Since when the operator lets them set up assemblies.", null=True
            ),
        ),
        migrations.AddField(
            model_name="assembly",
            name="archived_at",
            field=models.DateTimeField(
                blank=True, help_text="Since then everything can be read and nothing be written.", null=True
            ),
        ),
        migrations.AddField(
            model_name="assembly",
            name="changes",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="How often its texts and its settings were written; the record counts along.",
            ),
        ),
        migrations.CreateModel(
            name="FoundingCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.BinaryField(max_length=32, unique=True)),
                ("most_uses", models.PositiveIntegerField(default=1)),
                ("uses", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uses__lte", models.F("most_uses"))), name="founding_code_not_overused"
                    )
                ],
            },
        ),
    ]
