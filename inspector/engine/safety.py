"""Whether a release may be opened: what it would do by itself, and whether the user trusts it.

The loaders call :func:`require_safe_folder` or :func:`require_safe_file` with what lies on this
machine, right before they open it. Nothing here runs anything of a model.

Two kinds of refusal:

- what is broken, oversized, or leads out of its own file or folder is a plain `ReleaseError`, and
  no trust opens it;
- what would run code or touch files is an `UntrustedModelError`. It names what was found and the
  SHA-256 of the content. The user may trust that content (:mod:`inspector.core.trust`); a single
  changed byte makes it another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.errors import UntrustedModelError
from inspector.core.sources import SourceKind
from inspector.core.trust import TrustStore, content_sha256
from inspector.engine.saved_model_scan import scan_saved_model
from inspector.engine.scan_frozen import graph_hazards, read_frozen_graph
from inspector.engine.scan_keras import scan_keras_config, scan_keras_file
from inspector.engine.scan_tflite import scan_tflite

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.scan_hazard import Hazard

_NAMED = 3
"""Findings that a message names; the others are counted."""

_FOLDERS = {SourceKind.HUB, SourceKind.SAVED_MODEL}


@dataclass(frozen=True, slots=True)
class Clearance:
    """A release may be opened.

    Attributes
    ----------
    hazards
        What it would do by itself; empty where nothing was found.
    sha256
        The content that the user trusts; empty where no trust was needed.
    """

    hazards: tuple[Hazard, ...] = ()
    sha256: str = ""

    @property
    def on_trust(self) -> bool:
        """Tell whether it may be opened only because the user said so."""
        return bool(self.hazards)


def require_safe(spec: ReleaseSpec, trust: TrustStore | None = None) -> Clearance:
    """Demand that a release, as far as it is on this machine, may be opened.

    What is not here passes; the loader says that it is missing, or fetches and then checks it.

    Raises
    ------
    UntrustedModelError
        Where it would act by itself and is not trusted.
    ReleaseError
        Where it is broken, oversized, or leads out of its own file or folder.
    """
    path = local_path(spec.source)
    if path is None:
        return Clearance()
    if spec.source.kind in _FOLDERS:
        return require_safe_folder(path, trust) if path.is_dir() else Clearance()
    if not path.is_file():
        return Clearance()
    if spec.source.kind is SourceKind.KERAS_WEIGHTS:
        return _require_safe_weights(spec, path, trust)
    return _CHECKS.get(spec.source.kind, require_safe_file)(path, trust)


def _require_safe_weights(spec: ReleaseSpec, path: Path, trust: TrustStore | None) -> Clearance:
    """Check the weights, then the configuration, where it is named and here."""
    clearance = require_safe_file(path, trust)
    config = Path(spec.source.option("config") or path.with_suffix(".none"))
    return require_safe_config(config, trust)[1] if config.is_file() else clearance


def require_safe_folder(folder: Path, trust: TrustStore | None = None) -> Clearance:
    """Demand that a SavedModel may be opened; see :func:`require_safe`."""
    return _clear(folder, scan_saved_model(folder), trust)


def require_safe_file(path: Path, trust: TrustStore | None = None) -> Clearance:
    """Demand that a Keras file may be opened; see :func:`require_safe`."""
    return _clear(path, scan_keras_file(path), trust)


def require_safe_graph(path: Path, trust: TrustStore | None = None) -> tuple[Any, Clearance]:
    """Parse a frozen graph, and demand that it may be imported."""
    graph = read_frozen_graph(path)
    return graph, _clear(path, graph_hazards(graph), trust)


def require_safe_tflite(path: Path, trust: TrustStore | None = None) -> Clearance:
    """Demand that a TFLite file may be opened; see :func:`require_safe`."""
    return _clear(path, scan_tflite(path), trust)


def require_safe_config(path: Path, trust: TrustStore | None = None) -> tuple[Any, Clearance]:
    """Parse a model's ``to_json()`` file, and demand that it may be built from."""
    config, hazards = scan_keras_config(path)
    return config, _clear(path, hazards, trust)


_CHECKS: dict[SourceKind, Callable[[Path, TrustStore | None], Clearance]] = {
    SourceKind.FROZEN_GRAPH: lambda path, trust: require_safe_graph(path, trust)[1],
    SourceKind.TFLITE: require_safe_tflite,
}
"""Checks of files that are not Keras's."""


def _clear(path: Path, hazards: tuple[Hazard, ...], trust: TrustStore | None) -> Clearance:
    if not hazards:
        return Clearance()
    sha256 = content_sha256(path)
    if (trust or TrustStore()).trusts(sha256):
        return Clearance(hazards, sha256)
    named = "; ".join(str(hazard) for hazard in hazards[:_NAMED])
    more = f"; and {len(hazards) - _NAMED} more" if len(hazards) > _NAMED else ""
    raise UntrustedModelError(
        f"{path} was not opened, because it holds {named}{more}.",
        "If you trust where it comes from, run twin-inspector releases trust "
        f"{_quoted(path)} once, or add --trust {sha256} to this command.",
    )


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text
