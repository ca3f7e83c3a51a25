"""Giving memory back to the system after something large was made and thrown away."""

from __future__ import annotations

import ctypes
import gc


def give_memory_back() -> None:
    """Collect garbage, and let the C library return what it holds free.

    glibc keeps freed memory for later: freezing a MobileNetV2 once would leave 300 MB behind. Other
    C libraries have no ``malloc_trim``; there nothing more is done.
    """
    gc.collect()
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _c_library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no library of that kind
        return None
