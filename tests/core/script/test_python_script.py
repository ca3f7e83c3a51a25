from __future__ import annotations

import ast
import builtins
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.catalogue import find_pair, shipped_pairs
from inspector.core.errors import UsageError
from inspector.core.input_range import LEVELS
from inspector.core.modes import MODE_IDS, resolve_mode
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec, Side
from inspector.core.picture import PictureInfo, PictureSource
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    Alpha,
    Aspect,
    Augment,
    AugmentKind,
    ChannelOrder,
    Crop,
    CropKind,
    Decode,
    Decoder,
    Orientation,
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches
from inspector.core.script.code import literal
from inspector.core.script.python_script import python_script, result_script
from inspector.core.sources import Source, SourceKind, parse_source
from tests.support.results import make_result

if TYPE_CHECKING:
    from inspector.core.script.picture import AnyPicture

STARTER = find_pair(shipped_pairs(), "starter")
JPEG = PictureInfo("ball.jpg", "/p/ball.jpg", "0" * 64, "JPEG", 640, 480, "RGB", 1, 1, False)
ROOTS = {"tf", "np", "keras", "hub", "Interpreter", "Image", "ImageOps", "Path", "os"}
HOSTILE = (
    'x"; raise SystemExit(1)  #',
    "x'; raise SystemExit(1)  #",
    "x\nraise SystemExit(1)",
    "x\rraise SystemExit(1)",
    'x"""\nraise SystemExit(1)\n"""',
    "x\\",
    "x\\\nraise SystemExit(1)",
    "x\u2028raise SystemExit(1)\x0craise SystemExit(1)",
    "{index!r}%s{0}",
    "Grüße \N{GRINNING FACE} \u202e\udcff\x00.jpg",
    "a very long name " * 30 + "'\"",
)


def settings_of(mode: str, side: Side, **output: bool) -> SideSettings:
    own, other = STARTER.release(side), STARTER.release(side.other)
    return SideSettings(mode, resolve_mode(mode, own, other), OutputSwitches(**output))


LEFT, RIGHT = settings_of("keras", Side.LEFT), settings_of("hub", Side.RIGHT)


def check(script: str) -> ast.Module:
    """Compile a script, and hold its imports and names against what it uses."""
    script.encode()
    compile(script, "script.py", "exec")
    tree = ast.parse(script)
    nodes = list(ast.walk(tree))
    imported = {
        (alias.asname or alias.name)
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
    assert imported <= names, "an import is not used"
    assert names <= imported | stored | arguments | set(dir(builtins)), "a name comes from nowhere"
    assert imported <= ROOTS | {"get_1k_class_name"}
    assert not any(isinstance(node, ast.Raise) for node in nodes)
    return tree


def assigned(tree: ast.Module, name: str) -> object:
    [value] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]
    return ast.literal_eval(value)


def strings(tree: ast.Module) -> set[object]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_own_modes_are_the_published_snippets() -> None:
    script = python_script(STARTER, JPEG, LEFT, RIGHT, left_size=(96, 96), right_size=(96, 96))
    check(script)
    for line in (
        "image = keras.utils.load_img(PATH, target_size=(96, 96))",
        "left_input = keras.applications.mobilenet_v2.preprocess_input("
        "keras.utils.img_to_array(image))",
        "image = tf.image.decode_jpeg(tf.io.read_file(PATH), channels=3)",
        "image = tf.image.convert_image_dtype(image, tf.float32)",
        "right_input = tf.image.resize(image, (96, 96))",
        "right = tf.nn.softmax(right[1:]).numpy()  # without the background class",
    ):
        assert line in script.splitlines()
    assert "PIL" not in script, "nothing of Pillow's is called directly"


def test_one_side_leaves_the_other_out() -> None:
    script = python_script(STARTER, JPEG, LEFT, None)
    check(script)
    assert "right" not in script
    assert "tensorflow_hub" not in script
    assert "import tensorflow as tf" not in script
    assert 'print(f"left: {index} {float(left[index])!r}"' in script


