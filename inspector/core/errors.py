"""Every error the program raises on purpose, as one tree.

    InspectorError                exit 5   the engine failed, or nothing more exact is known
    ├── UsageError                exit 2   the command line asks for something that does not exist
    ├── InputError                exit 3   what was given cannot be used
    │   ├── PictureError                   a picture
    │   ├── ReleaseError                   a model, or its declared conventions
    │   │   ├── UntrustedModelError        a model that acts by itself
    │   │   └── NoGraphError               a model that cannot be part of a TensorFlow graph
    │   ├── PairFileError                  a pair file
    │   ├── RunBusyError                   a run file that another process writes
    │   └── ExportError                    a file to be written
    │       └── DiskFullError              the disk has no more room for it
    ├── ReleaseMissingError       exit 4   a release is not here and could not be fetched
    └── EngineError               exit 5   the engine process or TensorFlow failed
        ├── EngineCrashedError             the engine process ended by itself
        └── ClusterError                   a cluster that cannot be reached or relied on
    Cancelled                     no error: somebody asked to stop

A message is one sentence with the fact; ``mend`` is one sentence that says what to do.
"""

from __future__ import annotations

import re

_TENSORFLOW_NODE = re.compile(r"\{\{[^{}]*\}\}\s*")
_TENSORFLOW_OP = re.compile(r"\s*\[Op:\w+\].*")


class InspectorError(Exception):
    """An error with a fact, a mend and the exit code of the command line.

    Parameters
    ----------
    message
        One sentence that states the fact.
    mend
        One sentence that says what to do; may be empty where nothing can be done.
    """

    exit_code = 5

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __reduce__(self) -> tuple[type[InspectorError], tuple[str, str]]:
        """Errors cross a process boundary: keep both sentences."""
        return type(self), (self.message, self.mend)

    def __str__(self) -> str:
        """Fact and mend in one line."""
        return f"{self.message} {self.mend}".strip()


class UsageError(InspectorError):
    """The command line asks for something that does not exist."""

    exit_code = 2


class InputError(InspectorError):
    """What was given cannot be used."""

    exit_code = 3


class PictureError(InputError):
    """A picture cannot be read, or is refused."""


class ReleaseError(InputError):
    """A model cannot be opened, or does not keep its declared conventions."""


class UntrustedModelError(ReleaseError):
    """A model holds what could run code or touch files, and the user has not said to trust it."""


class NoGraphError(ReleaseError, RuntimeError):
    """A model that cannot be part of a TensorFlow graph.

    A RuntimeError too, which TensorFlow raises where something cannot be traced.
    """


class PairFileError(InputError):
    """A pair file is not valid."""


class RunBusyError(InputError):
    """A run file is being written by another process."""


class ExportError(InputError):
    """A file cannot be written."""


class DiskFullError(ExportError):
    """The disk has no more room; what was written before is whole, and writing can be retried."""


class ReleaseMissingError(InspectorError):
    """A release is not on this machine and could not be fetched."""

    exit_code = 4


class EngineError(InspectorError):
    """The engine process or TensorFlow failed."""


class EngineCrashedError(EngineError):
    """The engine process ended by itself."""


class ClusterError(EngineError):
    """A cluster cannot be reached, or its workers cannot be relied on for this run."""


class Cancelled(Exception):  # noqa: N818 - a cancelled job is not an error
    """Somebody asked to stop; raised between stages."""


def first_line(error: BaseException) -> str:
    """Give the first line of a library's error, at most 300 characters, for a message of ours.

    TensorFlow's names of nodes and devices around its sentence are left out.
    """
    text = _TENSORFLOW_NODE.sub("", str(error)).strip()
    lines = _TENSORFLOW_OP.sub("", text).splitlines()
    return (lines[0] if lines else type(error).__name__)[:300].rstrip(".") + "."
