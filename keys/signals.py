"""What `keys` tells the rest of the server, synchronously and inside its own transaction.

A receiver that raises undoes the change. Ids are 16 bytes. `sender` is always None.
"""

from django.dispatch import Signal

# account, device: the account with its first device
account_created = Signal()
# account, device
device_added = Signal()
# account, device
device_removed = Signal()
# account, recovery_keys: the present ones, 32 bytes each, as a list
recovery_keys_changed = Signal()
# account: it starts over; sent before its new device is added
account_reset = Signal()
# account
account_suspended = Signal()
# account
account_reinstated = Signal()
# account, devices: all it ever had, as a list; sent before the rows go
account_deleted = Signal()

# devices: their tokens count no longer, a list
sessions_ended = Signal()

# requester, target (accounts): a receiver answers True when the two already share a conversation
claim_requested = Signal()
