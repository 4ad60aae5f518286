from django.db import migrations, models

import talk2me.fields


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0004_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", talk2me.fields.BytesField(max_length=32, unique=True)),
                ("reporter", talk2me.fields.BytesField(help_text="The account that reports.", max_length=16)),
                (
                    "account",
                    talk2me.fields.BytesField(help_text="The account that sent it; this is proven.", max_length=16),
                ),
                (
                    "minute",
                    models.PositiveBigIntegerField(
                        help_text="When it was accepted: unix seconds, on a minute; proven too."
                    ),
                ),
                (
                    "received",
                    models.PositiveBigIntegerField(help_text="When it was reported: unix seconds, on a minute."),
                ),
                (
                    "content",
                    talk2me.fields.BytesField(
                        help_text="The content as MLS carried it, MessagePack (docs/protocol.md 8)."
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What the reporter says; nothing proves it.", max_length=1000
                    ),
                ),
                ("handled", models.BooleanField(default=False)),
            ],
        ),
    ]
