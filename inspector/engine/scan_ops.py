"""Which TensorFlow operations a model may hold.

TensorFlow's registry says of each operation whether it is *stateful*. That makes two lists short
enough to be read by a person:

- a stateful operation is refused unless it is listed here. Variables, random numbers, tables,
  arrays and control flow are; everything that a later TensorFlow adds is refused until somebody
  has looked at it;
- a stateless one is allowed unless it is listed here. The registry calls some operations stateless
  that read a file, write one, or end the process; those were picked out of all 1,355 of
  TensorFlow 2.21. A list of the allowed ones would be a thousand lines that nobody reads, and would
  refuse a harmless model for each new arithmetic operation.

An operation that the registry does not know comes from another library and is refused.
A few depend on their arguments: see :class:`Kind`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What has to be looked at in a node of this operation."""

    PLAIN = auto()
    CALL = auto()
    """It calls functions of the model's library."""
    SAVER = auto()
    """It reads or writes checkpoints: the saver's alone."""
    TABLE_FILE = auto()
    """It fills a table from a text file: one of the model's assets alone."""
    PRINT = auto()
    """It prints: to the log alone."""
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of an operation, and why it is refused."""

    kind: Kind
    why: str = ""


_SAVER = re.compile(r"(Save|Restore)(V2|Slices?)?|MergeV2Checkpoints")
_TABLE_FILE = re.compile(r"InitializeTableFromTextFile(V2)?")

_FILES = "reads or writes files"
_REFUSED = tuple(
    (re.compile("|".join(patterns)), why)
    for why, patterns in {
        "runs Python code": (r"(Eager)?PyFunc\w*",),
        _FILES: (
            r"ReadFile|WriteFile|MatchingFiles|ImmutableConst|DumpTensor|DistributedSave",
            r"\w*Reader(V2)?|Reader\w+|RecordInput|LoadAndRemapMatrix|GenerateVocabRemapping",
            r"FixedUnigramCandidateSampler|CalibrationStatisticsSaver|FileSystemSetConfiguration",
            r"Write\w*Summary|SummaryWriter|(Create|Close|Flush)Summary\w+|ImportEvent",
            r"DecodeProtoV2|EncodeProto",
        ),
        "reads data sets": (r"\w*Dataset\w*|\w*Iterator\w*",),
        "talks to other processes or machines": (
            r"Rpc\w+|DeleteRpc\w+|RemoteCall|Send|Recv|WorkerHeartbeat",
            r"Collective\w+|Nccl\w+|\w*TPU\w*|Infeed\w+|Outfeed\w+|DTensor\w+",
        ),
        "runs native code that this check cannot look into": (
            r"XlaCallModule|XlaCustomCall\w*|XlaLaunch\w*|XlaHostCompute|MlirPassthroughOp",
        ),
        "writes debugging data": (r"Debug\w+|Copy|CopyHost",),
        "stops or delays the program": (r"Abort|Sleep\w+",),
        "is TensorFlow's own, and never part of a published model": (r"_\w+",),
    }.items()
)

_STATE_ALLOWED = re.compile(
    "|".join(
        (
            # variables
            r"VarHandleOp|ReadVariableOp|Assign(Add|Sub)?VariableOp|VarIsInitializedOp",
            r"Variable(V2|Shape)?|TemporaryVariable|DisableCopyOnRead|DestroyResourceOp",
            r"Resource(Gather|GatherNd|CountUpTo|StridedSliceAssign|Scatter\w+)",
            r"Resource(Sparse)?Apply\w+",
            # control flow and checks
            r"StatefulPartitionedCall|If|While|Case|Assert|CheckNumerics(V2)?|GuaranteeConst",
            r"Print|Timestamp|DeviceIndex|Empty|DeepCopy|MutexV2|MutexLock|ConsumeMutexLock",
            r"IsTensorFloat32Enabled|IsResourceHandleRefCounting",
            # random numbers
            r"Random(Uniform|UniformInt|StandardNormal|Shuffle|Crop|Gamma|Poisson(V2)?)",
            r"(Parameterized)?TruncatedNormal|Multinomial|Stateful(Random|Standard|Truncated)\w+",
            r"StatefulUniform(FullInt|Int)?|NonDeterministicInts|Rng\w+|StatelessRandomGetAlg",
            r"SampleDistortedBoundingBox(V2)?|Anonymous(Random)?SeedGenerator",
            # tables
            r"(Anonymous)?(Mutable|MutableDense)?HashTable(V2|OfTensors|OfTensorsV2)?",
            r"InitializeTableV2|LookupTable\w+V2",
            # arrays and recurrent layers
            r"TensorArray\w*|Stack\w*|CudnnRNN\w*",
        )
    )
)


class OpJudge:
    """Judges operations by name, each once."""

    def __init__(self) -> None:
        self._known: dict[str, Judgement] = {}

    def __call__(self, op: str) -> Judgement:
        """Give what is thought of an operation that is no function of the model's own."""
        found = self._known.get(op)
        if found is None:
            found = self._known[op] = _judge(op)
        return found


def _judge(op: str) -> Judgement:
    from tensorflow.python.framework import op_def_registry

    for pattern, why in _REFUSED:
        if pattern.fullmatch(op):
            return Judgement(Kind.REFUSED, why)
    if _SAVER.fullmatch(op):
        return Judgement(Kind.SAVER)
    if _TABLE_FILE.fullmatch(op):
        return Judgement(Kind.TABLE_FILE)
    if op == "PrintV2":
        return Judgement(Kind.PRINT)
    definition = op_def_registry.get(op)
    if definition is None:
        return Judgement(Kind.REFUSED, "is unknown to this TensorFlow")
    if definition.is_stateful and not _STATE_ALLOWED.fullmatch(op):
        return Judgement(Kind.REFUSED, "acts on more than the model's own variables")
    if any(attribute.type in {"func", "list(func)"} for attribute in definition.attr):
        return Judgement(Kind.CALL)
    return Judgement(Kind.PLAIN)
