"""The key log in the database. `keys.key_log` says what it is; nothing else touches its tables."""
