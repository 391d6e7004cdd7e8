"""Refused withdrawals stand among the refusals."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bidding', '0005_receipts'),
    ]

    operations = [
        migrations.AddField(
            model_name='refusal',
            name='is_withdrawal',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='refusal',
            name='withdraws',
            field=models.CharField(default='', max_length=16),
        ),
    ]
