import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0003_hall_hours'),
        ('ledger', '0002_rounds_and_lease'),
        ('trading', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustodyPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('policy', models.CharField(max_length=120)),
            ],
            options={
                'db_table': 'bidding_custody_policy',
            },
        ),
        migrations.CreateModel(
            name='OwnShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'bidding_own_share',
            },
        ),
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission', models.CharField(max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('header', models.BinaryField()),
                ('data', models.BinaryField()),
                ('own_share', models.BinaryField(default=b'')),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('reason', models.CharField(default='', max_length=80)),
                ('sets', models.JSONField(default=list)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'bidding_rehearsal',
            },
        ),
        migrations.CreateModel(
            name='RehearsalShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leaf', models.CharField(max_length=2)),
                ('index', models.PositiveSmallIntegerField()),
                ('statement', models.BinaryField()),
                ('signature', models.BinaryField()),
                ('batch', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'bidding_rehearsal_share',
            },
        ),
        migrations.CreateModel(
            name='StaleEnvelope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'bidding_stale_envelope',
            },
        ),
        migrations.AddField(
            model_name='hall',
            name='shares_ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hall',
            name='shares_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sheet',
            name='tender',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rehearsal_sheets', to='trading.tender'),
        ),
        migrations.AlterField(
            model_name='sheet',
            name='lot',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='trading.lot'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.CheckConstraint(condition=models.Q(('lot__isnull', False), ('tender__isnull', False), _connector='XOR'), name='bidding_sheet_of_one'),
        ),
        migrations.AddField(
            model_name='custodypolicy',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trading.tender'),
        ),
        migrations.AddField(
            model_name='ownshare',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entryrow'),
        ),
        migrations.AddField(
            model_name='ownshare',
            name='envelope',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='own_share', to='bidding.envelope'),
        ),
        migrations.AddField(
            model_name='rehearsal',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rehearsal',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entryrow'),
        ),
        migrations.AddField(
            model_name='rehearsal',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rehearsals', to='bidding.sheet'),
        ),
        migrations.AddField(
            model_name='rehearsalshare',
            name='custodian',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rehearsalshare',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entryrow'),
        ),
        migrations.AddField(
            model_name='rehearsalshare',
            name='rehearsal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='bidding.rehearsal'),
        ),
        migrations.AddField(
            model_name='staleenvelope',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entryrow'),
        ),
        migrations.AddField(
            model_name='staleenvelope',
            name='envelope',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stale', to='bidding.envelope'),
        ),
        migrations.AddConstraint(
            model_name='custodypolicy',
            constraint=models.UniqueConstraint(fields=('tender', 'round'), name='bidding_policy_once'),
        ),
        migrations.AddConstraint(
            model_name='rehearsalshare',
            constraint=models.UniqueConstraint(fields=('rehearsal', 'index'), name='bidding_rehearsal_share_once'),
        ),
    ]
