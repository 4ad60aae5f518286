"""The release before this one: its workers run on while a server is updated. To be changed with each release."""

RELEASE = "0.5.0"
# What came with it or before is nobody's neighbour any more.
LAST_MIGRATIONS = {"keys": "0008_passkeys", "messaging": "0006_coming_back"}
