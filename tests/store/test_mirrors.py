from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import PUBLISHED, shipped_pairs
from inspector.core.errors import PairFileError
from inspector.core.pairs import find_pair
from inspector.core.sources import parse_source
from inspector.store.mirrors import VARIABLE, Mirrors, compressed, mirrors_of, read_mirrors
from inspector.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TFHUB = "https://tfhub.dev/google/tf2-preview/mobilenet_v2/classification/4"
SHA256 = "0123456789abcdef" * 4


def test_the_published_pair_has_mirrors() -> None:
    pair = find_pair(shipped_pairs(), PUBLISHED)
    assert Store().urls(pair.left) == (
        "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
    )
    assert Store().urls(pair.right) == (
        f"{TFHUB}?tf-hub-format=compressed",
        "https://www.kaggle.com/api/v1/models/google/mobilenet-v2/tensorFlow2/"
        "tf2-preview-classification/4/download",
        "https://storage.googleapis.com/tfhub-modules/google/tf2-preview/mobilenet_v2/"
        "classification/4.tar.gz",
    )


def test_every_mirror_is_of_the_release_itself(tmp_path: Path) -> None:
    """Another handle's archive in this one's place would give numbers that nobody else gets."""
    table = read_mirrors({})
    other = TFHUB.replace("/4", "/40")
    urls = mirrors_of(parse_source(f"hub:{other}", tmp_path), "x", table).urls
    assert urls == (
        f"{other}?tf-hub-format=compressed",
        "https://storage.googleapis.com/tfhub-modules/google/tf2-preview/mobilenet_v2/"
        "classification/40.tar.gz",
    )
    slash = mirrors_of(parse_source(f"hub:{TFHUB}/", tmp_path), "x", table).urls
    assert slash[0] == f"{TFHUB}/?tf-hub-format=compressed"
    assert len(slash) == 3


def test_sources_without_a_row(tmp_path: Path) -> None:
    handle = "https://models.example/a/1?b=c"
    assert mirrors_of(parse_source(f"hub:{handle}", tmp_path), "x", ()).urls == (
        "https://models.example/a/1?b=c&tf-hub-format=compressed",
    )
    assert compressed(handle) == "https://models.example/a/1?b=c&tf-hub-format=compressed"
    assert mirrors_of(parse_source("keras-application:ResNet50", tmp_path), "x", ()).urls == ()


def test_every_release_of_the_catalogue_has_an_address() -> None:
    for pair in shipped_pairs():
        for release in (pair.left, pair.right):
            if release.source.is_remote:
                assert Store().urls(release), release.source


def test_keras_files_come_from_keras_own_address_with_its_digest(tmp_path: Path) -> None:
    source = parse_source("keras-application:NASNetMobile?include_top=false", tmp_path)
    row = mirrors_of(source, "nasnet_mobile_no_top.h5", read_mirrors({}))
    assert row.urls == (
        "https://storage.googleapis.com/tensorflow/keras-applications/nasnet/NASNet-mobile-no-top.h5",
    )
    assert (row.md5, row.sha256) == ("1ed92395b5b598bdda52abe5c0dbfd63", None)
    convnext = mirrors_of(
        parse_source("keras-application:ConvNeXtTiny", tmp_path), "x", read_mirrors({})
    )
    assert convnext.md5 is None
    assert convnext.sha256 is not None
    efficient = parse_source("keras-application:EfficientNetB0", tmp_path)
    (url,) = mirrors_of(efficient, "efficientnetb0.h5", read_mirrors({})).urls
    assert url == "https://storage.googleapis.com/keras-applications/efficientnetb0.h5"


def test_a_row_may_have_a_digest_of_its_own(tmp_path: Path) -> None:
    rows = (Mirrors("*", ("http://inside/{file}",), md5="0" * 32),)
    source = parse_source("keras-application:NASNetMobile", tmp_path)
    assert mirrors_of(source, "w.h5", rows) == Mirrors(
        str(source), ("http://inside/w.h5",), md5="0" * 32
    )


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_text(
        '[[mirror]]\nsource = "hub:https://tfhub.dev/*"\nurls = ["http://inside/{path}.tgz"]\n'
        f'size = 5\nsha256 = "{SHA256}"\n'
        '[[mirror]]\nsource = "keras-application:*"\nurls = ["http://inside/{file}"]\n'
    )
    rows = read_mirrors({VARIABLE: str(table)})
    hub = mirrors_of(parse_source(f"hub:{TFHUB}", tmp_path), "x", rows)
    path = "google/tf2-preview/mobilenet_v2/classification/4"
    assert hub == Mirrors(f"hub:{TFHUB}", (f"http://inside/{path}.tgz",), 5, SHA256)
    keras = parse_source("keras-application:MobileNetV2?alpha=1.0", tmp_path)
    assert mirrors_of(keras, "w.h5", rows).urls == ("http://inside/w.h5",)


ROW = '[[mirror]]\nsource = "hub:x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[mirror", "not valid TOML"),
        ("", "other things than"),
        ("x = 1", "other things than"),
        ("mirror = 1", "other things than"),
        ("mirror = [1]", "is not a table"),
        ('[[mirror]]\nurls = ["http://a"]', "has no source"),
        (ROW, "urls is not a list"),
        (ROW + 'urls = ["ftp://a"]', "urls is not a list"),
        (ROW + "urls = []", "urls is not a list"),
        (ROW + 'urls = ["http://a"]\nsize = "5"', "size is not"),
        (ROW + 'urls = ["http://a"]\nsha256 = "5"', "sha256 is not"),
        (ROW + 'urls = ["http://a"]\nmd5 = "5"', "md5 is not 32"),
        (ROW + 'urls = ["http://a"]\nsha1 = "5"', "unknown key 'sha1'"),
    ],
)
def test_a_wrong_table(tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "mine.toml"
    table.write_text(text)
    with pytest.raises(PairFileError, match=said) as caught:
        read_mirrors({VARIABLE: str(table)})
    assert caught.value.mend


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PairFileError, match="could not be read"):
        read_mirrors({VARIABLE: str(tmp_path / "none.toml")})
