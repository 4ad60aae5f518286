"""Recovery keys that change, and accounts that start over."""

import django.db.models.deletion
import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0006_recovery_tokens_and_link_boxes'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='announced_keys',
            field=talk2me.fields.NullableBytesField(editable=False, max_length=256, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='announced_time',
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='announced_seq',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='reset_seq',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='reset_by',
            field=models.CharField(editable=False, max_length=8, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='former_identities',
            field=talk2me.fields.BytesField(default=b'', editable=False),
        ),
        migrations.CreateModel(
            name='ResetPermit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', talk2me.fields.BytesField(editable=False, max_length=32)),
                ('from_day', models.DateField(editable=False)),
                ('created', models.DateField(editable=False)),
                ('account', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='reset_permit', to='keys.account')),
            ],
        ),
    ]
