"""The bytes of a binary COPY, compared with psycopg's own."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from ingest.batch import Columns
from ingest.copying import copy_bytes, rows_of

Y2K_US = 946_684_800_000_000

rows = st.tuples(
    st.integers(0, 4_000_000_000_000_000),
    st.integers(0, 4_000_000_000_000_000),
    st.integers(1, 2**31 - 1),
    st.integers(1, 2**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 191),
)


def expected(row: tuple[int, int, int, int, float, int]) -> bytes:
    observed, received, device, metric, value, quality = row
    return (
        struct.pack("!h", 6)
        + struct.pack("!iq", 8, observed - Y2K_US)
        + struct.pack("!iq", 8, received - Y2K_US)
        + struct.pack("!ii", 4, device)
        + struct.pack("!ih", 2, metric)
        + struct.pack("!id", 8, value)
        + struct.pack("!ih", 2, quality)
    )


@given(st.lists(rows, max_size=20))
def test_every_row_is_laid_out_field_by_field(
    content: list[tuple[int, int, int, int, float, int]],
) -> None:
    columns = Columns()
    for observed, received, device, metric, value, quality in content:
        columns.observed_us.append(observed)
        columns.received_us.append(received)
        columns.device.append(device)
        columns.metric.append(metric)
        columns.value.append(value)
        columns.quality.append(quality)

    body = copy_bytes(rows_of(columns))

    assert body[:19] == b"PGCOPY\n\xff\r\n\0" + bytes(8)
    assert body[19:-2] == b"".join(map(expected, content))
    assert body[-2:] == b"\xff\xff"
