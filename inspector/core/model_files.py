"""From a path or a handle to the source of a release: what a file or folder on this machine is.

>>> source_of_model("~/models/flowers.keras")  # doctest: +SKIP
Source(kind=<SourceKind.KERAS_FILE: 'keras-file'>, target='/home/me/models/flowers.keras')

The content decides, then the name. What is no model that can be opened is refused with a sentence
that says what it is instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import PairFileError, ReleaseError, ReleaseMissingError
from inspector.core.file_marks import Mark, mark_of
from inspector.core.sources import Source, SourceKind, absolute_path, is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5", ".tflite", ".pb")
"""What files of models are usually called; a file of another name is looked at as well."""

_GRAPHS = ("saved_model.pb", "saved_model.pbtxt")
_HUB_MARK = "tfhub_module.pb"

_WEIGHTS_MEND = (
    "Save model.to_json() beside it as {stem}.json and choose the weights again "
    "(keras-weights:PATH?config=MODEL.json), or, where it is a Keras application's, name that: "
    "keras-application:NAME?weights=PATH."
)

_OTHERS: dict[Mark, tuple[str, str]] = {
    Mark.TFLITE: ("is a TFLite model, not a Keras file", "Name it with tflite:PATH."),
    Mark.GRAPH: ("is a frozen graph, not a Keras file", "Name it with frozen-graph:PATH."),
    Mark.SAVED_MODEL: (
        "is the graph of a SavedModel, not a Keras file",
        "Name its folder with saved-model:FOLDER; it must hold saved_model.pb and variables/.",
    ),
    Mark.EMPTY: ("is empty", "Fetch or save it again."),
    Mark.KERAS_JSON: (
        "is a Keras model's configuration, without its weights",
        "Choose the weights (NAME.weights.h5) beside it.",
    ),
    Mark.TFJS: (
        "is a TensorFlow.js model, which cannot be opened",
        "Choose the Keras model or SavedModel that it was converted from.",
    ),
    Mark.GRAPH_TEXT: (
        "is a TensorFlow graph as text, without weights",
        "Choose the frozen graph as a binary .pb file.",
    ),
    Mark.CHECKPOINT_LIST: (
        "names the checkpoints of a training",
        "A checkpoint has no layers: build the model in Keras, restore it there, and save it with "
        "model.save('NAME.keras').",
    ),
    Mark.PYTORCH: (
        "is a PyTorch file or a pickle, which cannot be opened",
        "Convert it to TensorFlow, for example to TFLite or a SavedModel.",
    ),
    Mark.SAFETENSORS: (
        "is a safetensors file, which holds weights without layers",
        "Load it in the library that made it, and export a Keras model or a SavedModel.",
    ),
    Mark.ONNX: (
        "is an ONNX model, which cannot be opened",
        "Convert it to TensorFlow, for example to TFLite or a SavedModel.",
    ),
    Mark.NUMPY: (
        "holds numpy arrays, not a model",
        "Choose a .keras, .h5, .tflite or .pb file, or a SavedModel's folder.",
    ),
    Mark.ARCHIVE: (
        "is a packed archive",
        "Unpack it, and choose the model file or the SavedModel's folder in it.",
    ),
    Mark.PAGE: (
        "is a web page, not a model",
        "The download gave a page of the site instead of the file: fetch it again.",
    ),
    Mark.LFS_POINTER: (
        "is a Git LFS pointer, not the model itself",
        "Run 'git lfs pull' in its repository.",
    ),
    Mark.UNKNOWN: (
        "is no model of a known format",
        "Choose a .keras, .h5, .tflite or .pb file, or a SavedModel's folder.",
    ),
}


def source_of_model(path: str) -> Source:
    """Propose the source of a model that somebody chose, dropped or typed.

    Parameters
    ----------
    path
        A file, a folder, or a TensorFlow Hub handle (``https://…``). Relative paths start at the
        current folder; ``~`` is expanded.

    Returns
    -------
    Source
        A SavedModel is ``hub`` where it bears a mark of TensorFlow Hub, else ``saved-model``.
        Weights are ``keras-weights`` with the configuration beside them.

    Raises
    ------
    ReleaseMissingError
        Where nothing is there.
    ReleaseError
        Where it is no model that can be opened; the message says what it is instead.
    """
    text = path.strip()
    if is_url(text):
        return Source(SourceKind.HUB, text)
    try:
        place = Path(absolute_path(text, Path.cwd())) if text else None
    except PairFileError as error:
        raise ReleaseError(error.message, "Choose another file.") from error
    if place is None or not place.exists():
        raise ReleaseMissingError(
            f"There is no file or folder {text!r}.", "Check its path, or write a handle https://…"
        )
    try:
        return _source_of_folder(place) if place.is_dir() else _source_of_file(place)
    except OSError as error:
        raise ReleaseError(
            f"{place} could not be read: {error.strerror or error}.", "Check its permissions."
        ) from error


def _source_of_file(path: Path) -> Source:
    if not path.is_file():
        raise ReleaseError(f"{path} is neither a file nor a folder.", "Choose a model file.")
    mark = mark_of(path)
    if mark in {Mark.KERAS, Mark.HDF5_MODEL}:
        return Source(SourceKind.KERAS_FILE, str(path))
    if mark is Mark.HDF5_WEIGHTS:
        return _source_of_weights(path)
    if mark is Mark.TFLITE:
        return Source(SourceKind.TFLITE, str(path))
    if mark is Mark.GRAPH and path.name not in _GRAPHS:
        return Source(SourceKind.FROZEN_GRAPH, str(path))
    if mark is Mark.SAVED_MODEL and path.name in _GRAPHS:
        return _source_of_folder(path.parent)
    if mark is Mark.SAVED_MODEL:
        raise ReleaseError(
            f"{path} is the graph of a SavedModel without its folder.",
            "Choose the folder; it must hold saved_model.pb and variables/.",
        )
    if _is_checkpoint_part(path.name):
        raise _no_layers(path)
    fact, mend = _OTHERS.get(mark, _OTHERS[Mark.UNKNOWN])
    raise ReleaseError(f"{path} {fact}.", mend)


def no_keras_file(path: Path, mark: Mark) -> ReleaseError:
    """Make the error for a file that was named as a Keras file and is something else."""
    fact, mend = _OTHERS.get(mark, _OTHERS[Mark.UNKNOWN])
    return ReleaseError(f"{path.name} {fact}.", mend)


def folder_instead(path: Path) -> ReleaseError:
    """Make the error for a folder that was named as a Keras file."""
    if any((path / name).is_file() for name in _GRAPHS):
        mend = "It is a SavedModel: name it with saved-model:FOLDER."
    else:
        mend = "Name a .keras or .h5 file in it; a .keras file that was unpacked has to be packed."
    return ReleaseError(f"{path} is a folder, not a Keras file.", mend)


def _source_of_weights(path: Path) -> Source:
    config = config_beside(path)
    if config is None:
        raise ReleaseError(
            f"{path} holds weights only, without the model's layers.",
            _WEIGHTS_MEND.format(stem=weights_stem(path)),
        )
    return Source(SourceKind.KERAS_WEIGHTS, str(path), (("config", str(config)),))


def weights_stem(path: Path) -> str:
    """Give the name of a weights file without its endings."""
    return path.name.removesuffix(".h5").removesuffix(".hdf5").removesuffix(".weights")


def config_beside(weights: Path) -> Path | None:
    """Give the configuration in the folder of a weights file, where one is meant.

    That is ``NAME.json`` beside ``NAME.weights.h5``, else the only Keras configuration there.
    """
    found = [
        path
        for path in sorted(weights.parent.glob("*.json"))
        if path.is_file() and mark_of(path) is Mark.KERAS_JSON
    ]
    own = [path for path in found if path.stem == weights_stem(weights)]
    if own:
        return own[0]
    return found[0] if len(found) == 1 else None


def _source_of_folder(folder: Path) -> Source:
    if any((folder / name).is_file() for name in _GRAPHS):
        kind = SourceKind.HUB if _is_of_hub(folder) else SourceKind.SAVED_MODEL
        return Source(kind, str(folder))
    names = sorted(entry.name for entry in folder.iterdir())
    if folder.name == "variables" and any((folder.parent / name).is_file() for name in _GRAPHS):
        return _source_of_folder(folder.parent)
    models = [name for name in names if name.endswith(MODEL_SUFFIXES)]
    if len(models) == 1:
        return _source_of_file(folder / models[0])
    if models:
        raise ReleaseError(
            f"{folder} holds several models: {_some(models)}.", "Choose one of them."
        )
    if any(_is_checkpoint_part(name) for name in names):
        raise _no_layers(folder)
    if "variables" in names:
        raise ReleaseError(
            f"{folder} is an incomplete SavedModel: there is no saved_model.pb in it.",
            "Save or fetch it again.",
        )
    inner = list(_saved_models_in(folder))
    if inner:
        raise ReleaseError(
            f"{folder} is no SavedModel itself; there are some in it: {_some(inner)}.",
            "Choose one of them.",
        )
    raise ReleaseError(
        f"{folder} holds no model.",
        "Choose a folder with saved_model.pb in it, or a .keras, .h5, .tflite or .pb file.",
    )


def _is_of_hub(folder: Path) -> bool:
    """Tell whether a SavedModel is a Hub module: by its own mark, or by Hub's note beside it."""
    note = folder.with_name(f"{folder.name}.descriptor.txt")
    return (folder / _HUB_MARK).is_file() or note.is_file()


def _saved_models_in(folder: Path) -> Iterator[str]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and any((entry / name).is_file() for name in _GRAPHS):
            yield entry.name


def _is_checkpoint_part(name: str) -> bool:
    is_data = ".data-" in name and "-of-" in name
    return name == "checkpoint" or name.endswith((".index", ".ckpt", ".meta")) or is_data


def _no_layers(path: Path) -> ReleaseError:
    return ReleaseError(
        f"{path} is a TensorFlow checkpoint: variables without the layers that use them.",
        "Give it a builder: build the model in Keras, restore the checkpoint there and save it "
        "with model.save('NAME.keras'); a slim checkpoint can be frozen into a .pb instead.",
    )


def _some(names: list[str], count: int = 5) -> str:
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + more
