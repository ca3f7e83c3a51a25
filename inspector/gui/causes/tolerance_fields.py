"""rtol and atol as ``numpy.allclose`` has them, and whether it passes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.causes.allclose import Allclose, allclose_text, check_allclose, least_text
from inspector.core.causes.tolerance import NUMPY_ATOL, NUMPY_RTOL
from inspector.core.features.comparison import FeatureComparison
from inspector.gui.causes.section import text_line
from inspector.gui.icons import icon
from inspector.gui.theme import current_palette

if TYPE_CHECKING:
    from inspector.core.comparison import Comparison
    from inspector.core.palette import Palette

DECIMALS = 18
LEAST_STEP = 1e-12
MOST = 1e6


class ToleranceBox(QDoubleSpinBox):
    """A number of 0 or more in scientific form; a step is a factor of ten."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDecimals(DECIMALS)
        self.setRange(0.0, MOST)
        self.setKeyboardTracking(False)
        self.setValue(value)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("1.23456e-12") + 30)

    def textFromValue(self, value: float) -> str:
        """Write the number, such as ``1e-05``."""
        return f"{value:g}"

    def valueFromText(self, text: str) -> float:
        """Read a number."""
        return _number(text) or 0.0

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number, and what may become one."""
        value = _number(text)
        if value is not None:
            fits = 0.0 <= value <= MOST
            return (QValidator.State.Acceptable if fits else QValidator.State.Invalid), text, pos
        unfinished = not text.strip() or set(text.strip().lower()) <= set("0123456789.,e+-")
        return (
            (QValidator.State.Intermediate if unfinished else QValidator.State.Invalid),
            text,
            pos,
        )

    def stepBy(self, steps: int) -> None:
        """Go up or down by factors of ten."""
        value = self.value()
        if value == 0.0 and steps > 0:
            value, steps = LEAST_STEP, steps - 1
        stepped = value * 10.0**steps
        self.setValue(0.0 if stepped < LEAST_STEP / 2 else float(f"{stepped:.12g}"))


class ToleranceFields(QWidget):
    """Both tolerances, the answer, and the least tolerance that would pass."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | FeatureComparison | None = None
        self._palette = current_palette()
        self.rtol = ToleranceBox("rtol", NUMPY_RTOL)
        self.atol = ToleranceBox("atol", NUMPY_ATOL)
        self.rtol.setToolTip("Tolerance relative to the right side's number")
        self.atol.setToolTip("Absolute tolerance")
        self.defaults_button = QPushButton("numpy's defaults")
        self.defaults_button.setToolTip(f"rtol={NUMPY_RTOL:g}, atol={NUMPY_ATOL:g}")
        self.defaults_button.clicked.connect(self._to_defaults)
        self._icon = QLabel()
        self._answer, self._least = text_line(bold=True), text_line()
        fields = QHBoxLayout()
        for name, box in (("rtol", self.rtol), ("atol", self.atol)):
            label = QLabel(name)
            label.setBuddy(box)
            fields.addWidget(label)
            fields.addWidget(box)
            box.valueChanged.connect(self._check)
        fields.addStretch(1)
        answer = QHBoxLayout()
        answer.setSpacing(8)
        answer.addWidget(self._icon)
        answer.addWidget(self._answer, 1)
        answer.addWidget(self.defaults_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(fields)
        column.addLayout(answer)
        column.addWidget(self._least)

    @property
    def answer(self) -> str:
        """Whether it passes, in words."""
        return self._answer.text()

    @property
    def least(self) -> str:
        """What would pass, in words."""
        return self._least.text()

    @property
    def check(self) -> Allclose | None:
        """The outcome; None without a comparison."""
        if self._comparison is None:
            return None
        left, right = self._comparison.left, self._comparison.right
        return check_allclose(left, right, self.rtol.value(), self.atol.value())

    def show_comparison(self, comparison: Comparison | FeatureComparison, palette: Palette) -> None:
        """Ask about the numbers of a comparison."""
        self._comparison, self._palette = comparison, palette
        self._check()

    def _check(self) -> None:
        check = self.check
        if check is None:
            return
        look = "good" if check.passes else "bad"
        self._icon.setPixmap(icon(look, self._palette).pixmap(QSize(18, 18)))
        features = isinstance(self._comparison, FeatureComparison)
        words = ("dimension", "dimensions") if features else ("class", "classes")
        self._answer.setText(allclose_text(check, *words))
        self._least.setText(least_text(check))

    def _to_defaults(self) -> None:
        self.rtol.setValue(NUMPY_RTOL)
        self.atol.setValue(NUMPY_ATOL)


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
