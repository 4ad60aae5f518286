"""The key log, byte by byte (docs/key_log.md): leaves, tree, map, checkpoints, and the checks of what is served.

Pure: nothing here knows Django, a database or the clock. Storage comes as two small protocols, tree nodes by number and
map nodes by prefix, so that tests run the same code over dicts.
"""
