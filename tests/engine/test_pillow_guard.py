"""Pillow's limit and warnings on several threads at once."""

from __future__ import annotations

import io
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from inspector.engine.pillow_guard import PillowGuard

PATIENCE = 20


@pytest.fixture
def guard() -> PillowGuard:
    return PillowGuard(lambda: 1000)


def png(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("L", (width, height)).save(target, "PNG")
    return target.getvalue()


def read(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def test_more_pixels_than_the_limit_are_refused_inside_only(guard: PillowGuard) -> None:
    before = Image.MAX_IMAGE_PIXELS
    with guard.limited():
        assert read(png(25, 40)) == (25, 40)
        with pytest.raises(Image.DecompressionBombError):
            read(png(41, 25))
    assert before == Image.MAX_IMAGE_PIXELS
    with guard.unlimited():
        assert read(png(100, 1000)) == (100, 1000)
    assert before == Image.MAX_IMAGE_PIXELS


def test_every_thread_hears_of_its_own_warnings(guard: PillowGuard) -> None:
    """All are inside at the same time, which the barrier proves."""
    together = threading.Barrier(4, timeout=PATIENCE)

    def work(number: int) -> list[str]:
        with guard.limited() as notes:
            together.wait()
            for _ in range(2):
                warnings.warn(f"picture {number} is odd.\nMore.", stacklevel=1)
            warnings.warn("too large", Image.DecompressionBombWarning, stacklevel=1)
            together.wait()
        return notes

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(work, range(4)))
    assert found == [[f"Pillow warns: picture {number} is odd."] for number in range(4)]


def test_other_threads_warnings_are_handed_on(guard: PillowGuard) -> None:
    def warn() -> None:
        warnings.warn("not of a picture", UserWarning, stacklevel=1)

    def decode() -> list[str]:
        with guard.limited() as notes:
            other = threading.Thread(target=warn)
            other.start()
            other.join(PATIENCE)
        return notes

    with pytest.warns(UserWarning, match="not of a picture"):
        notes = decode()
    assert notes == []


def test_the_last_to_leave_restores_the_filters(guard: PillowGuard) -> None:
    before = list(warnings.filters)
    entered, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with guard.limited():
            entered.set()
            leave.wait(PATIENCE)

    other = threading.Thread(target=stay)
    with guard.limited():
        other.start()
        assert entered.wait(PATIENCE)
    assert Image.MAX_IMAGE_PIXELS == 500
    leave.set()
    other.join(PATIENCE)
    assert list(warnings.filters) == before


def test_without_a_limit_nobody_else_decodes(guard: PillowGuard) -> None:
    waiting, inside = threading.Event(), threading.Event()
    limits: list[int | None] = []

    def decode() -> None:
        waiting.set()
        with guard.limited():
            limits.append(Image.MAX_IMAGE_PIXELS)
            inside.set()

    other = threading.Thread(target=decode)
    with guard.unlimited():
        other.start()
        assert waiting.wait(PATIENCE)
        assert not inside.wait(0.1)
    assert inside.wait(PATIENCE)
    other.join(PATIENCE)
    assert limits == [500]


def test_what_is_raised_inside_leaves_nothing_behind(guard: PillowGuard) -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(KeyError), guard.limited():
        raise KeyError("x")
    with pytest.raises(KeyError), guard.unlimited():
        raise KeyError("x")
    assert before == Image.MAX_IMAGE_PIXELS
    with guard.limited() as notes:
        pass
    assert notes == []


def test_filters_that_another_thread_puts_back_late_do_no_harm(guard: PillowGuard) -> None:
    """It entered while somebody decoded, and leaves with that one's way of showing warnings."""
    shown = warnings.showwarning
    with warnings.catch_warnings():
        inside = guard.limited()
        inside.__enter__()
        late = warnings.catch_warnings()
        late.__enter__()
        inside.__exit__(None, None, None)
        late.__exit__(None, None, None)
        assert warnings.showwarning is not shown

        def warn() -> None:
            with guard.limited():
                other = threading.Thread(target=lambda: warnings.warn("plain", stacklevel=1))
                other.start()
                other.join(PATIENCE)

        with pytest.warns(UserWarning, match="plain"):
            warn()
