"""What a SavedModel would do by itself is named before it is loaded, and innocent ones pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import pytest
import tensorflow as tf

from inspector.core.errors import ReleaseError, UntrustedModelError
from inspector.core.sources import SourceKind
from inspector.core.trust import TrustStore
from inspector.engine import safety, saved_model_scan
from inspector.engine.loading import load_release
from inspector.engine.saved_model_scan import scan_saved_model
from tests.support import models
from tests.support.hostile import Hostile, save_old_style

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import PairSpec

KINDS = [SourceKind.HUB, SourceKind.SAVED_MODEL]


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return Hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def hostile(maker: Hostile) -> Hostile:
    """Give the maker of hostile models, before any has acted."""
    maker.clean()
    return maker


@pytest.fixture(autouse=True)
def nobody_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = TrustStore(tmp_path / "trusted.json", {})
    monkeypatch.setattr(safety, "TrustStore", lambda: empty)


def names(folder: Path) -> list[str]:
    return [hazard.what.removeprefix("the op ") for hazard in scan_saved_model(folder)]


def save_checkpoint(prefix: str) -> Any:
    return tf.raw_ops.SaveV2(
        prefix=prefix, tensor_names=["x"], shape_and_slices=[""], tensors=[tf.constant("x")]
    )


def save_and_print(prefix: str) -> Any:
    """Save before something that a function never leaves out."""
    with tf.control_dependencies([save_checkpoint(prefix)]):
        return tf.print("saved")


def table_from(path: str) -> Any:
    table = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    return tf.raw_ops.InitializeTableFromTextFileV2(
        table_handle=table, filename=path, key_index=-2, value_index=-1
    )


def print_to(path: Path) -> Any:
    return tf.print("x", output_stream=f"file://{path}")


WRITERS: dict[str, Callable[[Hostile], Path]] = {
    "WriteFile": lambda h: h.initialising("init", lambda: tf.io.write_file(str(h.marker), "x")),
    "WriteFile of old": lambda h: h.old_style("old", lambda: tf.io.write_file(str(h.marker), "x")),
    "SaveV2": lambda h: h.initialising("save", lambda: save_and_print(str(h.marker))),
    "SaveV2 of old": lambda h: h.old_style("oldsave", lambda: save_checkpoint(str(h.marker))),
    "PrintV2": lambda h: h.initialising("print", lambda: print_to(h.marker)),
}


@pytest.mark.parametrize("op", WRITERS)
def test_the_writers_would_write(hostile: Hostile, op: str) -> None:
    """Were they harmless, the tests below could not fail."""
    tf.saved_model.load(str(WRITERS[op](hostile)))
    assert hostile.has_acted()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("op", WRITERS)
def test_a_model_that_writes_when_loaded_is_refused(
    hostile: Hostile, op: str, kind: SourceKind
) -> None:
    folder = WRITERS[op](hostile)
    with pytest.raises(UntrustedModelError, match=op.partition(" ")[0]) as caught:
        load_release(models.hub_spec(folder, kind))
    assert str(folder) in caught.value.message
    assert "releases trust" in caught.value.mend
    assert not hostile.has_acted()


CALLERS: dict[str, Callable[[Any], Any]] = {
    "EagerPyFunc": lambda x: tf.ensure_shape(tf.py_function(lambda y: y, [x], x.dtype), x.shape),
    "PyFunc": lambda x: tf.ensure_shape(tf.numpy_function(lambda y: y, [x], x.dtype), x.shape),
    "ReadFile": lambda x: x + tf.cast(tf.strings.length(tf.io.read_file("/etc/hosts")), x.dtype),
    "MatchingFiles": lambda x: x + tf.cast(tf.size(tf.io.matching_files("/*")), x.dtype),
    "RestoreV2": lambda x: (
        x
        + tf.raw_ops.RestoreV2(
            prefix="/a", tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32]
        )[0]
    ),
    "TensorSliceDataset": lambda x: tf.data.Dataset.from_tensor_slices(x).reduce(
        x, lambda state, _: state
    ),
    "InitializeTableFromTextFileV2": lambda x: (table_from("/etc/hosts"), x)[1],
    "ImmutableConst": lambda x: (
        x + tf.raw_ops.ImmutableConst(dtype=tf.float32, shape=[], memory_region_name="/etc/hosts")
    ),
}


@pytest.mark.parametrize("op", CALLERS)
def test_what_acts_when_it_is_called_is_named(hostile: Hostile, op: str) -> None:
    assert op in names(hostile.calling(f"calling_{op}", CALLERS[op]))


def test_a_function_deep_in_the_library_is_found(hostile: Hostile) -> None:
    def act(images: Any) -> Any:
        return tf.map_fn(
            lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: CALLERS["ReadFile"](x), lambda: x),
            images,
        )

    (hazard,) = scan_saved_model(hostile.calling("deep", act))
    assert hazard.what == "the op ReadFile"
    assert "cond_true" in hazard.where


def test_an_operation_of_another_library_is_refused(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        for function in message.meta_graphs[0].graph_def.library.function:
            for node in function.node_def:
                if node.op == "Mean":
                    node.op = "SentencepieceOp"

    (hazard,) = scan_saved_model(hostile.edited("unknown", hostile.clean_model(), change))
    assert hazard.what == "the op SentencepieceOp"
    assert "unknown" in hazard.why


def test_a_function_that_is_not_in_the_file_is_refused(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        for function in message.meta_graphs[0].graph_def.library.function:
            for node in function.node_def:
                if "PartitionedCall" in node.op:
                    node.attr["f"].func.name = "__inference_of_another_model_7"

    (hazard,) = scan_saved_model(hostile.edited("stranger", hostile.clean_model(), change))
    assert "__inference_of_another_model_7" in hazard.what


def test_the_saver_may_not_be_called_by_an_object(hostile: Hostile) -> None:
    """A hostile model names the saver's own function among its objects."""

    def change(message: Any) -> None:
        meta = message.meta_graphs[0]
        saver = next(
            function.signature.name
            for function in meta.graph_def.library.function
            if "traced_save" in function.signature.name
        )
        node = meta.object_graph_def.nodes.add()
        node.bare_concrete_function.concrete_function_name = saver

    folder = hostile.edited("saver", hostile.clean_model(), change)
    assert set(names(folder)) == {"SaveV2", "MergeV2Checkpoints"}


