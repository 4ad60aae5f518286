"""A connection on the event loop that sends several prepared statements and waits once for all of their results.

On psycopg's wrapper of libpq (`psycopg.pq`) itself: its cursors do the same with several times the processor time.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connections
from psycopg import errors, pq
from psycopg.adapt import Transformer

Rows = list[tuple[Any, ...]]
Query = tuple[bytes, list[bytes]]

# Every statement here looks rows up by their keys. A plan for that is right for tables of any size; one that was chosen
# while a table was small, or before it was analysed, is not.
PLANS = """
    SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
    SET enable_mergejoin = off; SET jit = off
"""
# Django's own, which mean nothing here.
NOT_OURS = ("context", "cursor_factory", "prepare_threshold")
BINARY = pq.Format.BINARY
GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


class Pipeline:
    """One trip at a time. After a lost connection or a trip that was given up it is `broken`: open another one."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._socket = self._pgconn.socket
        self._transformer = Transformer(connection)
        self._loop = asyncio.get_running_loop()
        self._results: list[pq.abc.PGresult] = []
        self._done: asyncio.Future[None] | None = None
        self.broken = False

    @classmethod
    async def open(cls, statements: Mapping[bytes, str]) -> "Pipeline":
        """Connect to Django's database and prepare `statements` under their names. Raises psycopg.Error."""
        parameters = {k: v for k, v in connections["default"].get_connection_params().items() if k not in NOT_OURS}
        connection = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
        try:
            await connection.execute(PLANS)
            _prepare(connection.pgconn, {b"begin": "BEGIN", b"commit": "COMMIT", b"rollback": "ROLLBACK", **statements})
        except BaseException:
            connection.pgconn.finish()
            raise
        connection.pgconn.nonblocking = 1
        connection.pgconn.enter_pipeline_mode()
        pipeline = cls(connection)
        pipeline._loop.add_reader(pipeline._socket, pipeline._readable)
        return pipeline

    async def trip(self, *queries: Query) -> list[Rows]:
        """Run prepared statements, (name, binary parameters) each, in order; return the rows of each.

        When one fails, those after it are not run, and an open transaction is rolled back. Raises psycopg.Error.
        """
        results = await self._send(queries)
        failed = next((result for result in results if result.status not in GOOD), None)
        if failed is None:
            return [self._rows(result) for result in results]
        if self._pgconn.transaction_status != pq.TransactionStatus.IDLE:
            await self._send([(b"rollback", [])])
        raise errors.error_from_result(failed)

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        if not self.broken:
            self.broken = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
        self._pgconn.finish()

    async def _send(self, queries: "tuple[Query, ...] | list[Query]") -> list[pq.abc.PGresult]:
        if self.broken:
            raise psycopg.OperationalError("the connection is lost")
        self._results = []
        self._done = self._loop.create_future()
        try:
            for name, parameters in queries:
                self._pgconn.send_query_prepared(name, parameters, [BINARY] * len(parameters), BINARY)
            self._pgconn.pipeline_sync()
            self._write()
            await self._done
        except BaseException:
            # Nobody knows what the server makes of the rest: this connection can't be used again.
            self.close()
            raise
        finally:
            self._done = None
        return self._results

    def _write(self) -> None:
        """Send what libpq holds; the rest when the socket takes more."""
        if self._pgconn.flush():
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        try:
            if not self._pgconn.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self._lose(error)

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            while self._done is not None and not self._done.done() and not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is None:
                    # The end of one statement's results.
                    continue
                if result.status == pq.ExecStatus.PIPELINE_SYNC:
                    self._done.set_result(None)
                else:
                    self._results.append(result)
        except psycopg.Error as error:
            self._lose(error)

    def _lose(self, error: psycopg.Error) -> None:
        self.broken = True
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)

    def _rows(self, result: pq.abc.PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._transformer.set_pgresult(result, format=BINARY)
        return self._transformer.load_rows(0, result.ntuples, tuple)


def _prepare(pgconn: pq.abc.PGconn, statements: Mapping[bytes, str]) -> None:
    """Prepare each under its name; once for a connection, so this may wait."""
    for name, statement in statements.items():
        prepared = pgconn.prepare(name, statement.encode())
        if prepared.status != pq.ExecStatus.COMMAND_OK:
            raise errors.error_from_result(prepared)
