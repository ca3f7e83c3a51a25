from __future__ import annotations

import contextlib
import copyreg
import io
import os
import pickle
import struct
import threading

import numpy as np
import pytest

from inspector.core.errors import PictureError
from inspector.engine import wire
from inspector.engine.messages import Cancel, Compared, Failed, Finished, Progress
from inspector.engine.wire import BadMessageError
from tests.support.results import make_result


def sent(*messages: object) -> bytes:
    stream = io.BytesIO()
    for message in messages:
        wire.send(stream, message)
    return stream.getvalue()


def received(data: bytes) -> object:
    return wire.receive(io.BytesIO(data))


@pytest.mark.parametrize("message", [Cancel(3), Progress(1, "ä", 0.5), Finished(2, True), None, ""])
def test_messages_arrive_as_they_were(message: object) -> None:
    assert received(sent(message)) == message


def test_messages_keep_their_order() -> None:
    stream = io.BytesIO(sent(1, "two", [3]))
    assert [wire.receive(stream) for _ in range(3)] == [1, "two", [3]]


def test_a_result_with_its_arrays() -> None:
    result = make_result()
    found = received(sent(Compared(4, result)))
    assert isinstance(found, Compared)
    assert np.array_equal(found.result.preview, result.preview)
    assert np.array_equal(found.result.left.model_input, result.left.model_input)
    assert found.result.comparison.max_abs_difference == result.comparison.max_abs_difference
    assert found.result.pair == result.pair


@pytest.mark.parametrize(
    "array",
    [np.arange(12.0).reshape(3, 4), np.arange(24).reshape(2, 3, 4)[:, ::-1], np.zeros((0, 3)),
     np.asfortranarray(np.ones((3, 2))), np.arange(10)[::2], np.float32(3.5)],
    ids=["plain", "reversed", "empty", "fortran", "strided", "scalar"],
)  # fmt: skip
def test_arrays_of_every_layout(array: np.ndarray) -> None:
    found = received(sent({"a": array}))
    assert isinstance(found, dict)
    np.testing.assert_array_equal(found["a"], array)


def test_arrays_travel_beside_the_pickle() -> None:
    array = np.zeros(1_000_000, np.uint8)
    head = struct.unpack_from("<3Q", sent(array))
    assert head[0] == 2
    assert head[1] < 1000
    assert head[2] == array.nbytes


def test_errors_keep_both_sentences() -> None:
    found = received(sent(Failed(1, PictureError("It is cut off.", "Copy it again."), "trace")))
    assert isinstance(found, Failed)
    assert type(found.error) is PictureError
    assert found.error.mend == "Copy it again."


def test_an_end_in_the_middle_is_an_end() -> None:
    data = sent({"a": np.arange(100), "b": "text"})
    for length in range(len(data)):
        with pytest.raises(EOFError):
            received(data[:length])


@pytest.mark.parametrize(
    "data",
    [b"Hello, this was printed by somebody.\n" * 9, bytes(64),
     struct.pack("<2Q", 1, 1 << 60) + bytes(9),
     struct.pack("<2Q", 1, 5) + b"\x80\x05abc", struct.pack("<2Q", 1, 4) + b"cnone\nx\n."[:4],
     struct.pack("<2Q", 1, 9) + b"cno\nno\n.\n"],
    ids=["text", "zeros", "huge part", "bad pickle", "cut pickle", "unknown class"],
)  # fmt: skip
def test_what_is_no_message_is_one_error(data: bytes) -> None:
    with pytest.raises(BadMessageError):
        received(data)


def test_random_bytes_never_do_anything_else() -> None:
    random = np.random.default_rng(1)
    whole = sent({"a": np.arange(20), "b": [Cancel(1), "text"]})
    for _ in range(300):
        data = bytearray(whole)
        data[int(random.integers(0, 24))] ^= 1 << int(random.integers(0, 8))
        with contextlib.suppress(EOFError, BadMessageError):
            received(bytes(data))


def test_a_large_message_passes_through_a_pipe_in_pieces() -> None:
    reader, writer = os.pipe()
    array = np.random.default_rng(0).random(500_000)
    with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb") as target:
        thread = threading.Thread(target=wire.send, args=(target, array))
        thread.start()
        found = wire.receive(source)
        thread.join()
    assert np.array_equal(found, array)


def test_a_closed_end_is_an_os_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    target = os.fdopen(writer, "wb", buffering=0)
    with pytest.raises(BrokenPipeError):
        wire.send(target, np.zeros(100_000))
    target.close()


def test_what_cannot_be_pickled_leaves_the_stream_clean() -> None:
    stream = io.BytesIO()
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        wire.send(stream, lambda: None)
    assert stream.getvalue() == b""


class _Doer:
    """Pickles as a call of something."""

    def __init__(self, call: object, *arguments: object) -> None:
        self._made = (call, arguments)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._made


@pytest.mark.parametrize(
    ("call", "arguments"),
    [(os.system, ("true",)), (eval, ("1",)), (getattr, (1, "real")), (os.path.join, ("a", "b")),
     (wire.send, (None, None)), (io.BytesIO, ()), (np.load, ("x",)), (threading.Thread, ())],
    ids=["system", "eval", "getattr", "function", "our function", "class", "numpy", "thread"],
)  # fmt: skip
def test_nothing_is_called_by_what_arrives(call: object, arguments: tuple[object, ...]) -> None:
    with pytest.raises(BadMessageError, match="no part of a message"):
        received(sent(_Doer(call, *arguments)))


def test_a_class_that_one_of_our_modules_imports_is_none_of_ours() -> None:
    """The module of a name is where it was defined, not where it can be had from."""
    head = b"\x80\x04cinspector.core.files\nos\n."
    with pytest.raises(BadMessageError):
        received(struct.pack("<2Q", 1, len(head)) + head)


def test_what_other_libraries_register_for_pickling_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(copyreg.dispatch_table, PictureError, lambda error: (os.system, ("true",)))
    found = received(sent(Failed(1, PictureError("It is cut off.", "Copy it again."))))
    assert isinstance(found, Failed)
    assert isinstance(found.error, PictureError)
