"""Tokens of who recovers an account, and the boxes by which two browsers are linked."""

import django.db.models.deletion
import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0005_witnesses'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', talk2me.fields.BytesField(max_length=16, unique=True)),
                ('expires', models.DateTimeField(db_index=True, editable=False)),
                ('account', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='link_boxes', to='keys.account')),
            ],
        ),
        migrations.CreateModel(
            name='RecoveryToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', talk2me.fields.BytesField(max_length=32, unique=True)),
                ('nonce_hash', talk2me.fields.BytesField(max_length=32, unique=True)),
                ('expires', models.DateTimeField(db_index=True, editable=False)),
                ('account', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='recovery_tokens', to='keys.account')),
            ],
        ),
        migrations.CreateModel(
            name='LinkPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(editable=False)),
                ('body', talk2me.fields.BytesField(max_length=16384)),
                ('box', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='keys.linkbox')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('box', 'number'), name='one_part_at_each_number')],
            },
        ),
    ]
