from __future__ import annotations

from django.db import migrations, models

import trading.models


class Migration(migrations.Migration):
    dependencies = [("trading", "0002_outages"), ("bidding", "0002_attempt")]

    operations = [
        migrations.CreateModel(
            name="HallHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("custodians_until", models.DateTimeField()),
                ("waiting_ended_at", models.DateTimeField(null=True)),
                ("silent_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "hall",
                    models.OneToOneField(
                        on_delete=models.deletion.PROTECT, related_name="hours", to="bidding.hall"
                    ),
                ),
            ],
            options={"db_table": "bidding_hall_hours"},
        ),
        migrations.CreateModel(
            name="HallPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("code", models.CharField(default=trading.models.opaque, max_length=16, unique=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("clause", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True, null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "lot",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="pauses", to="trading.lot"),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        null=True, on_delete=models.deletion.PROTECT, related_name="+", to="trading.outage"
                    ),
                ),
            ],
            options={"db_table": "bidding_hall_pause", "ordering": ["at", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="hallpause",
            constraint=models.UniqueConstraint(fields=("lot", "round", "outage"), name="bidding_hall_pause_once"),
        ),
    ]
