import ledger.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_checkpoint_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='checkpointrow',
            name='signed_at',
            field=models.DateTimeField(default=ledger.clock.real_now),
        ),
    ]