def test_no_side_is_refused() -> None:
    with pytest.raises(UsageError, match="no side"):
        python_script(STARTER, JPEG, None, None)


def test_a_result_gives_its_own_sizes_and_picture() -> None:
    script = result_script(make_result())
    tree = check(script)
    assert assigned(tree, "PATH") == "/photos/golf_ball.jpg"
    assert script.count("(32, 32)") == 2
    assert "left" not in result_script(make_result(), Side.RIGHT)
    assert "right" not in result_script(make_result(), Side.LEFT)


@pytest.mark.parametrize("mode", MODE_IDS)
@pytest.mark.parametrize("picture", [JPEG, "/p/x.webp"], ids=["known", "unknown"])
def test_every_mode_compiles(mode: str, picture: AnyPicture) -> None:
    left, right = settings_of(mode, Side.LEFT), settings_of(mode, Side.RIGHT)
    script = python_script(STARTER, picture, left, right)
    check(script)
    assert all(len(line) <= 100 for line in script.splitlines())


@st.composite
def preprocessings(draw: st.DrawFn) -> Preprocessing:
    library = draw(st.sampled_from(ResizeLibrary))
    methods = RESIZE_METHODS[library]
    if library is not ResizeLibrary.PILLOW:
        methods = (*methods, ResizeMethod.RANDOM)
    percent = st.integers(0, 90)
    return Preprocessing(
        decode=Decode(draw(st.sampled_from(Decoder)), draw(st.sampled_from(Alpha))),
        orient=draw(st.sampled_from(Orientation)),
        crop=Crop(draw(st.sampled_from(CropKind)), draw(st.floats(0.01, 1.0))),
        resize=Resize(
            library,
            draw(st.sampled_from(methods)),
            draw(st.booleans()),
            draw(st.sampled_from(Aspect)),
        ),
        augment=Augment(
            draw(st.sampled_from(AugmentKind)),
            draw(st.integers(0, 2**31 - 1)),
            draw(st.booleans()),
            draw(percent),
            draw(percent),
            draw(percent),
        ),
        scale=draw(st.sampled_from(ScaleRule)),
        channel_order=draw(st.sampled_from(ChannelOrder)),
    )


