"""Pillow with the program's limit of pixels, and its warnings collected, on many threads at once.

Both belong to the process and not to a thread: ``PIL.Image.MAX_IMAGE_PIXELS`` and Python's filters
of warnings. The first thread that comes sets them, the last that goes restores them, and each
hears of its own warnings.
"""

from __future__ import annotations

import contextlib
import threading
import warnings
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class PillowGuard:
    """Sets Pillow's limit while somebody decodes.

    Parameters
    ----------
    limit
        Gives the most pixels that a picture may have. Pillow raises DecompressionBombError above
        it, also for a picture inside another, such as the PNG in an icon.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._change = threading.Condition()
        self._inside = 0
        self._alone = False
        self._heard = threading.local()
        self._show = warnings.showwarning

    @contextlib.contextmanager
    def limited(self) -> Iterator[list[str]]:
        """Decode within the limit; any number of threads may.

        Yields
        ------
        list of str
            Pillow's warnings of this thread, each once, as sentences for the user; complete at the
            end.
        """
        notes: list[str] = []
        heard: list[str] = []
        with self._change:
            self._change.wait_for(lambda: not self._alone)
            if self._inside == 0:
                self._enter()
            self._inside += 1
        self._heard.texts = heard
        try:
            yield notes
        finally:
            self._heard.texts = None
            with self._change:
                self._inside -= 1
                if self._inside == 0:
                    self._leave()
                self._change.notify_all()
            for text in dict.fromkeys(text.strip().splitlines()[0] for text in heard if text):
                notes.append(f"Pillow warns: {text.rstrip('. ')}.")

    @contextlib.contextmanager
    def unlimited(self) -> Iterator[None]:
        """Read a header whatever it claims; nobody else decodes meanwhile. Never decode in it."""
        with self._change:
            self._change.wait_for(lambda: not self._alone)
            self._alone = True
            self._change.wait_for(lambda: self._inside == 0)
        before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            Image.MAX_IMAGE_PIXELS = before
            with self._change:
                self._alone = False
                self._change.notify_all()

    def _enter(self) -> None:
        self._before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = (self._limit() + 1) // 2  # Pillow raises from twice that
        self._filters = warnings.catch_warnings()
        self._filters.__enter__()
        warnings.simplefilter("always")
        if warnings.showwarning != self._hear:  # as a filter of another thread may have put back
            self._show = warnings.showwarning
        warnings.showwarning = self._hear

    def _leave(self) -> None:
        self._filters.__exit__(None, None, None)
        Image.MAX_IMAGE_PIXELS = self._before

    def _hear(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: object = None,
        line: str | None = None,
    ) -> None:
        """Take a warning of a thread that decodes; hand on those of others."""
        texts: list[str] | None = getattr(self._heard, "texts", None)
        if texts is None:
            self._show(message, category, filename, lineno, file, line)  # type: ignore[arg-type]
        elif _is_news(str(message), category):
            texts.append(str(message))


def _is_news(text: str, category: type[Warning]) -> bool:
    """Leave out what the program says itself: the size limit, and transparency of palettes."""
    if issubclass(category, Image.DecompressionBombWarning | ResourceWarning):
        return False
    return "Palette images with Transparency" not in text
