"""What this server has signed as a witness of other logs, and what witnesses have signed of its own."""

import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0004_enter_old_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='CosignedCheckpoint',
            fields=[
                ('size', models.PositiveBigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('note', models.TextField(editable=False, help_text='signed by the log and by witnesses')),
            ],
        ),
        migrations.CreateModel(
            name='WitnessedLog',
            fields=[
                ('origin', models.CharField(editable=False, max_length=255, primary_key=True, serialize=False)),
                ('size', models.PositiveBigIntegerField(editable=False)),
                ('root', talk2me.fields.BytesField(max_length=32)),
            ],
        ),
    ]
