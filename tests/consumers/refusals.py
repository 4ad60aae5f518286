"""Databases that fail in earnest: what SQLite and PostgreSQL do when a row is refused or the connection is lost."""

import os
import socket

from django.db import connection

from messaging.postgresql.pipeline import Pipeline

TRIGGER = {
    "sqlite": """
        CREATE TRIGGER refuse BEFORE INSERT ON messaging_envelope WHEN NEW.body = x'{body}'
        BEGIN SELECT RAISE(ABORT, 'refused'); END""",
    "postgresql": """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.body = '\\x{body}' THEN RAISE check_violation; END IF; RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON messaging_envelope FOR EACH ROW EXECUTE FUNCTION refuse()""",
}
END = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "DROP TRIGGER refuse ON messaging_envelope; DROP FUNCTION refuse",
}


def begin(body: bytes) -> None:
    """From now on, the database refuses envelopes with this body."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER[connection.vendor].format(body=body.hex()))


def end() -> None:
    with connection.cursor() as cursor:
        cursor.execute(END[connection.vendor])


def lose_connection(pipeline: Pipeline) -> None:
    """In place of sending: the connection is cut off, as when PostgreSQL is restarted."""
    with socket.socket(fileno=os.dup(pipeline._socket)) as same:  # noqa: SLF001
        same.shutdown(socket.SHUT_RDWR)
