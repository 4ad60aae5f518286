"""Enter in the key log, in the order in which they came, the events and names from before there was one.

From here on no event is without its leaf. One migration, so that it can be run again if a worker of the old release adds
an event meanwhile.
"""

import talk2me.fields
from django.db import migrations, models

from keys.key_log import leaf as leaves
from keys.log_storage.tables import Tables
from keys.log_storage.writer import Entering, LogWriter

EVENTS_AT_ONCE = 500


def enter_old_accounts(apps, _schema_editor):
    names = ('LogLeaf', 'LogNode', 'LogMapNode', 'LogMapEntry', 'LogState')
    tables = Tables(*(apps.get_model('keys', name) for name in names))
    events = apps.get_model('keys', 'AccountEvent').objects.filter(position=None).select_related('account')
    log, last = None, 0
    # Rows were numbered as they came; the time of receipt is only known to the minute.
    while piece := list(events.filter(pk__gt=last).order_by('pk')[:EVENTS_AT_ONCE]):
        # A log without accounts begins when it is first needed.
        log = log or LogWriter(tables)
        enter(apps, log, piece)
        last = piece[-1].pk


def enter(apps, log, events):
    entering = []
    for event in events:
        account = event.account
        entering.append(Entering(leaves.ACCOUNT, leaves.account_index(account.uid, event.seq), event.event))
        if event.seq == 1:
            index = leaves.username_index(log.directory_key, account.username, 1)
            entering.append(Entering(leaves.USERNAME, index, account.uid))
    entered = iter(log.enter(entering))
    named = []
    for event in events:
        of_event = next(entered)
        event.position, event.opening = of_event.position, of_event.opening
        if event.seq == 1:
            of_name, account = next(entered), event.account
            account.name_version, account.name_position, account.name_opening = 1, of_name.position, of_name.opening
            named.append(account)
    apps.get_model('keys', 'AccountEvent').objects.bulk_update(events, ['position', 'opening'], batch_size=100)
    fields = ['name_version', 'name_position', 'name_opening']
    apps.get_model('keys', 'Account').objects.bulk_update(named, fields, batch_size=100)


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0003_key_log'),
    ]

    operations = [
        # Backwards there is nothing to do: the tables go.
        migrations.RunPython(enter_old_accounts, migrations.RunPython.noop),
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
