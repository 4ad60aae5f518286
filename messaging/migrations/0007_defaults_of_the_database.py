"""Workers of 0.4, which run on while 0.5 is brought in, make subscriptions without knowing these columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0006_coming_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="claims",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Whether envelopes are kept for it; not for one that idled in a full mailbox.",
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="returns",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Whether it may come back by its own commit after another's commit has ended it.",
            ),
        ),
    ]
