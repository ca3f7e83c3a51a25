"""What of a loaded SavedModel is called with a batch, and which of its outputs is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.core.saved_model_names import OUTPUT_NAMES, SIGNATURES, choose_name
from inspector.core.sources import nearest_hint
from inspector.engine.picture_shape import as_input, require_whole_range

if TYPE_CHECKING:
    from collections.abc import Collection

    from inspector.core.pairs import ReleaseSpec


@dataclass(frozen=True, eq=False, slots=True)
class Published:
    """What is called.

    Attributes
    ----------
    call
        Takes a batch and gives what the publisher's function gives: one or several outputs.
    shape
        TensorFlow's shape of its input, or None where nothing says it.
    signature
        Name of the signature; empty where the object itself is called.
    function
        The signature's concrete function, or None.
    dtype
        Type of its input; float32 where nothing says it, for that is what it is given.
    """

    call: Any
    shape: Any
    signature: str = ""
    function: Any = None
    dtype: str = "float32"


def choose_call(spec: ReleaseSpec, loaded: Any) -> Published:
    """Choose what to call: the object itself where it can be, else a signature.

    The option ``signature`` of the source chooses a signature in either case.

    Raises
    ------
    ReleaseError
        Where there is no such signature, or none that takes one picture.
    """
    signatures = getattr(loaded, "signatures", {})
    wanted = spec.source.option("signature")
    if wanted:
        return _by_signature(spec, signatures, wanted)
    if callable(loaded):
        taken = _input_of_call(loaded)
        if taken is None:
            return Published(loaded, None)
        call = _typed(spec, loaded, taken.dtype)
        return Published(call, taken.shape, dtype=taken.dtype.name)
    usable = [name for name in signatures if _only_input(signatures[name]) is not None]
    name = choose_name(usable, SIGNATURES[spec.output])
    if name is None:
        raise _nothing_to_call(spec, tuple(signatures), usable)
    return _by_signature(spec, signatures, name)


def _nothing_to_call(
    spec: ReleaseSpec, known: tuple[str, ...], usable: Collection[str]
) -> ReleaseError:
    names = ", ".join(sorted(known)) or "none at all"
    if usable:
        return ReleaseError(
            f"{spec.name} cannot be called, and none of its signatures has a known name: {names}.",
            f"Say which is meant: add ?signature={sorted(usable)[0]} to its source.",
        )
    return ReleaseError(
        f"{spec.name} cannot be called and has no signature that takes one picture: {names}.",
        "Choose an image classification module.",
    )


def _by_signature(spec: ReleaseSpec, signatures: Any, name: str) -> Published:
    if name not in signatures:
        known = tuple(sorted(signatures))
        raise ReleaseError(
            f"{spec.name} has no signature {name!r}; there is: {', '.join(known) or 'none'}.",
            nearest_hint(name, known, "signature") if known else "Leave ?signature out.",
        )
    function = signatures[name]
    only = _only_input(function)
    if only is None:
        raise ReleaseError(
            f"The signature {name!r} of {spec.name} does not take one picture: "
            f"{_inputs_text(function)}.",
            "Choose another signature.",
        )
    _require_output(spec, signatures, name)
    argument, taken = only
    call = _typed(spec, lambda batch: function(**{argument: batch}), taken.dtype)
    return Published(call, taken.shape, name, function, taken.dtype.name)


def _require_output(spec: ReleaseSpec, signatures: Any, name: str) -> None:
    """Demand the output that the source names, and say which other signature has it."""
    wanted = spec.source.option("output")
    if not wanted or wanted in _outputs_of(signatures[name]):
        return
    having = sorted(other for other in signatures if wanted in _outputs_of(signatures[other]))
    if having:
        named = " and ".join(having)
        raise ReleaseError(
            f"The signature {name!r} of {spec.name} has no output {wanted!r}, but {named} "
            f"{'has' if len(having) == 1 else 'have'} it.",
            f"Write ?signature={having[0]}&output={wanted} in its source.",
        )


def _outputs_of(function: Any) -> Collection[str]:
    """Give the names of a signature's outputs."""
    outputs = function.structured_outputs
    return tuple(outputs) if isinstance(outputs, dict) else ()


def _typed(spec: ReleaseSpec, call: Any, dtype: Any) -> Any:
    """Give a call of float32 batches for one that takes another type, such as uint8 pixels."""
    import tensorflow as tf

    if dtype == tf.float32:
        return call
    if dtype.is_integer:
        require_whole_range(spec.name, dtype.name, spec.range)
    return lambda batch: call(as_input(batch, dtype))


def _inputs_text(function: Any) -> str:
    inputs = function.structured_input_signature[1]
    texts = [f"{name} {tensor.dtype.name}" for name, tensor in sorted(inputs.items())]
    return f"it takes {', '.join(texts) or 'nothing'}"


def _only_input(function: Any) -> tuple[str, Any] | None:
    """Give name and type of the only input of numbers or pixels, or None where there is no such."""
    import tensorflow as tf

    inputs = function.structured_input_signature[1]
    if len(inputs) != 1:
        return None
    ((name, tensor),) = inputs.items()
    return (name, tensor) if tensor.dtype.is_floating or tensor.dtype == tf.uint8 else None


def _input_of_call(loaded: Any) -> Any:
    """Give the type of what a loaded object takes when it is called, or None where none is said."""
    import tensorflow as tf

    functions = getattr(loaded.__call__, "concrete_functions", ())
    for function in functions:
        arguments, _ = function.structured_input_signature
        if arguments and isinstance(arguments[0], tf.TensorSpec):
            return arguments[0]
    signatures = getattr(loaded, "signatures", {})
    if "serving_default" in signatures:
        inputs = signatures["serving_default"].structured_input_signature[1]
        return next(iter(inputs.values()))
    return None


def choose_output(spec: ReleaseSpec, outputs: Any) -> Any:
    """Take one of the outputs that a call gave.

    It is the one that the option ``output`` of the source names; else ``default``; else the first
    of the names that are usual for what the release declares to give; else the only one.

    Raises
    ------
    ReleaseError
        Where there is no such output, or it does not say which is meant.
    """
    wanted = spec.source.option("output")
    if isinstance(outputs, list | tuple) and len(outputs) == 1:
        (outputs,) = outputs
    if isinstance(outputs, list | tuple):
        raise ReleaseError(
            f"{spec.name} gives {len(outputs)} outputs without names.",
            "Choose a model with one output, or with a named one.",
        )
    if not isinstance(outputs, dict):
        if wanted:
            raise ReleaseError(
                f"{spec.name} gives one output without a name, so there is no {wanted!r}.",
                "Leave ?output out of its source, or name a signature too.",
            )
        return outputs
    return outputs[_output_name(spec, outputs, wanted)]


def _output_name(spec: ReleaseSpec, outputs: dict[str, Any], wanted: str) -> str:
    if wanted in outputs:
        return wanted
    known = tuple(sorted(outputs))
    if wanted:
        raise ReleaseError(
            f"{spec.name} has no output {wanted!r}; there is: {', '.join(known)}.",
            nearest_hint(wanted, known, "output"),
        )
    name = choose_name(outputs, OUTPUT_NAMES[spec.output])
    if name is None:
        raise ReleaseError(
            f"{spec.name} gives several outputs ({', '.join(known)}), and none of them has a known "
            "name.",
            f"Say which is meant: add ?output={known[0]} to its source.",
        )
    return name
