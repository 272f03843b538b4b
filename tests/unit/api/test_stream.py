import pytest

from api.stream import Frame, Listener, Stream, city_frame, reset_frame
from core.errors import Unavailable


def test_a_frame_is_written_as_the_standard_wants_it() -> None:
    assert city_frame(b'{"a":1}').data == b'event: city\ndata: {"a":1}\n\n'
    assert reset_frame(7).data.startswith(b"id: 7\nevent: reset\n")


async def heard(listener: Listener) -> list[bytes]:
    return [frame.data async for frame in listener.frames()]


async def test_everybody_hears_everything() -> None:
    stream = Stream(at_most=2)
    with stream.listening() as one, stream.listening() as other:
        stream.send(Frame(b"x"))
        await anext(one.frames())
        await anext(other.frames())
        with pytest.raises(Unavailable):
            stream.check_room()
    stream.check_room()


async def test_who_cannot_keep_up_is_shown_out_and_nobody_else() -> None:
    stream = Stream(at_most=2)
    with stream.listening() as slow, stream.listening() as quick:
        for number in range(1200):
            stream.send(Frame(b"%d" % number))
            if number % 2 == 0:
                await anext(quick.frames())

        assert await heard(slow) == []
        assert stream.count == 1


async def test_closing_ends_every_stream() -> None:
    stream = Stream(at_most=2)
    with stream.listening() as listener:
        stream.send(Frame(b"late"))
        stream.close()

        assert await heard(listener) == []
