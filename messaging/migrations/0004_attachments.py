from django.db import migrations, models

import talk2me.fields


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0003_push_subscription"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", talk2me.fields.BytesField(max_length=16, primary_key=True, serialize=False)),
                (
                    "account",
                    talk2me.fields.BytesField(help_text="Whose quota it counts to, and who may delete it.", max_length=16),
                ),
                ("size", models.PositiveBigIntegerField(help_text="Bytes it will have when it is complete.")),
                ("part", models.PositiveIntegerField(help_text="Bytes of each of its parts but the last.")),
                ("offset", models.PositiveBigIntegerField(default=0, help_text="So many bytes are stored.")),
                (
                    "keep",
                    models.BooleanField(
                        default=False, help_text="Whether it stays until it is deleted, once it is complete."
                    ),
                ),
                (
                    "expires",
                    models.PositiveBigIntegerField(
                        help_text="Unix seconds, on a minute; null when never.", null=True
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account"], name="messaging_attachment_account"),
                    models.Index(
                        condition=models.Q(("expires__isnull", False)),
                        fields=["expires"],
                        name="messaging_attachment_expires",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentRemains",
            fields=[
                ("id", talk2me.fields.BytesField(max_length=16, primary_key=True, serialize=False)),
                ("parts", models.PositiveIntegerField()),
            ],
            options={"verbose_name_plural": "attachment remains"},
        ),
    ]
