import deliberation.models.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


MOVED = ("input_digest", "code_version", "parameters", "models_used")


def give_each_its_run(apps, editor):
    """What earlier versions were made from moves to a run; their documents have another form, so they are past."""
    runs, summaries = (apps.get_model("deliberation", name) for name in ("SummaryRun", "Summary"))
    for summary in summaries.objects.all():
        moved = {name: getattr(summary, name) for name in MOVED}
        summary.run = runs.objects.create(assembly=summary.assembly, state="done", map=summary.map, **moved)
        summary.state = "superseded"
        summary.save(update_fields=["run", "state"])


class Migration(migrations.Migration):

    dependencies = [
        ('deliberation', '0006_undo_returns_to_the_choice_before'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rewriter', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SummaryRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', deliberation.models.fields.PublicIdField(default=deliberation.models.fields.new_public_id, editable=False, max_length=16, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting for the language worker'), ('running', 'being written'), ('done', 'written'), ('cancelled', 'stopped'), ('failed', 'failed')], default='waiting', max_length=16)),
                ('step', models.CharField(choices=[('normalise', 'reading what was said'), ('language', 'telling the languages apart'), ('flags', 'setting aside what no model may read'), ('embed', 'comparing meanings'), ('duplicates', 'finding what was said twice'), ('topics', 'finding topics'), ('key_points', 'finding what several people said'), ('rewrite', 'drafting shorter sentences'), ('gate', 'checking the drafts'), ('document', 'writing the document')], default='normalise', max_length=16)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0, help_text='How often the present step was begun.')),
                ('restarts', models.PositiveSmallIntegerField(default=0, help_text='How often the input changed under the run.')),
                ('why', models.CharField(blank=True, choices=[('model', 'a model could not be loaded'), ('changed', 'contributions kept changing while it was written'), ('crashed', 'the worker ended again and again at this step'), ('error', 'something unforeseen went wrong')], max_length=16)),
                ('detail', models.TextField(blank=True, help_text="For the operator; holds nobody's words.")),
                ('inputs', models.JSONField(default=dict, help_text='The SHA-256 of each text read, by public id.')),
                ('input_digest', models.CharField(blank=True, max_length=64)),
                ('code_version', models.CharField(blank=True, max_length=64)),
                ('parameters', models.JSONField(default=dict)),
                ('models_used', models.JSONField(default=list, help_text='Model id, revision, weight hash, licence, prompt hash.')),
                ('account', models.JSONField(default=dict, help_text='Counts in and out, and why each item was left out.')),
                ('results', models.JSONField(default=dict, help_text='What finished steps found; emptied when the run has ended.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('heard_at', models.DateTimeField(auto_now_add=True, help_text='When a worker last told how far it is.')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_wanted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text="The sentence's key in the document.", max_length=16)),
                ('language', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('cites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ('gate', models.CharField(blank=True, help_text="Which check let a model's words through.", max_length=16)),
                ('ticked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='summary',
            name='changes',
            field=models.PositiveSmallIntegerField(default=1, help_text='How often its state was set: the revision of its entry in the record.'),
        ),
        migrations.AddField(
            model_name='summary',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='summaries', to='deliberation.participant'),
        ),
        migrations.AddField(
            model_name='summary',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='summary',
            name='reason',
            field=models.TextField(blank=True, help_text="A facilitator's words for withdrawing it."),
        ),
        migrations.AddField(
            model_name='summary',
            name='revised_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='deliberation.summary'),
        ),
        migrations.AddField(
            model_name='summary',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('offered', 'offered to participants'), ('published', 'published'), ('superseded', 'followed by a newer version'), ('withdrawn', 'withdrawn')], default='draft', max_length=16),
        ),
        migrations.AddField(
            model_name='summary',
            name='state_since',
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='summary',
            name='why_withdrawn',
            field=models.CharField(blank=True, choices=[('source_gone', 'a contribution that it rested on was changed, hidden or taken back'), ('facilitator', 'a facilitator withdrew it')], max_length=16),
        ),
        migrations.AlterField(
            model_name='summary',
            name='document',
            field=models.JSONField(help_text="Ids, places, counts and digests; people's words are looked up."),
        ),
        migrations.AddField(
            model_name='modelchoice',
            name='assembly',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='model_choices', to='deliberation.assembly'),
        ),
        migrations.AddField(
            model_name='modelchoice',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='model_choices', to='deliberation.participant'),
        ),
        migrations.AddField(
            model_name='summaryrun',
            name='assembly',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summary_runs', to='deliberation.assembly'),
        ),
        migrations.AddField(
            model_name='summaryrun',
            name='map',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='summary_runs', to='deliberation.consensusmap'),
        ),
        migrations.AddField(
            model_name='summaryrun',
            name='started_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='summary_runs', to='deliberation.participant'),
        ),
        migrations.AddField(
            model_name='summary',
            name='run',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='deliberation.summaryrun'),
        ),
        migrations.RunPython(give_each_its_run, migrations.RunPython.noop),
        # PostgreSQL changes no table while foreign keys in it are still to be checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='summary',
            name='code_version',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='input_digest',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='models_used',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='parameters',
        ),
        migrations.AddConstraint(
            model_name='summary',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('assembly',), name='one_published_summary'),
        ),
        migrations.AddConstraint(
            model_name='summary',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'offered')), fields=('assembly',), name='one_offered_summary'),
        ),
        migrations.AddConstraint(
            model_name='summary',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'offered', 'published', 'superseded', 'withdrawn'])), name='summary_state_is_known'),
        ),
        migrations.AddField(
            model_name='wording',
            name='summary',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='deliberation.summary'),
        ),
        migrations.AddField(
            model_name='wording',
            name='ticked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ticked_wordings', to='deliberation.participant'),
        ),
        migrations.AddField(
            model_name='wording',
            name='written_by',
            field=models.ForeignKey(blank=True, help_text='None is a model.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wordings', to='deliberation.participant'),
        ),
        migrations.AddConstraint(
            model_name='summaryrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('assembly',), name='one_unfinished_run'),
        ),
        migrations.AddConstraint(
            model_name='summaryrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'cancelled', 'failed'])), name='run_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='summaryrun',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['normalise', 'language', 'flags', 'embed', 'duplicates', 'topics', 'key_points', 'rewrite', 'gate', 'document'])), name='run_step_is_known'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('summary', 'key', 'language'), name='one_wording_a_sentence_and_language'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(('text__length__gte', 1)), name='wording_says_something'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(('cites__len__gte', 1)), name='wording_rests_on_something'),
        ),
    ]