def old_graph(hostile: Hostile) -> Path:
    return hostile.old_style("plain_old", tf.no_op)


def test_the_old_restore_operation_may_not_write(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        for node in message.meta_graphs[0].graph_def.node:
            if node.name == "save/restore_all":
                node.input.append("^save/SaveV2")

    assert names(hostile.edited("restore_writes", old_graph(hostile), change)) == ["SaveV2"]


def test_the_old_restore_operation_may_not_read_elsewhere(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        nodes = message.meta_graphs[0].graph_def.node
        restore = next(node for node in nodes if node.name == "save/RestoreV2")
        restore.input[0] = "save/elsewhere"
        elsewhere = nodes.add(name="save/elsewhere", op="Const")
        elsewhere.attr["dtype"].type = tf.string.as_datatype_enum
        elsewhere.attr["value"].tensor.CopyFrom(tf.make_tensor_proto("/elsewhere"))

    assert names(hostile.edited("restore_reads", old_graph(hostile), change)) == ["RestoreV2"]


def test_an_old_signature_may_not_restore(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        for node in message.meta_graphs[0].graph_def.node:
            if node.op == "MatMul":
                node.input.append("^save/RestoreV2")

    assert names(hostile.edited("signature", old_graph(hostile), change)) == ["RestoreV2"]


def vocabulary(folder: Path) -> Path:
    file = folder / "vocabulary.txt"
    file.write_text("cat\ndog\n", encoding="utf-8")
    return file


def text_table(file: Any) -> Any:
    index = tf.lookup.TextFileIndex
    return tf.lookup.TextFileInitializer(
        file, tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER
    )


def with_table(path: Path, initialiser: Any) -> Path:
    module = tf.Module()
    module.table = tf.lookup.StaticHashTable(initialiser, -1)
    module.__call__ = tf.function(
        lambda words: module.table.lookup(words),
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    return models.saved_model(path, module, "table")


def old_table(folder: Path) -> Path:
    file = vocabulary(folder)

    def act() -> Any:
        name = tf.constant(str(file))
        tf.compat.v1.add_to_collection("asset_filepaths", name)
        tf.lookup.StaticHashTable(text_table(name), -1)
        return tf.compat.v1.tables_initializer()

    save_old_style(folder / "old_table", act, assets=True)
    return folder / "old_table"


def test_an_old_table_that_reads_no_asset_is_refused(hostile: Hostile, tmp_path: Path) -> None:
    def change(message: Any) -> None:
        meta = message.meta_graphs[0]
        del meta.asset_file_def[:]
        del meta.collection_def["saved_model_assets"]

    folder = hostile.edited("no_asset", old_table(tmp_path), change)
    assert names(folder) == ["InitializeTableFromTextFileV2"]


def test_a_table_bound_to_something_else_than_an_asset_is_refused(
    hostile: Hostile, tmp_path: Path
) -> None:
    def change(message: Any) -> None:
        for node in message.meta_graphs[0].object_graph_def.nodes:
            if node.WhichOneof("kind") == "asset":
                node.constant.operation = "Const"

    source = with_table(tmp_path, text_table(str(vocabulary(tmp_path))))
    assert names(hostile.edited("bound", source, change)) == ["InitializeTableFromTextFileV2"]


# Innocent models


class Preprocessing(tf.Module):  # type: ignore[misc]
    """Resizes, flips at random, asserts and prints to the log, as published models do."""

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3], tf.float32)])
    def __call__(self, images: Any) -> Any:
        tf.debugging.assert_less_equal(images, 1.0)
        tf.print("a batch of", tf.shape(images)[0])
        resized = tf.image.resize(tf.image.random_flip_left_right(images), [8, 8])
        return tf.map_fn(tf.image.per_image_standardization, resized)


