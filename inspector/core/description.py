"""What a model file or release offers, as its files say it: nothing here is guessed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.catalogue import choose_pair
from inspector.core.errors import UsageError
from inspector.core.input_range import LEVELS
from inspector.core.model_files import source_of_model
from inspector.core.pairs import OutputKind, ReleaseSpec, Side
from inspector.core.sources import SourceKind, parse_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.endpoints import Endpoint
    from inspector.core.quantisation import TensorQuantisation
    from inspector.core.sources import Source


_COLOURS = {1, 3, None}


@dataclass(frozen=True, slots=True)
class DescribeTask:
    """Describe one release; the outcome is a `Description`."""

    release: ReleaseSpec

    @property
    def releases(self) -> tuple[ReleaseSpec]:
        """The releases that have to be on this machine."""
        return (self.release,)


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """An input or output.

    Attributes
    ----------
    name, dtype
        As the model says.
    shape
        With the batch; None for a length that is open, and None for a shape that is not told.
    quantisation
        How whole numbers stand for real ones, or None.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None
    quantisation: TensorQuantisation | None = None


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """A signature: what it takes and gives by name."""

    name: str
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """A graph; a SavedModel may hold several, told apart by their tags.

    Attributes
    ----------
    tags
        Of a MetaGraph; empty for inference in Hub's TF1 format, and for what has no tags.
    signatures
        In the order of their names.
    ops
        Each operation with how often it stands in the graph and its functions, the most frequent
        first.
    """

    tags: tuple[str, ...]
    signatures: tuple[SignatureFacts, ...]
    ops: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """A layer of a Keras model: name, class, output shape with the batch, parameters."""

    name: str
    kind: str
    shape: tuple[int | None, ...] | None
    parameters: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that the model is made of: absolute path, bytes, what is in it."""

    path: str
    bytes: int
    role: str


@dataclass(frozen=True, slots=True)
class WeightFacts:
    """What weights there are: how many tensors, and how many numbers in them."""

    tensors: int
    numbers: int


@dataclass(frozen=True, slots=True)
class Description:
    """What a release offers.

    Attributes
    ----------
    source
        Its source line.
    kind
        What it is, in a few words.
    files
        What it lies in; its weights are in those whose role says so.
    size
        Height and width that it expects, or None where it takes any or that is not known.
    size_is_known
        Whether its size is known; without the opened model the files may not tell it.
    inputs, outputs
        Of the call that the program makes.
    graphs
        Of SavedModels and graphs; else empty.
    layers
        Of Keras models, the outermost; else empty.
    weights
        None where they could not be read.
    endpoints
        Named activations inside, in the order of depth.
    call
        What the program calls, such as ``the signature 'default'``; empty where there is no choice.
    quantised
        Constants that are stored as whole numbers; else empty.
    notes
        Sentences that the user should know.
    """

    source: str
    kind: str
    files: tuple[FileFacts, ...]
    size: tuple[int, int] | None = None
    size_is_known: bool = True
    inputs: tuple[TensorFacts, ...] = ()
    outputs: tuple[TensorFacts, ...] = ()
    graphs: tuple[GraphFacts, ...] = ()
    layers: tuple[LayerFacts, ...] = ()
    weights: WeightFacts | None = None
    endpoints: tuple[Endpoint, ...] = ()
    call: str = ""
    quantised: tuple[TensorQuantisation, ...] = ()
    notes: tuple[str, ...] = ()


def picture_sizes(inputs: Iterable[TensorFacts]) -> frozenset[tuple[int | None, int | None]]:
    """Give every height and width that inputs of pictures declare; None for a length that is open.

    What has no four axes, or colours neither at the end nor before the height, is no picture.
    """
    found = set()
    for tensor in inputs:
        shape = tensor.shape
        if shape is None or len(shape) != 4:
            continue
        if shape[3] in _COLOURS:
            found.add((shape[1], shape[2]))
        elif shape[1] in _COLOURS:
            found.add((shape[2], shape[3]))
    return frozenset(found)


def release_to_describe(text: str) -> ReleaseSpec:
    """Find the release that somebody names.

    Parameters
    ----------
    text
        A path, a handle ``https://…``, a source line such as ``hub:PATH?tags=train``, or one side
        of a pair: ``ID/left``, ``FILE.toml/right``, ``FILE.toml#ID/right``.

    Raises
    ------
    UsageError
        Where there is no such pair.
    PairFileError
        Where the source line or the pair file is not well formed.
    ReleaseMissingError, ReleaseError
        Where a path leads to nothing, or to no model.
    """
    kind = text.partition(":")[0]
    if kind in set(SourceKind) and kind != text:
        return undeclared(parse_source(text, Path.cwd()))
    place = os.path.expanduser(text)
    pair, slash, side = text.rpartition("/")
    if slash and side in set(Side) and not os.path.exists(place):
        return choose_pair(pair).release(Side(side))
    if not os.path.exists(place) and _is_bare_word(text):
        raise UsageError(
            f"There is no model and no file {text!r}.",
            "Write a path, a handle, a source line, or a side of a pair, such as starter/left.",
        )
    return undeclared(source_of_model(text))


def _is_bare_word(text: str) -> bool:
    return not any(sign in text for sign in "./\\:~")


def undeclared(source: Source) -> ReleaseSpec:
    """Make a spec for a release that no pair declares, only to open it.

    The conventions in it mean nothing; a description doesn't tell them.
    """
    return ReleaseSpec(source, "hub", LEVELS, OutputKind.LOGITS, background=False)
