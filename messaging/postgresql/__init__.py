"""The shortest way to PostgreSQL, for what is asked thousands of times a second.

Connections of their own on the event loop: no thread, prepared statements, binary values, and a whole round trip for
several statements (libpq's pipeline mode). Everything else uses Django's connections.
"""