def keras_export(folder: Path) -> Path:
    model = models.keras_model()
    augmented = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.RandomFlip(),
            keras.layers.Rescaling(2.0, -1.0),
            keras.layers.Dropout(0.1),
            model,
        ]
    )
    augmented.export(str(folder / "export"), verbose=False)
    return folder / "export"


def hub_module(folder: Path) -> Path:
    save_old_style(folder / "hub1", tf.no_op, tags=((), ("train",)))
    (folder / "hub1" / "tfhub_module.pb").write_bytes(b"\x08\x03")
    return folder / "hub1"


def saved_again(folder: Path) -> Path:
    table = with_table(folder, text_table(str(vocabulary(folder))))
    return models.saved_model(folder, tf.saved_model.load(str(table)), "again")


INNOCENT: dict[str, Callable[[Path], Path]] = {
    "preprocessing": lambda folder: models.saved_model(folder, Preprocessing(), "preprocessing"),
    "Keras export": keras_export,
    "old Hub module": hub_module,
    "constant table": lambda folder: with_table(
        folder, tf.lookup.KeyValueTensorInitializer(["a"], tf.constant([1], tf.int64))
    ),
    "table of an asset": lambda folder: with_table(folder, text_table(str(vocabulary(folder)))),
    "table of an asset, saved again": saved_again,
    "old table of an asset": old_table,
}


@pytest.mark.parametrize("name", INNOCENT)
def test_an_innocent_model_passes_and_loads(tmp_path: Path, name: str) -> None:
    folder = INNOCENT[name](tmp_path)
    assert scan_saved_model(folder) == ()
    tf.saved_model.load(str(folder), tags=[] if name == "old Hub module" else None)


def test_the_shipped_and_the_tiny_pair_pass(starter: PairSpec, tiny: PairSpec) -> None:
    for pair in (starter, tiny):
        assert scan_saved_model(Path(pair.right.source.target)) == ()


def test_the_published_form_passes_quickly(imagenet: PairSpec) -> None:
    folder = Path(imagenet.right.source.target)
    assert scan_saved_model(folder) == ()
    seconds = []
    for _ in range(5):
        started = time.process_time()
        scan_saved_model(folder)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.05


def test_a_graph_as_text_is_checked_too(hostile: Hostile, tmp_path: Path) -> None:
    from google.protobuf import text_format

    folder = Path(shutil.copytree(WRITERS["WriteFile"](hostile), tmp_path / "text"))
    message = saved_model_scan.read_saved_model(folder)
    (folder / "saved_model.pb").unlink()
    (folder / "saved_model.pbtxt").write_text(text_format.MessageToString(message))
    assert "WriteFile" in names(folder)


