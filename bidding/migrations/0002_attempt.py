from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bidding", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("worker", models.CharField(max_length=120)),
                ("beat", models.DateTimeField()),
                ("state", models.CharField(default="running", max_length=8)),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="attempts", to="bidding.bid"
                    ),
                ),
            ],
            options={"db_table": "bidding_attempt", "ordering": ["bid_id", "number"]},
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(fields=("bid", "number"), name="bidding_attempt_once"),
        ),
    ]
