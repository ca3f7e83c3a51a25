"""How TensorFlow's threads and the sweep's own share the cores."""

from __future__ import annotations

import os


def available_cores() -> int:
    """Give the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_for_throughput(cores: int) -> bool:
    """Let each model call take one core, and as many calls as there are cores run at once.

    One batch per core does the same work in a quarter less time than all cores on one batch, whose
    threads wait for each other at every operation.

    Returns
    -------
    bool
        False where TensorFlow is at work already, so that its threads stay as they are.
    """
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(max(2, cores))
    except RuntimeError:
        return False
    return True
