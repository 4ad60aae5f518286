"""Passkeys."""

import django.db.models.deletion
import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0007_recovery_and_reset'),
    ]

    operations = [
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', talk2me.fields.BytesField(max_length=16, unique=True)),
                ('credential_id', talk2me.fields.BytesField(max_length=1023, unique=True)),
                ('public_key', talk2me.fields.BytesField(help_text='a COSE key', max_length=1024)),
                ('sign_count', models.PositiveBigIntegerField(editable=False)),
                ('recovery_key', talk2me.fields.BytesField(max_length=32)),
                ('created', models.DateField(editable=False)),
                ('last_used', models.DateField(editable=False, help_text='the day only', null=True)),
                ('account', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to='keys.account')),
            ],
            options={
                'ordering': ['account', 'id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'recovery_key'), name='one_passkey_for_each_recovery_key')],
            },
        ),
    ]
