"""What survives a restart; whatever cannot be read is forgotten rather than in the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

from inspector.core.top import DEFAULT_TOP, MAX_TOP
from inspector.gui.stage_fields import plain_choices, restored_choices

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from inspector.session import Choices

SCHEMES = ("system", "light", "dark")
THEMES = ("window", "light", "dark")


class Settings:
    """Typed access to the stored settings.

    Parameters
    ----------
    store
        Where they are; tests give one of their own.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    @property
    def top(self) -> int:
        """How many classes each side's bar plot starts from."""
        return min(max(self._number("top", DEFAULT_TOP), 1), MAX_TOP)

    @top.setter
    def top(self, value: int) -> None:
        self._store.setValue("top", value)

    @property
    def pair(self) -> str:
        """The pair that the user chose, as `choose_pair` takes it; empty where none was."""
        return self._text("pair")

    @pair.setter
    def pair(self, value: str) -> None:
        self._store.setValue("pair", value)

    @property
    def last_folder(self) -> str:
        """The folder that was opened last."""
        return self._text("last_folder")

    @last_folder.setter
    def last_folder(self, value: str) -> None:
        self._store.setValue("last_folder", value)

    @property
    def export_folder(self) -> str:
        """The folder that was exported to last."""
        return self._text("export/folder")

    @export_folder.setter
    def export_folder(self, value: str) -> None:
        self._store.setValue("export/folder", value)

    @property
    def export_scale(self) -> int:
        """Enlargement of exported pictures, 1 to 4."""
        return min(max(self._number("export/scale", 2), 1), 4)

    @export_scale.setter
    def export_scale(self, value: int) -> None:
        self._store.setValue("export/scale", value)

    @property
    def export_theme(self) -> str:
        """Colours of exported figures, one of `THEMES`."""
        return self._one_of("export/theme", THEMES)

    @export_theme.setter
    def export_theme(self, value: str) -> None:
        self._store.setValue("export/theme", value)

    @property
    def scheme(self) -> str:
        """Colours of the window, one of `SCHEMES`."""
        return self._one_of("scheme", SCHEMES)

    @scheme.setter
    def scheme(self, value: str) -> None:
        self._store.setValue("scheme", value)

    @property
    def recent(self) -> tuple[str, ...]:
        """The files that were opened last, the newest first."""
        stored = self._json("recent")
        if not isinstance(stored, list):
            return ()
        return tuple(path for path in stored if isinstance(path, str))

    @recent.setter
    def recent(self, value: tuple[str, ...]) -> None:
        self._store.setValue("recent", json.dumps(list(value)))

    @property
    def choices(self) -> Choices:
        """Modes, stages set by hand, output switches and the EXIF switch."""
        return restored_choices(self._json("choices"))

    @choices.setter
    def choices(self, value: Choices) -> None:
        self._store.setValue("choices", json.dumps(plain_choices(value)))

    def layout(self, name: str) -> QByteArray:
        """Give a stored geometry, window or splitter state; empty where there is none."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Store a geometry, window or splitter state."""
        self._store.setValue(f"layout/{name}", state)

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def _text(self, key: str) -> str:
        value = self._store.value(key)
        return value if isinstance(value, str) else ""

    def _number(self, key: str, default: int) -> int:
        value: Any = self._store.value(key, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def _one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self._text(key)
        return value if value in known else known[0]

    def _json(self, key: str) -> Any:
        try:
            return json.loads(self._text(key) or "null")
        except ValueError:
            return None
