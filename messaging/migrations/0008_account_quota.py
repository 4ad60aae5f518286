import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0007_defaults_of_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountQuota",
            fields=[
                ("account", talk2me.fields.BytesField(max_length=16, primary_key=True, serialize=False)),
                (
                    "share",
                    models.PositiveBigIntegerField(help_text="In place of ACCOUNT_QUOTA_BYTES.", null=True),
                ),
                (
                    "attachments",
                    models.PositiveBigIntegerField(help_text="In place of ATTACHMENT_QUOTA_BYTES.", null=True),
                ),
            ],
        ),
    ]
