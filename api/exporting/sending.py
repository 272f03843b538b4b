"""An export on its way: one snapshot, and never half a file that looks whole."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager, suppress
from typing import Any, BinaryIO, NamedTuple

import structlog
from psycopg.errors import QueryCanceled
from pydantic import SecretStr
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.database import AWAY, TOO_LONG
from api.exporting import reading
from api.exporting.histories import History
from api.exporting.reading import Choice, Rows
from api.exporting.workbook import XLSX_ROWS, XlsxWriter
from api.exporting.writing import Writer
from core.database import Connection, DatabaseDown, connect
from core.errors import Invalid, Unavailable

log = structlog.get_logger()

_WITHIN_S = 60.0
_AT_ONCE = 2
_PIECE = 1024 * 1024  # bytes
_BUSY = "Two exports are running already; try again when one of them is done."
TOO_MANY_ROWS = (
    f"That is more than {XLSX_ROWS:,} rows, the most a sheet of Excel holds; "
    "ask for a shorter range, a coarser resolution, or for csv or parquet."
)


class Turns:
    """So many exports at a time; whoever comes then is told at once."""

    def __init__(self, at_most: int = _AT_ONCE) -> None:
        """Allow `at_most` at a time."""
        self._left = at_most

    def take(self) -> None:
        """Take a turn; Unavailable while all are taken."""
        if not self._left:
            raise Unavailable(_BUSY, code="busy")
        self._left -= 1

    def give_back(self) -> None:
        """End a turn."""
        self._left += 1


class Opened(NamedTuple):
    """An export that has begun: its rows, and everything to be closed after it."""

    conn: Connection
    history: History
    choice: Choice
    closing: AsyncExitStack


async def open_export(url: SecretStr, history: History, choice: Choice, turns: Turns) -> Opened:
    """Take a turn and a connection; Unavailable where there is none of either."""
    async with AsyncExitStack() as stack:
        turns.take()
        stack.callback(turns.give_back)
        with _errors_of_database():
            conn = await connect(url, program="api-export", statement_timeout_s=_WITHIN_S)
            stack.push_async_callback(conn.close)
            await reading.begin(conn)
        return Opened(conn, history, choice, stack.pop_all())


class BrokenOff(Exception):  # noqa: N818 - reads as a statement where it is raised
    """Rows failed after others had gone out: the answer must not look whole."""


async def stream(opened: Opened, writer: Writer) -> AsyncGenerator[bytes]:
    """Yield the file as it is read."""
    yield writer.begin()
    async with aclosing(_batches(opened)) as batches:
        async for batch in batches:
            yield await asyncio.to_thread(writer.write, batch)
    yield await asyncio.to_thread(writer.end)


async def begun(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Wait for the first rows, so that what fails at once is still answered in a sentence.

    What fails later raises BrokenOff.
    """
    with _errors_of_database():
        first = [await anext(pieces), await anext(pieces, b"")]
    return _rest(first, pieces)


async def _rest(first: list[bytes], pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        for piece in first:
            yield piece
        try:
            async for piece in pieces:
                yield piece
        except Exception as error:
            log.warning("export broken off", reason=str(error).strip())
            raise BrokenOff from error


async def write_xlsx(opened: Opened) -> BinaryIO:
    """Write the whole workbook to a nameless file; Invalid where a sheet cannot hold it."""
    with _errors_of_database():
        await _check_size(opened)
        file = tempfile.TemporaryFile(prefix="yiwang-export-")  # noqa: SIM115 - the caller closes it
        try:
            with XlsxWriter(file, opened.history.columns) as writer:
                async with aclosing(_batches(opened)) as batches:
                    async for batch in batches:
                        await asyncio.to_thread(writer.write, batch)
                await asyncio.to_thread(writer.end)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file


async def pieces_of(file: BinaryIO) -> AsyncGenerator[bytes]:
    """Yield a file and close it."""
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


class Download(StreamingResponse):
    """A file on its way; however that ends, its connection is closed and its turn is over."""

    def __init__(self, pieces: AsyncGenerator[bytes], closing: AsyncExitStack, **rest: Any) -> None:  # noqa: ANN401 - those of the class above
        """Send `pieces`, then close everything on `closing`."""
        super().__init__(pieces, **rest)
        self._pieces = pieces
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; an answer that is not ended makes the server break the connection off."""
        async with self._closing, aclosing(self._pieces):
            with suppress(BrokenOff):
                await super().__call__(scope, receive, send)


@contextmanager
def _errors_of_database() -> Iterator[None]:
    try:
        yield
    except QueryCanceled as error:
        raise Unavailable(TOO_LONG) from error
    except DatabaseDown as error:
        raise Unavailable(AWAY) from error


async def _check_size(opened: Opened) -> None:
    conn, history, choice, _ = opened
    if await reading.count_rows(conn, history, choice, up_to=XLSX_ROWS + 1) > XLSX_ROWS:
        raise Invalid(TOO_MANY_ROWS, code="too_many_rows")


def _batches(opened: Opened) -> AsyncGenerator[Rows]:
    return reading.read_batches(opened.conn, opened.history, opened.choice)
