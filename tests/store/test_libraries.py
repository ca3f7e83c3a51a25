"""Keras and TensorFlow Hub find what the store fetched, and need no network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.support.program import ROOT, run_command

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import io, socket, sys, tarfile
from pathlib import Path
import h5py, keras, numpy as np
from keras.src.legacy.saving import legacy_h5_format
import tensorflow_hub as hub
from inspector.store.caches import use_hub_cache
from inspector.store.mirrors import Mirrors
from inspector.store.store import Store
from tests.store.made import release
from tests.store.servers import serving

starter = Path(sys.argv[1])
def mobilenet(weights):
    return keras.applications.MobileNetV2(alpha=0.35, input_shape=(96, 96, 3), weights=weights)

shipped = mobilenet(str(starter / "mobilenet_v2_0.35_96.weights.h5"))
with h5py.File("published.h5", "w") as file:  # as Keras publishes its own: layers in order
    legacy_h5_format.save_weights_to_hdf5_group(file, shipped)
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w:gz") as tar:
    tar.add(starter / "hub", ".")

with serving() as server:
    handle = f"{server.address}/tiny/classification/1"
    table = (
        Mirrors("hub:*", (server.put("/tiny/classification/1?tf-hub-format=compressed",
                                     archive.getvalue()),)),
        Mirrors("keras-application:*", (server.put("/w", Path("published.h5").read_bytes()),)),
    )
    store = Store(mirrors=table)
    store.fetch(release(f"hub:{handle}", starter))
    store.fetch(release("keras-application:MobileNetV2?alpha=0.35&size=96", starter))
    asked = len(server.requests)
use_hub_cache()

def refuse(*_):
    raise AssertionError("a connection was tried")

socket.socket.connect = refuse
fetched = mobilenet("imagenet")
assert all(np.array_equal(a, b) for a, b in zip(shipped.get_weights(), fetched.get_weights()))
picture = np.zeros((1, 96, 96, 3), np.float32)
assert hub.load(handle)(picture).shape == (1, 1001)
assert asked == 2
print("loaded")
"""


def test_both_libraries_load_what_was_fetched(tmp_path: Path) -> None:
    outcome = run_command(
        [sys.executable, "-c", SCRIPT, str(ROOT / "resources" / "starter")],
        cwd=tmp_path,
        env={"TFHUB_CACHE_DIR": None},
    )
    assert outcome.code == 0, outcome.err[-3000:]
    assert outcome.out.splitlines()[-1] == "loaded"