@st.composite
def pictures(draw: st.DrawFn) -> AnyPicture:
    if draw(st.booleans()):
        return draw(st.sampled_from(["/p/a.jpg", PictureSource("pasted", data=b"x")]))
    return replace(
        JPEG,
        format=draw(st.sampled_from(["JPEG", "MPO", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF"])),
        mode=draw(st.sampled_from(["RGB", "RGBA", "I;16", "P", "CMYK"])),
        exif_orientation=draw(st.integers(1, 8)),
        frames=draw(st.integers(1, 2)),
        has_alpha=draw(st.booleans()),
    )


switches = st.builds(
    OutputSwitches, st.sampled_from([None, True, False]), st.sampled_from([None, True, False])
)


@settings(max_examples=200)
@given(preprocessings(), pictures(), switches, st.sampled_from(Side), st.integers(1, 999))
def test_every_combination_compiles(
    stages: Preprocessing, picture: AnyPicture, output: OutputSwitches, side: Side, width: int
) -> None:
    chosen = SideSettings("custom", stages, output)
    sides = {"left": LEFT, "right": RIGHT, str(side): chosen}
    script = python_script(STARTER, picture, **sides, left_size=(96, width), right_size=(96, width))
    check(script)
    assert all(len(line) <= 100 for line in script.splitlines())


def test_a_header_that_is_known_leaves_questions_out() -> None:
    identical = settings_of("identical", Side.LEFT)
    known = python_script(STARTER, JPEG, identical, None)
    assert 'target_size=(96, 96), interpolation="bilinear"' in known
    assert "has_transparency_data" not in known
    unknown = python_script(STARTER, "/p/ball.jpg", identical, None)
    assert "if image.mode.startswith" in unknown
    assert "elif image.has_transparency_data" in unknown
    clear = python_script(STARTER, replace(JPEG, format="PNG", has_alpha=True), identical, None)
    assert 'Image.new("RGBA", image.size, "white")' in clear
    assert "if " not in clear.split("PATH =")[1].split("model =")[0]


def test_a_pasted_picture_says_that_it_must_be_saved() -> None:
    script = python_script(STARTER, PictureSource("pasted.png", data=b"x"), LEFT, None)
    assert assigned(check(script), "PATH") == "pasted.png"
    assert "save it" in script


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_code(text: str) -> None:
    plain_tree = check(python_script(STARTER, "/p/x", LEFT, RIGHT))
    pair = PairSpec(
        text,
        text,
        "/labels/" + text,
        replace(
            STARTER.left,
            source=Source(SourceKind.KERAS_APPLICATION, text, (("weights", "/w/" + text),)),
            title=text,
        ),
        replace(STARTER.right, source=Source(SourceKind.HUB, "/h/" + text), title=text),
    )
    odd = SideSettings(text, RIGHT.preprocessing, RIGHT.output)
    picture = replace(JPEG, name=text, path="/p/" + text, format=text)
    tree = check(python_script(pair, picture, replace(LEFT, mode=text), odd))
    assert assigned(tree, "PATH") == "/p/" + text
    assert assigned(tree, "LABELS") == "/labels/" + text
    assert {text, "/w/" + text, "/h/" + text} <= strings(tree)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    known = {node.id for node in ast.walk(plain_tree) if isinstance(node, ast.Name)}
    assert names <= known | {"Path", "LABELS", "lines", "line", "getattr", "Image", "os"}


@given(st.text())
def test_a_literal_is_the_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("keras-file:/m/a.keras", 'model = keras.models.load_model("/m/a.keras", compile=False)'),
        ("hub:https://tfhub.dev/x/1", 'model = hub.load("https://tfhub.dev/x/1")'),
        ("saved-model:/m/dir", 'model = tf.saved_model.load("/m/dir")'),
        ("keras-weights:/m/a.h5?config=/m/a.json", "model.load_weights(weights)"),
        ("frozen-graph:/m/a.pb", "model = whole.prune(source, result)"),
        ("frozen-graph:/m/a.pb?input=x&output=y:1", 'result = graph.get_tensor_by_name("y:1")'),
        ("tflite:/m/a.tflite", "[taken] = interpreter.get_output_details()"),
        ("tflite:/m/a.tflite?output=scores", 'taken = outputs["scores"]'),
        ("hub:/m/dir?output=scores", 'output = output["scores"]'),
        ("hub:/m/dir?signature=x", 'serve = model.signatures["x"]'),
        ("saved-model:/m/dir?tags=a,b", 'model = tf.saved_model.load("/m/dir", tags=["a", "b"])'),
    ],
)
@pytest.mark.parametrize("levels", [False, True])
@pytest.mark.parametrize("output", OutputKind)
def test_every_kind_of_source_is_loaded(
    source: str, expected: str, output: OutputKind, levels: bool
) -> None:
    parsed = parse_source(source, Path("/"))
    release = replace(STARTER.left, source=parsed, output=output)
    if levels:
        release = replace(release, range=LEVELS)
    script = python_script(replace(STARTER, left=release), JPEG, LEFT, None)
    check(script)
    assert expected in script.splitlines()
    assert all(len(line) <= 100 for line in script.splitlines())


def test_every_kind_has_a_loader() -> None:
    for kind in SourceKind:
        release = replace(STARTER.left, source=Source(kind, "/m/x" * 40))
        script = python_script(replace(STARTER, left=release), JPEG, LEFT, None)
        check(script)


def test_what_a_script_needs_is_told() -> None:
    release = replace(STARTER.left, source=Source(SourceKind.TFLITE, "/m/a.tflite"))
    script = python_script(replace(STARTER, left=release), JPEG, LEFT, None)
    assert "Needs: pip install tensorflow ai-edge-litert pillow" in script
    assert "from ai_edge_litert.interpreter import Interpreter" in script


def test_application_options_are_passed_on() -> None:
    options = (("alpha", "0.5"), ("size", "128"), ("classes", "7"), ("minimalistic", "true"))
    source = Source(
        SourceKind.KERAS_APPLICATION, "MobileNetV3Small", (*options, ("weights", "none"))
    )
    release = replace(STARTER.left, source=source)
    script = python_script(replace(STARTER, left=release), JPEG, LEFT, None)
    check(script)
    called = "input_shape=(128, 128, 3), alpha=0.5, classes=7, minimalistic=True, weights=None"
    assert called in script
    assert "target_size=(128, 128)" in script, "the size of the application is the input's"


def test_features_are_neither_squashed_nor_counted() -> None:
    """An application without its top gives features; nothing is applied to them."""
    options = (("include_top", "false"), ("pooling", "avg"), ("weights", "none"))
    source = Source(SourceKind.KERAS_APPLICATION, "MobileNetV2", options)
    release = replace(STARTER.left, source=source, output=OutputKind.FEATURES)
    pair = PairSpec("features", "Features", "indices", release, release)
    squashing = SideSettings("keras", LEFT.preprocessing, OutputSwitches(softmax=True))
    script = python_script(pair, JPEG, squashing, LEFT)
    check(script)
    assert 'include_top=False, pooling="avg", weights=None' in script
    assert "softmax" not in script
    assert ".ravel()  # features" in script
    assert 'print("cosine:"' in script
    assert 'print("relative L2:"' in script
    alone = python_script(pair, JPEG, None, squashing)
    check(alone)
    assert "cosine" not in alone
    assert 'print("right:", right.size, "features, length"' in alone


def release_with(output: OutputKind, background: bool) -> ReleaseSpec:
    return replace(STARTER.right, output=output, background=background)


@pytest.mark.parametrize(
    ("release", "output", "expected"),
    [
        (
            release_with(OutputKind.LOGITS, True),
            OutputSwitches(),
            "tf.nn.softmax(right[1:]).numpy()",
        ),
        (release_with(OutputKind.LOGITS, False), OutputSwitches(), "tf.nn.softmax(right).numpy()"),
        (release_with(OutputKind.LOGITS, True), OutputSwitches(softmax=False), "right[1:]"),
        (
            release_with(OutputKind.LOGITS, True),
            OutputSwitches(drop_background=False),
            "tf.nn.softmax(right).numpy()",
        ),
        (
            release_with(OutputKind.PROBABILITIES, True),
            OutputSwitches(),
            "right[1:] / (1.0 - right[0])",
        ),
        (release_with(OutputKind.PROBABILITIES, False), OutputSwitches(), None),
        (
            release_with(OutputKind.PROBABILITIES, False),
            OutputSwitches(softmax=True),
            "tf.nn.softmax(right).numpy()",
        ),
    ],
)
def test_output_switches(
    release: ReleaseSpec, output: OutputSwitches, expected: str | None
) -> None:
    chosen = SideSettings("hub", RIGHT.preprocessing, output)
    script = python_script(replace(STARTER, right=release), JPEG, None, chosen)
    values = [
        ast.unparse(node.value)
        for node in check(script).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "right"
    ]
    assert values[1:] == ([expected] if expected else [])


def test_a_kept_background_is_compared_over_the_shared_indices() -> None:
    kept = settings_of("hub", Side.RIGHT, drop_background=False)
    script = python_script(STARTER, JPEG, LEFT, kept)
    check(script)
    assert "classes = min(left.size, right.size)" in script
