"""A MobileNetV2 checkpoint: one set of trained weights, read and checked."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.starter.architecture import HEAD_LAYER, Network, infer_alpha, network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.float32]]

IMAGENET_CLASSES = 1000
_KERNEL = f"{HEAD_LAYER}/kernel"
_BIAS = f"{HEAD_LAYER}/bias"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """One set of trained MobileNetV2 weights, complete and of the right shapes.

    Attributes
    ----------
    weights
        float32 arrays by Keras key, ``<layer>/<weight>``, in Keras' order.
    network
        The layout that the weights fill.
    background
        Whether class 0 is a background class that the Keras release leaves out.
    """

    weights: Weights
    network: Network
    background: bool

    @property
    def alpha(self) -> float:
        """Width multiplier."""
        return self.network.alpha

    @property
    def outputs(self) -> int:
        """Classes of the classifier, the background included where there is one."""
        return int(self.weights[_BIAS].shape[0])

    @property
    def classes(self) -> int:
        """Classes that both releases share: the background not counted."""
        return self.outputs - int(self.background)

    def without_background(self) -> Checkpoint:
        """Leave out the background class: column 0 of the classifier."""
        if not self.background:
            return self
        kernel, bias = self.weights[_KERNEL][:, 1:], self.weights[_BIAS][1:]
        return self._with_head(kernel, bias, background=False)

    def with_background(self) -> Checkpoint:
        """Add a background class as column 0 where there is none.

        Its logit is the mean of the others, so its probability is at most one part in
        ``classes + 1`` and the order of the classes stays as it is.
        """
        if self.background:
            return self
        kernel, bias = self.weights[_KERNEL], self.weights[_BIAS]
        kernel = np.concatenate([kernel.mean(axis=1, keepdims=True), kernel], axis=1)
        bias = np.concatenate([bias.mean(keepdims=True), bias])
        return self._with_head(kernel, bias, background=True)

    def _with_head(
        self, kernel: NDArray[np.float32], bias: NDArray[np.float32], *, background: bool
    ) -> Checkpoint:
        weights = {**self.weights, _KERNEL: kernel, _BIAS: bias}
        return Checkpoint(weights, self.network, background)


def read_checkpoint(
    path: str | PathLike[str], *, alpha: float | None = None, background: bool | None = None
) -> Checkpoint:
    """Read a checkpoint from an ``.npz`` file.

    Parameters
    ----------
    path
        File with one array per variable under ``<Keras layer>/<weight>``.
    alpha
        Width multiplier; found from the kernels where it is not given.
    background
        Whether class 0 is a background class; where it is not given, that is so for 1001
        classes, as TF-Slim trains them, and for no other count.

    Raises
    ------
    ReleaseError
        Where the file can't be read, or does not hold exactly one MobileNetV2.
    """
    try:
        weights = _arrays(Path(path))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReleaseError(
            f"The checkpoint {path} can't be read: {reason}.",
            "Give an .npz file written with numpy.savez, one array per weight.",
        ) from error
    return make_checkpoint(weights, alpha=alpha, background=background)


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    # NumPy leaves a file open that it opened itself and that is no archive.
    with path.open("rb") as stream:
        loaded = np.load(stream, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            raise ValueError("it holds a single array")
        return {key: loaded[key] for key in loaded.files}


def make_checkpoint(
    weights: Mapping[str, NDArray[Any]],
    *,
    alpha: float | None = None,
    background: bool | None = None,
) -> Checkpoint:
    """Check arrays against the network's layout and make a checkpoint of them.

    Parameters
    ----------
    weights
        Arrays by Keras key, in any order; converted to float32.
    alpha, background
        As for `read_checkpoint`.

    Raises
    ------
    ReleaseError
        Where a variable is missing, unknown, of another shape, not finite, or a variance is
        negative.
    """
    outputs = _outputs(weights)
    layout = network(_alpha(weights) if alpha is None else alpha)
    shapes = layout.shapes(outputs)
    _check_names(weights, shapes)
    for key, shape in shapes.items():
        _check_values(key, weights[key], shape)
    checked = {key: np.asarray(weights[key], np.float32) for key in shapes}
    if background is None:
        background = outputs == IMAGENET_CLASSES + 1
    if outputs - int(background) < 1:
        raise ReleaseError(
            "The checkpoint has a background class and no other.",
            "Give a checkpoint with at least one class beside the background.",
        )
    return Checkpoint(checked, layout, background)


def _outputs(weights: Mapping[str, NDArray[Any]]) -> int:
    bias = weights.get(_BIAS)
    if bias is None or bias.ndim != 1 or not len(bias):
        raise ReleaseError(
            f"The checkpoint has no classifier: {_BIAS!r} is missing or is no vector.",
            "Save the whole model, classifier included (include_top=True).",
        )
    return len(bias)


def _alpha(weights: Mapping[str, NDArray[Any]]) -> float:
    widths = {
        key.removesuffix("/kernel"): array.shape[2 if "depthwise" in key else 3]
        for key, array in weights.items()
        if key.endswith("/kernel") and array.ndim == 4
    }
    found = infer_alpha(widths)
    if found is None:
        raise ReleaseError(
            "The widths of the kernels fit no MobileNetV2 of any width multiplier.",
            "Give a checkpoint of keras.applications.MobileNetV2, or name its alpha.",
        )
    return found


def _check_names(weights: Iterable[str], expected: Iterable[str]) -> None:
    given, wanted = list(weights), list(expected)
    missing = [key for key in wanted if key not in given]
    unknown = [key for key in given if key not in wanted]
    for found, what in ((missing, "lacks"), (unknown, "holds unknown")):
        if found:
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            raise ReleaseError(
                f"The checkpoint {what} {', '.join(found[:3])}{more}.",
                "Use the layer names of keras.applications.MobileNetV2, <layer>/<weight>.",
            )


def _check_values(key: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ReleaseError(
            f"{key} has shape {array.shape} where this MobileNetV2 needs {shape}.",
            "Check that alpha is the one that the checkpoint was trained with.",
        )
    if not np.issubdtype(array.dtype, np.floating):
        raise ReleaseError(
            f"{key} holds {array.dtype} numbers, not floating point.",
            "Save the weights as float32; a quantised checkpoint must be dequantised first.",
        )
    if not np.isfinite(array).all():
        raise ReleaseError(
            f"{key} holds numbers that are not finite.",
            "The training diverged or the file is damaged: give another checkpoint.",
        )
    if key.endswith("/moving_variance") and array.min() < 0:
        raise ReleaseError(
            f"{key} is negative in places, which no variance can be.",
            "The file is damaged or its weights are out of order: give another checkpoint.",
        )
