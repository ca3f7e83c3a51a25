"""The cross-feed: whose input, through whose model."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from inspector.core.causes.explanation_lines import feed_sentence, from_left
from inspector.core.features.explanation import FeatureExplanation
from inspector.core.features.lines import feature_feed_sentence
from inspector.core.numbers import score_text
from inspector.core.pairs import Side
from inspector.core.wording import keep_together
from inspector.gui.causes.section import Section, text_line
from inspector.gui.eliding import wrapped
from inspector.gui.theme import current_palette
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from inspector.core.causes.crossfeed import Cell
    from inspector.core.features.kinds import AnyExplanation
    from inspector.core.labels import Labels
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

SHADE = 0.26
"""How strongly a cell is tinted."""

PAD = 8

HINT = (
    "Either side's input through either model, with the largest |Δp| from each side's own result "
    "and the colour of the nearer one: rows of one colour point to the input, columns to the model."
)
FEATURE_HINT = HINT.replace("the largest |Δp|", "the relative L2 distance")


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell says.

    Attributes
    ----------
    first
        Its first class and the probability, or what it is.
    distances
        How far it is from left/left and from right/right, each a few words.
    """

    first: str
    distances: tuple[str, ...]


def cell_text(cell: Cell, labels: Labels) -> CellText:
    """Put a cell into words."""
    first = f"{labels.name(cell.top1)}, {score_text(cell.probability, probability=True)}"
    own = {"left/left": ("left's own",), "right/right": ("right's own",)}.get(cell.key, ())
    return CellText(keep_together(first), (*own, *_distances(cell)))


def feature_cell_text(cell: Cell) -> CellText:
    """Put a cell into words where rows are features, which have no first class."""
    left, right = cell.distances["left/left"], cell.distances["right/right"]
    nearer = "nearer to left's" if left < right else "nearer to right's"
    first = {"left/left": "left's own", "right/right": "right's own"}.get(cell.key, nearer)
    return CellText(first, _distances(cell))


def _distances(cell: Cell) -> tuple[str, ...]:
    """Say how far a cell is from the results of which it is none."""
    return tuple(
        f"{cell.distances[key]:.2g} from {side}'s"
        for key, side in (("left/left", "left"), ("right/right", "right"))
        if key != cell.key
    )


def blended(first: str, second: str, share: float) -> QColor:
    """Mix two colours; `share` is how much of the second there is."""
    a, b = QColor(first), QColor(second)
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


class FeedCell(QWidget):
    """One input through one model, tinted like the side that its result is nearer to."""

    def __init__(self) -> None:
        super().__init__()
        self._text = CellText("", ())
        self._place: float | None = None
        self._palette = current_palette()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as they are drawn; what does not fit beside each other stands below."""
        return self._lines(self.width())

    @property
    def text(self) -> CellText:
        """What it says."""
        return self._text

    @property
    def ground(self) -> QColor:
        """Its colour: the left side's, the right side's, or between; plain where both agree."""
        palette = self._palette
        if self._place is None:
            return QColor(palette.window)
        hue = blended(palette.left, palette.right, self._place)
        return blended(palette.panel, hue.name(), SHADE)

    def show_cell(self, text: CellText, place: float | None, palette: Palette) -> None:
        """Show a cell; `place` is 0 for left's own result, 1 for right's own."""
        self._text, self._place, self._palette = text, place, palette
        distances = ", ".join(text.distances)
        self.setToolTip(f"{text.first}\n{distances}")
        self.setAccessibleName(f"{text.first}, {distances}")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """Give the height of all lines."""
        return len(self._lines(width)) * self.fontMetrics().lineSpacing() + 2 * PAD

    def sizeHint(self) -> QSize:
        """Ask for a first line and one beneath."""
        width = self.fontMetrics().averageCharWidth() * 34
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Ask for as much height as the lines need, however narrow."""
        return QSize(90, self.heightForWidth(max(self.width(), 90)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._palette.grid))
        painter.setBrush(self.ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(self._palette.text))
        line = self.fontMetrics().lineSpacing()
        for row, text in enumerate(self.lines):
            font = self.font()
            font.setBold(row == 0)
            painter.setFont(font)
            area = QRectF(PAD, PAD + row * line, self.width() - 2 * PAD, line)
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideMiddle, int(area.width())
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)

    def _lines(self, width: int) -> tuple[str, ...]:
        joined = ", ".join(self._text.distances)
        room = width - 2 * PAD
        if self.fontMetrics().horizontalAdvance(joined) <= room:
            return self._text.first, joined
        font = self.font()
        below = (wrapped(text, font, room) for text in self._text.distances)
        return (self._text.first, *itertools.chain.from_iterable(below))


class FeedSection(Section):
    """The 2×2 table and the sentence that it amounts to."""

    def __init__(self) -> None:
        super().__init__(
            "Input or model?",
            HINT,
        )
        grid = QGridLayout()
        grid.setSpacing(4)
        self._columns = {side: ElidedLabel() for side in Side}
        self._rows = {side: ElidedLabel() for side in Side}
        self.cells = {(given, model): FeedCell() for given in Side for model in Side}
        for place, side in enumerate(Side, start=1):
            grid.addWidget(self._columns[side], 0, place)
            grid.addWidget(self._rows[side], place, 0)
            grid.setColumnStretch(place, 5)
        for (given, model), cell in self.cells.items():
            grid.addWidget(cell, 1 + list(Side).index(given), 1 + list(Side).index(model))
        font = self.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        grid.setColumnMinimumWidth(
            0, metrics.horizontalAdvance("right input") + 2 * metrics.height()
        )
        self.body.addLayout(grid)
        self.sentence = text_line()
        self.body.addWidget(self.sentence)

    def draw(self, causes: Causes, palette: Palette) -> None:
        """Fill the table."""
        explanation = causes.explanation
        if explanation is None:
            return
        self.set_hint(FEATURE_HINT if isinstance(explanation, FeatureExplanation) else HINT)
        for side in Side:
            colour = palette.left_text if side is Side.LEFT else palette.right_text
            self._columns[side].set_text(f"{side} model", colour)
            self._rows[side].set_text(f"{side} input", colour)
        for cell in explanation.cross_feed.cells:
            shown = self.cells[cell.input, cell.model]
            shown.show_cell(_words(cell, explanation), from_left(cell), palette)
        noise = explanation.result.comparison.noise_floor
        features = isinstance(explanation, FeatureExplanation)
        sentence = feature_feed_sentence if features else feed_sentence
        self.sentence.setText(sentence(explanation.cross_feed, noise))


def _words(cell: Cell, explanation: AnyExplanation) -> CellText:
    if isinstance(explanation, FeatureExplanation):
        return feature_cell_text(cell)
    return cell_text(cell, explanation.result.labels)
