from django.db import migrations, models

import talk2me.fields


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0002_passed_and_claims"),
    ]

    operations = [
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("device", talk2me.fields.BytesField(max_length=16, primary_key=True, serialize=False)),
                ("endpoint", models.CharField(max_length=1024, unique=True)),
                (
                    "pushed",
                    models.PositiveBigIntegerField(
                        help_text="Unix seconds, on a minute: told then, and not been here since; null when it may be told.",
                        null=True,
                    ),
                ),
            ],
        ),
    ]
