"""No event is stored any more without its leaf."""

import talk2me.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0004_enter_old_accounts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accountevent',
            name='position',
            field=models.PositiveBigIntegerField(editable=False, help_text='of its leaf in the key log', unique=True),
        ),
        migrations.AlterField(
            model_name='accountevent',
            name='opening',
            field=talk2me.fields.BytesField(max_length=32),
        ),
    ]
