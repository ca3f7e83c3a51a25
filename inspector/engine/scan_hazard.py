"""What the checks of a model find, and the two ways to refuse it."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.core.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class Hazard:
    """Something in a model that acts by itself once the model is loaded or run.

    Attributes
    ----------
    what
        Its name, such as ``the op WriteFile`` or ``the Lambda layer 'scale'``.
    why
        What it does, as the end of a sentence: ``reads or writes files``.
    where
        The function, node or layer that holds it; may be empty.
    """

    what: str
    why: str
    where: str = ""

    def __str__(self) -> str:
        """Give it as a part of a sentence."""
        place = f" (in {self.where})" if self.where else ""
        return f"{self.what}, which {self.why}{place}"


def malformed(name: str, fact: str, mend: str = "") -> ReleaseError:
    """Make the error for a file that no trust can mend: broken, oversized or out of its folder."""
    return ReleaseError(f"{name} was not opened: {fact}.", mend or "Replace it with a whole copy.")
