"""The models of the paper's way, taken over from `results` with their tables: no row moves, no guard falls."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


MOVED = (
    "attendance", "bag", "bagitem", "copy", "draft", "entry", "explained", "hand", "handover", "member", "minute", "paper",
    "passage", "recap", "replacement", "scan", "scanbatch", "sitting",
)


def renamed(apps, start, to):
    """What points at a kind of record points at the same kind in its new room; a long job that waits is found there."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    kinds.filter(app_label=to, model__in=MOVED).delete()
    kinds.filter(app_label=start, model__in=MOVED).update(app_label=to)
    waiting = apps.get_model("django_tasks_database", "DBTaskResult").objects
    waiting.filter(task_path=f"kalata.{start}.tasks.read_scans").update(task_path=f"kalata.{to}.tasks.read_scans")


def forwards(apps, schema_editor):
    renamed(apps, "results", "tally")


def backwards(apps, schema_editor):
    renamed(apps, "tally", "results")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('country', '0004_codes'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('django_tasks_database', '0021_conditional_partial_index_ordering'),
        ('results', '0019_papers_apart'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='Bag',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60)),
                    ('kind', models.CharField(default='envelope', max_length=12)),
                    ('seals', models.JSONField(default=list)),
                    ('state', models.CharField(default='sealed', max_length=12)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bags', to='country.contest')),
                    ('inside', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='tally.bag')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='country.unit')),
                ],
                options={
                    'db_table': 'results_bag',
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='Copy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=120)),
                    ('sheet', models.BinaryField()),
                    ('image', models.CharField(blank=True, max_length=64)),
                    ('status', models.CharField(default='waiting', max_length=12)),
                    ('apart', models.JSONField(default=dict)),
                    ('stake', models.PositiveIntegerField(default=0)),
                    ('agreeing', models.PositiveSmallIntegerField(default=0)),
                    ('against', models.CharField(blank=True, max_length=64)),
                    ('answer', models.CharField(blank=True, max_length=16)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('at', models.DateTimeField()),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='country.contest')),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='country.station')),
                ],
                options={
                    'db_table': 'results_copy',
                    'ordering': ['-agreeing', '-stake', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Handover',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=12)),
                    ('giver', models.CharField(blank=True, max_length=120)),
                    ('receiver', models.CharField(blank=True, max_length=120)),
                    ('place', models.CharField(blank=True, max_length=120)),
                    ('seals', models.JSONField(default=list)),
                    ('intact', models.BooleanField(default=True)),
                    ('condition', models.CharField(blank=True, max_length=300)),
                    ('expected', models.PositiveIntegerField(null=True)),
                    ('received', models.PositiveIntegerField(null=True)),
                    ('photo', models.CharField(blank=True, max_length=64)),
                    ('witness', models.CharField(blank=True, max_length=120)),
                    ('at', models.DateTimeField()),
                    ('bag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='tally.bag')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'results_handover',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Paper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(default='expected', max_length=16)),
                    ('version', models.PositiveSmallIntegerField(default=1)),
                    ('attempt', models.PositiveSmallIntegerField(default=1)),
                    ('serial', models.PositiveSmallIntegerField(default=1)),
                    ('held_until', models.DateTimeField(null=True)),
                    ('free', models.JSONField(default=list)),
                    ('approved', models.JSONField(default=list)),
                    ('errors', models.JSONField(default=list)),
                    ('warnings', models.JSONField(default=list)),
                    ('answered', models.JSONField(null=True)),
                    ('image', models.CharField(blank=True, max_length=64)),
                    ('annulled', models.BooleanField(default=False)),
                    ('adjusted', models.BooleanField(default=False)),
                    ('last_hash', models.CharField(blank=True, max_length=64)),
                    ('since', models.DateTimeField(null=True)),
                    ('arbiter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='country.contest')),
                    ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='country.station')),
                    ('visa', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'results_paper',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Hand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('part', models.CharField(max_length=12)),
                    ('desk', models.CharField(max_length=12)),
                    ('at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_hands', to='tally.paper')),
                ],
                options={
                    'db_table': 'results_hand',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('attempt', models.PositiveSmallIntegerField()),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('sheet', models.BinaryField()),
                    ('machine', models.BooleanField(default=False)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='tally.paper')),
                ],
                options={
                    'db_table': 'results_entry',
                    'ordering': ['paper', 'attempt', 'rank'],
                },
            ),
            migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('values', models.JSONField(default=dict)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='tally.paper')),
                ],
                options={
                    'db_table': 'results_draft',
                },
            ),
            migrations.CreateModel(
                name='BagItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found', models.BooleanField(null=True)),
                    ('bag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='tally.bag')),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bag_items', to='tally.paper')),
                ],
                options={
                    'db_table': 'results_bagitem',
                    'ordering': ['paper__station__code'],
                },
            ),
            migrations.CreateModel(
                name='Replacement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('serial', models.PositiveSmallIntegerField()),
                    ('reason', models.CharField(max_length=400)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='tally.paper')),
                ],
                options={
                    'db_table': 'results_replacement',
                    'ordering': ['serial'],
                },
            ),
            migrations.CreateModel(
                name='ScanBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200)),
                    ('origin', models.CharField(max_length=64)),
                    ('count', models.PositiveIntegerField(default=0)),
                    ('state', models.CharField(default='waiting', max_length=12)),
                    ('report', models.JSONField(default=dict)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scan_batches', to='country.contest')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='country.unit')),
                ],
                options={
                    'db_table': 'results_scanbatch',
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='Scan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('page', models.PositiveSmallIntegerField(default=1)),
                    ('sha256', models.CharField(max_length=64)),
                    ('code', models.CharField(blank=True, max_length=120)),
                    ('outcome', models.CharField(max_length=16)),
                    ('detail', models.CharField(blank=True, max_length=300)),
                    ('at', models.DateTimeField()),
                    ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='tally.paper')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='tally.scanbatch')),
                ],
                options={
                    'db_table': 'results_scan',
                    'ordering': ['batch', 'number'],
                },
            ),
            migrations.CreateModel(
                name='Sitting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=200)),
                    ('state', models.CharField(default='created', max_length=12)),
                    ('quorum', models.PositiveSmallIntegerField(default=0)),
                    ('purpose', models.CharField(blank=True, max_length=400)),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='country.contest')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='country.unit')),
                ],
                options={
                    'db_table': 'results_sitting',
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='Recap',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sheet', models.BinaryField()),
                    ('stations', models.PositiveIntegerField()),
                    ('counted', models.PositiveIntegerField()),
                    ('apart', models.JSONField(default=dict)),
                    ('revision', models.PositiveIntegerField()),
                    ('at', models.DateTimeField()),
                    ('sha256', models.CharField(max_length=64, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recaps', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_recap',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Passage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField()),
                    ('start', models.CharField(max_length=16)),
                    ('to', models.CharField(max_length=16)),
                    ('right', models.CharField(max_length=40)),
                    ('at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, max_length=400)),
                    ('document', models.CharField(blank=True, max_length=300)),
                    ('figures', models.CharField(blank=True, max_length=64)),
                    ('previous', models.CharField(blank=True, max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='tally.paper')),
                    ('sitting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_passage',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Minute',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=12)),
                    ('text', models.TextField()),
                    ('votes_for', models.PositiveSmallIntegerField(null=True)),
                    ('votes_against', models.PositiveSmallIntegerField(null=True)),
                    ('abstained', models.PositiveSmallIntegerField(null=True)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_minute',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Member',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('body', models.CharField(blank=True, max_length=120)),
                    ('chair', models.BooleanField(default=False)),
                    ('present', models.BooleanField(default=False)),
                    ('signature', models.CharField(blank=True, max_length=12)),
                    ('signed_on', models.CharField(max_length=64, null=True)),
                    ('reservation', models.TextField(blank=True)),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_member',
                    'ordering': ['-chair', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Explained',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('line', models.CharField(max_length=40)),
                    ('on_paper', models.BigIntegerField(null=True)),
                    ('summed', models.BigIntegerField()),
                    ('minute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explains', to='tally.minute')),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explained', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_explained',
                    'ordering': ['pk'],
                },
            ),
            migrations.CreateModel(
                name='Attendance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='tally.sitting')),
                ],
                options={
                    'db_table': 'results_attendance',
                    'ordering': ['pk'],
                },
            ),
            migrations.AddConstraint(
                model_name='bag',
                constraint=models.UniqueConstraint(fields=('contest', 'code'), name='bag_code'),
            ),
            migrations.AddIndex(
                model_name='copy',
                index=models.Index(fields=['contest', 'status'], name='copy_queue'),
            ),
            migrations.AddIndex(
                model_name='paper',
                index=models.Index(fields=['contest', 'state', 'since'], name='paper_queue'),
            ),
            migrations.AddConstraint(
                model_name='paper',
                constraint=models.CheckConstraint(condition=models.Q(('second__isnull', True), ('first__isnull', True), models.Q(('second', models.F('first')), _negated=True), _connector='OR'), name='paper_second_entry'),
            ),
            migrations.AddConstraint(
                model_name='paper',
                constraint=models.CheckConstraint(condition=models.Q(('arbiter__isnull', True), models.Q(models.Q(('first__isnull', True), models.Q(('arbiter', models.F('first')), _negated=True), _connector='OR'), models.Q(('second__isnull', True), models.Q(('arbiter', models.F('second')), _negated=True), _connector='OR')), _connector='OR'), name='paper_arbiter'),
            ),
            migrations.AddConstraint(
                model_name='paper',
                constraint=models.CheckConstraint(condition=models.Q(('visa__isnull', True), models.Q(models.Q(('first__isnull', True), models.Q(('visa', models.F('first')), _negated=True), _connector='OR'), models.Q(('second__isnull', True), models.Q(('visa', models.F('second')), _negated=True), _connector='OR'), models.Q(('arbiter__isnull', True), models.Q(('visa', models.F('arbiter')), _negated=True), _connector='OR')), _connector='OR'), name='paper_visa'),
            ),
            migrations.AddConstraint(
                model_name='paper',
                constraint=models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(models.Q(('first__isnull', True), models.Q(('reviewer', models.F('first')), _negated=True), _connector='OR'), models.Q(('second__isnull', True), models.Q(('reviewer', models.F('second')), _negated=True), _connector='OR'), models.Q(('arbiter__isnull', True), models.Q(('reviewer', models.F('arbiter')), _negated=True), _connector='OR'), models.Q(('visa__isnull', True), models.Q(('reviewer', models.F('visa')), _negated=True), _connector='OR')), _connector='OR'), name='paper_reviewer'),
            ),
            migrations.AddConstraint(
                model_name='paper',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['first_entry', 'second_entry', 'arbitration']), _negated=True), ('holder__isnull', False), _connector='OR'), name='paper_claimed_is_held'),
            ),
            migrations.AddConstraint(
                model_name='hand',
                constraint=models.UniqueConstraint(fields=('paper', 'person', 'part'), name='hand_once'),
            ),
            migrations.AddConstraint(
                model_name='entry',
                constraint=models.UniqueConstraint(condition=models.Q(('rank__lt', 3)), fields=('paper', 'attempt', 'by'), name='entry_two_persons'),
            ),
            migrations.AddConstraint(
                model_name='entry',
                constraint=models.UniqueConstraint(condition=models.Q(('rank__lt', 3)), fields=('paper', 'attempt', 'rank'), name='entry_once'),
            ),
            migrations.AddConstraint(
                model_name='entry',
                constraint=models.CheckConstraint(condition=models.Q(('rank__gte', 1), ('rank__lte', 3)), name='entry_rank'),
            ),
            migrations.AddConstraint(
                model_name='draft',
                constraint=models.UniqueConstraint(fields=('paper', 'by'), name='draft_one_each'),
            ),
            migrations.AddConstraint(
                model_name='bagitem',
                constraint=models.UniqueConstraint(fields=('bag', 'paper'), name='bag_item_once'),
            ),
            migrations.AddConstraint(
                model_name='replacement',
                constraint=models.UniqueConstraint(fields=('paper', 'serial'), name='replacement_once'),
            ),
            migrations.AddConstraint(
                model_name='scan',
                constraint=models.UniqueConstraint(fields=('batch', 'number'), name='scan_page_once'),
            ),
            migrations.AddConstraint(
                model_name='passage',
                constraint=models.UniqueConstraint(fields=('paper', 'previous'), name='passage_one_after_another'),
            ),
            migrations.AddConstraint(
                model_name='passage',
                constraint=models.CheckConstraint(condition=models.Q(('other__isnull', True), models.Q(('by', models.F('other')), _negated=True), _connector='OR'), name='passage_two_persons'),
            ),
            migrations.AddConstraint(
                model_name='attendance',
                constraint=models.UniqueConstraint(fields=('sitting', 'person'), name='attendance_once'),
            ),
        ]),
        migrations.RunPython(forwards, backwards),
    ]