# Folders that no trust opens


@pytest.fixture
def copied(hostile: Hostile, tmp_path: Path) -> Path:
    return Path(shutil.copytree(hostile.clean_model(), tmp_path / "model"))


def refuse(folder: Path, words: str) -> None:
    with pytest.raises(ReleaseError, match=words) as caught:
        load_release(models.hub_spec(folder, SourceKind.SAVED_MODEL))
    assert caught.type is ReleaseError
    assert str(folder) in caught.value.message
    assert caught.value.mend


def test_a_link_out_of_the_folder(copied: Path, tmp_path: Path) -> None:
    data = copied / "variables" / "variables.data-00000-of-00001"
    data.rename(tmp_path / "elsewhere")
    data.symlink_to(tmp_path / "elsewhere")
    refuse(copied, "variables.data-00000-of-00001 is a link")


def test_a_folder_that_is_a_link_out(copied: Path, tmp_path: Path) -> None:
    shutil.move(copied / "variables", tmp_path / "variables")
    (copied / "variables").symlink_to(tmp_path / "variables")
    refuse(copied, "variables is a link")


def test_links_inside_the_folder_and_to_it_are_fine(copied: Path, tmp_path: Path) -> None:
    (copied / "again").symlink_to(copied / "variables")
    (tmp_path / "link").symlink_to(copied)
    assert scan_saved_model(tmp_path / "link") == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_in_the_folder(copied: Path) -> None:
    os.mkfifo(copied / "assets_pipe")
    refuse(copied, "neither a file nor a folder")


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "C:\\secret", "a/../../b", ""])
def test_an_asset_outside_the_folder(hostile: Hostile, name: str, tmp_path: Path) -> None:
    def change(message: Any) -> None:
        message.meta_graphs[0].asset_file_def.add(filename=name)

    folder = hostile.edited(f"asset{abs(hash(name))}", hostile.clean_model(), change)
    refuse(folder, "asset")


def test_a_huge_graph_is_not_even_read(copied: Path) -> None:
    with (copied / "saved_model.pb").open("r+b") as file:
        file.truncate(saved_model_scan.GRAPH_LIMIT + 1)
    started = time.perf_counter()
    refuse(copied, "saved_model.pb has 1,074 MB")
    assert time.perf_counter() - started < 5


def test_too_many_files(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_model_scan, "FILE_LIMIT", 3)
    refuse(copied, "more than 3 files")


def test_a_chunked_graph(copied: Path) -> None:
    (copied / "saved_model.cpb").write_bytes(b"x")
    refuse(copied, r"saved_model\.cpb")


@pytest.mark.parametrize("data", [b"", b"garbage" * 99, bytes(range(256))])
def test_garbage_instead_of_a_graph(copied: Path, data: bytes) -> None:
    (copied / "saved_model.pb").write_bytes(data)
    refuse(copied, "no SavedModel")


def test_no_graph_at_all(copied: Path) -> None:
    (copied / "saved_model.pb").unlink()
    refuse(copied, r"there is no saved_model\.pb")


def test_garbage_in_a_collection(hostile: Hostile) -> None:
    def change(message: Any) -> None:
        collection = message.meta_graphs[0].collection_def["local_variables"]
        collection.bytes_list.value.append(b"\xff\xff\xff")

    refuse(hostile.edited("collection", old_graph(hostile), change), "cannot be parsed")


def test_a_module_of_hubs_cache_is_checked(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspector.core.catalogue import hub_directory_name

    handle = "https://tfhub.dev/twin-inspector/hostile/1"
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    shutil.copytree(WRITERS["WriteFile"](hostile), tmp_path / hub_directory_name(handle))
    with pytest.raises(UntrustedModelError, match="WriteFile"):
        load_release(models.hub_spec(handle))
    assert not hostile.has_acted()


def test_the_scan_alone_runs_no_part_of_tensorflow_hub_or_keras(hostile: Hostile) -> None:
    """A process that only looks at a model loads neither."""
    folder = WRITERS["WriteFile"](hostile)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from inspector.engine.saved_model_scan import scan_saved_model\n"
        f"assert scan_saved_model(Path({str(folder)!r}))\n"
        "assert not {'tensorflow_hub', 'tf_keras'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
