"""What window and engine process say to each other: frozen requests and replies, no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.errors import InspectorError
    from inspector.core.features.kinds import AnyExplanation, AnyResult
    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureSource
    from inspector.core.result import SideSettings


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Run one picture through both releases of a pair."""

    generation: int
    picture: PictureSource
    pair: PairSpec
    left: SideSettings
    right: SideSettings


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """Say why the two differ on the picture of a comparison; of the same generation as that."""

    generation: int
    comparison: CompareRequest


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Do something else than comparing; :mod:`inspector.engine.tasks` has the kinds."""

    generation: int
    task: Any


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop every request up to and including this generation, at the next stage."""

    generation: int


@dataclass(frozen=True, slots=True)
class Shutdown:
    """End the engine process."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine process has imported TensorFlow."""

    versions: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What the engine is doing for a request; `fraction` is 0 to 1, or None where unknown."""

    generation: int
    text: str
    fraction: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Compared:
    """The answer to a CompareRequest."""

    generation: int
    result: AnyResult


@dataclass(frozen=True, eq=False, slots=True)
class Explained:
    """The answer to an ExplainRequest."""

    generation: int
    explanation: AnyExplanation


@dataclass(frozen=True, eq=False, slots=True)
class TaskDone:
    """The answer to a TaskRequest; what `outcome` is depends on the kind of task."""

    generation: int
    outcome: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """A request could not be done; `trace` is the engine's traceback for ``--debug``."""

    generation: int
    error: InspectorError
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last message of every request: also after an error, and after a cancel."""

    generation: int
    cancelled: bool = False


Work = CompareRequest | ExplainRequest | TaskRequest
Request = Work | Cancel | Shutdown
Reply = Ready | Progress | Compared | Explained | TaskDone | Failed | Finished
