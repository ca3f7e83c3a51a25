"""The part of a script that makes one model input, while it is being written."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from inspector.core.script.code import Assign, call

if TYPE_CHECKING:
    from inspector.core.preprocessing import Preprocessing
    from inspector.core.script.picture import KnownPicture


class Form(Enum):
    """What the script's variable ``image`` holds."""

    PILLOW = auto()
    LEVELS = auto()
    EITHER = auto()


class Numbers(Enum):
    """Type of the numbers in ``image``; `EITHER` where only the running script can tell."""

    UINT8 = auto()
    FLOAT32 = auto()
    EITHER = auto()


class Draft:
    """Statements so far, and what they have left in ``image``.

    Parameters
    ----------
    picture
        What is known of the picture.
    stages
        All stages of the side.
    size
        Height and width of the model input.
    """

    def __init__(self, picture: KnownPicture, stages: Preprocessing, size: tuple[int, int]) -> None:
        self.picture = picture
        self.stages = stages
        self.size = size
        self.form = Form.PILLOW
        self.numbers = Numbers.UINT8
        self._statements: list[Assign | str] = []

    @property
    def levels(self) -> str:
        """Source of ``image`` as TensorFlow can take it."""
        return "image" if self.form is Form.LEVELS else "np.asarray(image)"

    @property
    def floats(self) -> str:
        """Source of ``image`` as a fresh float32 array."""
        if self.form is Form.PILLOW:
            return "keras.utils.img_to_array(image)"
        return "np.array(image, np.float32)"

    def set(self, value: str, note: str = "") -> None:
        """Write ``image = value``."""
        self._statements.append(Assign("image", value, note=note))

    def call(self, function: str, *arguments: str, after: str = "", note: str = "") -> None:
        """Write ``image = function(*arguments)after``."""
        self._statements.append(call("image", function, *arguments, after=after, note=note))

    def add(self, statement: Assign) -> None:
        """Write a statement about another variable."""
        self._statements.append(statement)

    def block(self, *lines: str) -> None:
        """Write lines as they are."""
        self._statements.extend(lines)

    def to_levels(self) -> None:
        """Go on with an array or tensor; call it where a statement has made one."""
        self.form = Form.LEVELS

    def to_pillow(self) -> None:
        """Make sure that ``image`` is a Pillow image."""
        if self.form is not Form.PILLOW:
            self.call("Image.fromarray", "np.asarray(image)")
        self.form = Form.PILLOW

    def to_floats(self, numbers: Numbers = Numbers.FLOAT32) -> None:
        """Go on with an array or tensor of these numbers."""
        self.form, self.numbers = Form.LEVELS, numbers

    def finished(self, target: str) -> list[str]:
        """Give all lines; the last statement, which makes the model input, assigns to `target`."""
        *others, last = self._statements
        if not isinstance(last, Assign):
            raise TypeError("The last statement of a draft makes the model input.")
        lines: list[str] = []
        for statement in (*others, last.renamed(target)):
            lines += [statement] if isinstance(statement, str) else statement.lines()
        return lines
