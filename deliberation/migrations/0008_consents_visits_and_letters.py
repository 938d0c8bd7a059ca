import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Whoever joined before consents had purposes had agreed to take part, and to nothing else.
AGREED = """
    INSERT INTO deliberation_consent (participant_id, purpose, given_at)
    SELECT id, 'take_part', joined_at FROM deliberation_participant
    WHERE account_id IS NOT NULL AND route NOT IN ('import', 'simulated')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deliberation', '0007_summaries_are_made_step_by_step'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('take_part', 'Taking part under a name of your choice'), ('quote', 'Being quoted in summaries and reports'), ('reuse', 'Open data after the close'), ('news', 'News by e-mail')], max_length=16)),
                ('given_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['given_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='LastVisit',
            fields=[
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='last_visit', serialize=False, to='deliberation.participant')),
                ('seen_at', models.DateTimeField()),
                ('before', models.DateTimeField(blank=True, help_text='When the visit before this one ended.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('headers', models.JSONField(blank=True, default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(auto_now_add=True, help_text='Later with every attempt that failed.')),
                ('good_until', models.DateTimeField(help_text='After that it is of no use, and is dropped.')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MailedInvitation',
            fields=[
                ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mailed', serialize=False, to='deliberation.invitation')),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(max_length=8)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, help_text='The mail server would not take it.', null=True)),
                ('opened_at', models.DateTimeField(blank=True, help_text='When somebody typed or opened its code.', null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='participant',
            name='participant_has_an_account_or_is_imported',
        ),
        migrations.AddField(
            model_name='account',
            name='news_sent_at',
            field=models.DateTimeField(blank=True, help_text='When the last digest was written.', null=True),
        ),
        migrations.AddField(
            model_name='participant',
            name='erased_at',
            field=models.DateTimeField(blank=True, help_text='Since then nothing tells who this was; the row only holds the counts together.', null=True),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('account__isnull', False), ('route__in', ['import', 'simulated']), ('erased_at__isnull', False), _connector='OR'), name='participant_has_an_account_unless_nobody_is_there'),
        ),
        migrations.AddField(
            model_name='consent',
            name='participant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='deliberation.participant'),
        ),
        migrations.AddField(
            model_name='letter',
            name='account',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='letter',
            name='invitation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='deliberation.mailedinvitation'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('participant', 'purpose'), name='one_current_consent_a_purpose'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['take_part', 'quote', 'reuse', 'news'])), name='consent_purpose_is_known'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_is_withdrawn_after_it_is_given'),
        ),
        migrations.RunSQL(AGREED, migrations.RunSQL.noop),
    ]
