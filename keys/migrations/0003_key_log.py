"""The tables of the key log, and what each event and name keeps of its leaf (docs/key_log.md)."""

import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0002_claim_grant'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogLeaf',
            fields=[
                ('position', models.PositiveBigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('body', talk2me.fields.BytesField(max_length=106)),
            ],
        ),
        migrations.CreateModel(
            name='LogNode',
            fields=[
                ('number', models.PositiveBigIntegerField(editable=False, primary_key=True, serialize=False)),
                ('hash', talk2me.fields.BytesField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='LogMapNode',
            fields=[
                ('prefix', talk2me.fields.BytesField(max_length=34, primary_key=True, serialize=False)),
                ('left', talk2me.fields.BytesField(max_length=32)),
                ('right', talk2me.fields.BytesField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='LogMapEntry',
            fields=[
                ('key', talk2me.fields.BytesField(max_length=32, primary_key=True, serialize=False)),
                ('position', models.PositiveBigIntegerField(editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='LogState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveBigIntegerField(editable=False)),
                ('directory_key', talk2me.fields.BytesField(help_text='told to every signed-in device', max_length=32)),
                ('opening', talk2me.fields.BytesField(help_text='of the genesis', max_length=32)),
            ],
        ),
        migrations.AddField(
            model_name='account',
            name='name_version',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='name_position',
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='account',
            name='name_opening',
            field=talk2me.fields.NullableBytesField(max_length=32, null=True),
        ),
        # Filled by the next migration, and never empty after it.
        migrations.AddField(
            model_name='accountevent',
            name='position',
            field=models.PositiveBigIntegerField(editable=False, help_text='of its leaf in the key log', null=True, unique=True),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='opening',
            field=talk2me.fields.NullableBytesField(max_length=32, null=True),
        ),
    ]
