"""Who is told what the engine does, and may stop it between stages."""

from __future__ import annotations


class Watcher:
    """Told of each stage. This one does nothing; others show progress or raise Cancelled."""

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Hear that a stage begins.

        Parameters
        ----------
        text
            What is about to be done, in a few words.
        fraction
            0 to 1, or None where unknown.

        Raises
        ------
        Cancelled
            To stop before that stage.
        """

    def is_unwanted(self) -> bool:
        """Tell whether the work is no longer wanted; asked in the middle of long stages."""
        return False
