from django.db import migrations, models
import django.db.models.deletion

# Rows of mailboxes are updated with each batch: with room on the page, no index has to be touched. Bodies are
# ciphertext: trying to compress them is in vain. Rows come and go all the time: clean up before there are many dead.
ON_POSTGRESQL = [
    "ALTER TABLE messaging_mailbox SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)",
    "ALTER TABLE messaging_subscription SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)",
    "ALTER TABLE messaging_envelope ALTER COLUMN body SET STORAGE EXTERNAL",
    "ALTER TABLE messaging_envelope SET (autovacuum_vacuum_scale_factor = 0.05)",
]


def arrange_storage(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in ON_POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="claims",
            field=models.BooleanField(
                default=True, help_text="Whether envelopes are kept for it; not for one that idled in a full mailbox."
            ),
        ),
        migrations.CreateModel(
            name="Passed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mailbox",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="messaging.mailbox",
                    ),
                ),
            ],
            options={"verbose_name_plural": "passed"},
        ),
        migrations.RunSQL(
            "INSERT INTO messaging_passed (mailbox_id) SELECT id FROM messaging_mailbox",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(arrange_storage, migrations.RunPython.noop),
    ]
