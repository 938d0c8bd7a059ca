from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliberation', '0014_candidates_from_summaries'),
    ]

    operations = [
        migrations.AddField(
            model_name='summaryrun',
            name='publishes',
            field=models.BooleanField(default=False, help_text='Without review: for the demo, whose people are nobody.'),
        ),
    ]
