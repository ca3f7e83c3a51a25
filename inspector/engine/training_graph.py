"""A SavedModel in training mode: its graph in a session of its own, with seeds of our own.

A training call assigns moving statistics, and its random operations have their seeds, or none,
written into the graph. So the graph is taken over into a session that shares nothing with the
loaded release: the variables are copies, and the random operations get seeds made of the run's own.
The session ends with the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.engine.picture_shape import as_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_KERAS_STATE = "seed_generator_state"
"""How Keras names the variables that its random layers draw from: a seed and a counter."""

_RANDOM = frozenset(
    {"RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal"}
    | {"ParameterizedTruncatedNormal", "RandomGamma", "RandomPoisson", "RandomPoissonV2"}
    | {"RandomShuffle", "Multinomial", "RandomCrop"}
)
"""Random operations; a graph may have been written without their seeds where those were zero."""


class CallTraining:
    """Runs a call of a restored object, such as one with ``training=True``.

    Parameters
    ----------
    call
        Takes a tensor, float32 (batch, height, width, 3), and gives the output tensor.
    root
        The restored object that the variables hang on.
    shape
        Of the batch.

    Raises
    ------
    ValueError, TypeError
        Where the restored object knows no such call.
    """

    note = ""

    def __init__(self, call: Callable[[Any], Any], root: Any, shape: tuple[int, ...]) -> None:
        import tensorflow as tf

        function = tf.function(call, input_signature=[tf.TensorSpec(shape)], autograph=False)
        traced = function.get_concrete_function()
        self._traced = traced
        self._graph = traced.graph.as_graph_def()
        self._variables = _by_handle(root, traced)
        self.draws = bool(random_nodes(self._graph)) or any(
            _KERAS_STATE in variable.name for variable in self._variables.values()
        )

    def run(self, batch: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
        """Give the outputs, float32 (batch, n); the batch has the shape that was traced."""
        import tensorflow as tf

        v1 = tf.compat.v1
        values = self._values(seed)
        with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
            images = v1.placeholder(tf.float32, batch.shape)
            copies = _copies(session, values)
            (output,) = tf.graph_util.import_graph_def(
                reseeded(self._graph, seed),
                input_map={self._traced.inputs[0].name: images, **copies},
                return_elements=[self._traced.outputs[0].name],
                name="",
            )
            return np.asarray(session.run(output, {images: batch}), dtype=np.float32)

    def _values(self, seed: int) -> dict[str, tuple[NDArray[Any], bool]]:
        """Give what the call captures, by placeholder: its value, and whether it is a variable."""
        values = {}
        for outer, inner in self._traced.graph.captures:
            variable = self._variables.get(id(outer))
            value = (outer if variable is None else variable).numpy()
            if variable is not None and _KERAS_STATE in variable.name:
                value = np.array([int(_draw(seed, 1)[0]), 0], value.dtype)
            values[inner.name] = (value, variable is not None)
        return values


class ModuleTraining:
    """Runs a signature of the MetaGraph that a module of Hub's TF1 format has for training.

    Parameters
    ----------
    folder
        Of the module; its checkpoint is restored at each run.
    meta
        The MetaGraph.
    fed
        TensorInfo of the input.
    given
        Name of the output in its graph.
    """

    note = ""

    def __init__(self, folder: Path, meta: Any, fed: Any, given: str) -> None:
        self._checkpoint = str(folder / "variables" / "variables")
        self._meta = meta
        self._fed, self._given = fed, given
        self.draws = bool(random_nodes(meta.graph_def))

    def run(self, batch: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
        """Give the outputs, float32 (batch, n)."""
        import tensorflow as tf

        v1 = tf.compat.v1
        taken = as_input(tf.constant(batch), tf.as_dtype(self._fed.dtype)).numpy()
        meta = type(self._meta)()
        meta.CopyFrom(self._meta)
        meta.graph_def.CopyFrom(reseeded(meta.graph_def, seed))
        with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
            saver = v1.train.import_meta_graph(meta) or v1.train.Saver()
            saver.restore(session, self._checkpoint)
            output = session.run(self._given, {self._fed.name: taken})
            return np.asarray(output, dtype=np.float32)


def reseeded(graph: Any, seed: int) -> Any:
    """Copy a GraphDef, with seeds for the random operations in it and in its functions."""
    made = type(graph)()
    made.CopyFrom(graph)
    random = random_nodes(made)
    drawn = _draw(seed, 2 * len(random))
    for node, first, second in zip(random, drawn[::2], drawn[1::2], strict=True):
        node.attr["seed"].i, node.attr["seed2"].i = int(first), int(second)
    return made


def random_nodes(graph: Any) -> list[Any]:
    """Give the random operations of a GraphDef and of its functions."""
    return [node for node in _nodes(graph) if node.op in _RANDOM or "seed2" in node.attr]


def _nodes(graph: Any) -> Iterator[Any]:
    yield from graph.node
    for function in graph.library.function:
        yield from function.node_def


def _draw(seed: int, count: int) -> NDArray[np.int64]:
    """Draw seeds from 1 to 2**31, well apart also where the given seeds are neighbours.

    TensorFlow takes two zeros for no seed at all.
    """
    drawn = np.random.SeedSequence(seed).generate_state(count)
    return (drawn >> 1).astype(np.int64) + 1


def _copies(session: Any, values: dict[str, tuple[NDArray[Any], bool]]) -> dict[str, Any]:
    """Put values into the session's graph: variables, given by their handles, and constants.

    Variables are fed rather than written into the graph, which may take no more than 2 GB; all at
    once, since a session reads its graph anew whenever it has grown.
    """
    import tensorflow as tf

    v1 = tf.compat.v1
    copies, fed, initialisers = {}, {}, []
    for name, (value, is_variable) in values.items():
        if not is_variable:
            copies[name] = tf.constant(value)
            continue
        initial = v1.placeholder(value.dtype, value.shape)
        variable = v1.Variable(initial, trainable=False, use_resource=True, collections=[])
        fed[initial] = value
        initialisers.append(variable.initializer)
        copies[name] = variable.handle
    session.run(initialisers, fed)
    return copies


def _by_handle(root: Any, traced: Any) -> dict[int, Any]:
    """Give the variables of a restored object by the identity of their handles."""
    import tensorflow as tf

    hung = tf.train.TrackableView(root).descendants()
    known = [*hung, *getattr(root, "variables", ()), *traced.graph.variables]
    return {id(v.handle): v for v in known if isinstance(v, tf.Variable)}
