"""The tables that a filled log is in, with their columns."""

TABLES = {
    "keys_account": "id uid username skeleton identity_key recovery_keys seq head open_to_strangers suspended created "
    "name_version name_position name_opening former_identities",
    "keys_accountevent": "id account_id seq type event signatures hash received position opening",
    "keys_logstate": "id size directory_key opening",
    "keys_logleaf": "position body",
    "keys_lognode": "number hash",
    "keys_logmapentry": "key position",
    "keys_logmapnode": "prefix left right",
}


def quoted(columns: str) -> str:
    """Return the names as SQL takes them; some of them are words of it."""
    return ", ".join(f'"{column}"' for column in columns.split())
