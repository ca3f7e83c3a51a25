"""SavedModels with several MetaGraphs, among them modules of TensorFlow Hub's TF1 format.

Such a module holds the same network more than once: tagged with nothing for inference, and with
``train`` for training (batch norm on the batch's statistics, dropout on). It cannot be called; it
has signatures, whose outputs are named. Its checkpoint is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.core.sources import nearest_hint
from inspector.core.weights.tensors import Role
from inspector.engine.weight_graph import graph_weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from inspector.core.sources import Source
    from inspector.core.weights.tensors import NamedWeight

MODULE_FILE = "tfhub_module.pb"
"""Marks a folder as a module of Hub's TF1 format."""

TRAIN = "train"
_SERVE = "serve"
_ATTACHMENTS = "hub_module_attachments"
_IMAGE_INFO = "image_module_info"
_REFERENCE = ("VariableV2", "Variable")


def tag_sets(model: Any) -> tuple[tuple[str, ...], ...]:
    """Give the tags of each MetaGraph of a SavedModel message, in the order of the file."""
    return tuple(tuple(sorted(meta.meta_info_def.tags)) for meta in model.meta_graphs)


def choose_meta_graph(name: str, source: Source, model: Any) -> Any:
    """Give the MetaGraph that a source means.

    Without the option ``tags`` it is the only one, else the one without tags, else the one tagged
    ``serve`` alone, else the only one that is not for training.

    Parameters
    ----------
    name
        What to call the release.
    model
        The SavedModel message.

    Raises
    ------
    ReleaseError
        Where there is none of these tags, or it does not say which is meant.
    """
    metas = dict(zip(tag_sets(model), model.meta_graphs, strict=True))
    wanted = dict(source.options).get("tags")
    if wanted is not None:
        tags = tuple(sorted(filter(None, (tag.strip() for tag in wanted.split(",")))))
        if tags not in metas:
            raise _no_such_tags(name, tags, tuple(metas))
        return metas[tags]
    for tags in ((), (_SERVE,)):
        if tags in metas:
            return metas[tags]
    inference = [tags for tags in metas if TRAIN not in tags]
    for only in (list(metas), inference):
        if len(only) == 1:
            return metas[only[0]]
    raise ReleaseError(
        f"{name} holds {len(metas)} graphs, tagged {_listed(metas)}.",
        f"Say which is meant: add ?tags={','.join(next(iter(metas)))} to its source.",
    )


def _no_such_tags(
    name: str, tags: tuple[str, ...], known: tuple[tuple[str, ...], ...]
) -> ReleaseError:
    written = tuple(",".join(each) for each in known if each)
    hint = nearest_hint(",".join(tags), written, "tag") if written else "Leave ?tags out."
    return ReleaseError(
        f"{name} has no graph tagged {tags_text(tags)}; there is: {_listed(known)}.", hint
    )


def tags_text(tags: Iterable[str]) -> str:
    """Write a MetaGraph's tags for people."""
    return ",".join(tags) or "nothing (inference)"


def _listed(known: Iterable[tuple[str, ...]]) -> str:
    return "; ".join(tags_text(tags) for tags in known)


def attached_size(meta: Any) -> tuple[int, int] | None:
    """Give height and width that a module was published for, from what is attached to its graph.

    The attachment (``image_module_info`` of Hub's TF1 format) tells the size also where the
    signature takes any.
    """
    if _ATTACHMENTS not in meta.collection_def:
        return None
    attachment, info = _messages()
    for value in meta.collection_def[_ATTACHMENTS].bytes_list.value:
        found = attachment.FromString(value)
        if found.key == _IMAGE_INFO:
            size = info.FromString(found.value).default_image_size
            return (size.height, size.width) if size.height > 0 < size.width else None
    return None


def _messages() -> tuple[Any, Any]:
    """Make the two messages that Hub attached, which newer releases of it no longer bring along."""
    from google.protobuf import (  # type: ignore[import-untyped]
        descriptor_pb2,
        descriptor_pool,
        message_factory,
    )

    file = descriptor_pb2.FileDescriptorProto(name="attached.proto", package="attached")
    file.syntax = "proto3"
    for name, fields in {
        "Attachment": (("key", 9, ""), ("value", 12, "")),
        "InputSize": (("height", 5, ""), ("width", 5, "")),
        "ImageInfo": (("default_image_size", 11, ".attached.InputSize"),),
    }.items():
        message = file.message_type.add(name=name)
        for number, (field, kind, type_name) in enumerate(fields, start=1):
            added = message.field.add(name=field, number=number, type=kind, label=1)
            if type_name:
                added.type_name = type_name
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    find = pool.FindMessageTypeByName
    return (
        message_factory.GetMessageClass(find("attached.Attachment")),
        message_factory.GetMessageClass(find("attached.ImageInfo")),
    )


@dataclass(frozen=True, eq=False, slots=True)
class ReferenceVariable:
    """A variable of TF1's kind, which lives in the graph and not in an object of its own.

    Attributes
    ----------
    name
        As TensorFlow writes it, with ``:0``.
    dtype
        TensorFlow's type of its values.
    values
        As they were when it was read.
    """

    name: str
    dtype: Any
    values: NDArray[Any]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        values = np.asarray(self.values, dtype=dtype)
        return values.copy() if copy else values


def tf1_weights(loaded: Any, function: Any) -> tuple[NamedWeight, ...]:
    """Read the weights that a signature of a TF1-format object uses, in the order of its graph.

    Batch norms without a gamma are written with a constant of ones in its place; that is no weight.

    Parameters
    ----------
    loaded
        What ``tf.saved_model.load`` gave.
    function
        The signature that the release is run by: what it does not use is not part of the release.
    """
    references = reference_variables(loaded, function)
    holder = SimpleNamespace(signatures={"serving_default": function}, variables=references)
    held = {v.name.partition(":")[0] for v in (*references, *function.graph.variables)}
    return tuple(
        weight
        for weight in graph_weights(holder)
        if weight.name in held or not _is_missing_gamma(weight)
    )


def _is_missing_gamma(weight: NamedWeight) -> bool:
    return weight.name.endswith(f"/{Role.GAMMA}") and bool((weight.values == 1.0).all())


def reference_variables(loaded: Any, function: Any) -> list[ReferenceVariable]:
    """Read the reference variables that a signature uses, in the order of its graph."""
    used = [op for op in function.graph.get_operations() if op.type in _REFERENCE]
    if not used:
        return []
    read = loaded.prune([], [_value_of(loaded.graph, operation.name) for operation in used])
    return [
        ReferenceVariable(f"{op.name}:0", op.outputs[0].dtype.base_dtype, np.asarray(values))
        for op, values in zip(used, read(), strict=True)
    ]


def _value_of(graph: Any, name: str) -> Any:
    """Give the tensor that reads a reference variable: a reference itself cannot be fetched."""
    variable = graph.get_operation_by_name(name).outputs[0]
    return next(
        (reader.outputs[0] for reader in variable.consumers() if reader.type == "Identity"),
        variable,
    )
