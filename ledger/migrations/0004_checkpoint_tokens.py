from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_cosignatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckpointToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(unique=True)),
                ('token', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_checkpoint_token',
            },
        ),
    ]
