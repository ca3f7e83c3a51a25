from __future__ import annotations

import errno
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from PIL import Image

from inspector import __version__
from inspector.core import files
from inspector.core.errors import ExportError, UsageError
from inspector.core.labels import Labels
from inspector.core.palette import DARK
from inspector.core.reports.report import comparison_json
from inspector.figure.draw import figure_size
from inspector.figure.export import export_figure, figure_png_bytes
from tests.figure.odd import not_finite
from tests.support.results import make_result

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.result import Result


@pytest.fixture
def result() -> Result:
    return make_result()


def test_png_carries_the_whole_comparison(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    export_figure(result, path, top=7)
    with Image.open(path) as image:
        image.load()
        assert json.loads(image.text["twin-inspector"]) == comparison_json(result, 7)
        assert image.text["Software"] == f"Twin Inspector {__version__}"
        assert image.text["Title"] == "Made-up pair, 32 px: golf_ball.jpg"


def test_png_metadata_survives_every_alphabet(result: Result) -> None:
    names = tuple(f"語 ünï 🏌️ ضبع \udcff {index}" for index in range(1000))
    odd = replace(result, labels=Labels(names), picture=replace(result.picture, name="語.png"))
    with Image.open(io.BytesIO(figure_png_bytes(odd, top=20))) as image:
        image.load()
        assert json.loads(image.text["twin-inspector"]) == comparison_json(odd, 20)
        assert image.text["Title"].endswith("語.png")


def test_png_metadata_is_json_for_numbers_that_are_not_finite() -> None:
    with Image.open(io.BytesIO(figure_png_bytes(not_finite()))) as image:
        image.load()
        text = image.text["twin-inspector"]
    assert "NaN" not in text
    assert json.loads(text)["comparison"]["max_abs_difference"] is None


@pytest.mark.parametrize("scale", [1.0, 2.0, 2.5, 4.0])
def test_scale_multiplies_pixels_and_resolution(
    result: Result, tmp_path: Path, scale: float
) -> None:
    path = tmp_path / "figure.PNG"
    export_figure(result, path, scale=scale)
    size = figure_size(result)
    with Image.open(path) as image:
        assert image.size == (round(size.width() * scale), round(size.height() * scale))
        assert image.info["dpi"][0] == pytest.approx(96 * scale, abs=0.05)


def test_svg_is_xml_with_its_text_as_text(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    export_figure(result, path)
    root = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    words = [(element.text or "").strip() for element in root.iter(f"{space}text")]
    assert "golf ball" in words
    assert "63.47 %" in words
    assert "Made-up pair, 32 px" in words
    size = figure_size(result)
    assert root.attrib["viewBox"] == f"0 0 {size.width()} {size.height()}"
    assert root.findtext(f"{space}title") == "Made-up pair, 32 px: golf_ball.jpg"
    assert json.loads(root.findtext(f"{space}desc") or "") == comparison_json(result, 5)
    families = {element.attrib["font-family"] for element in root.iter(f"{space}text")}
    assert all(family.endswith(", sans-serif") for family in families)


def test_svg_stays_xml_with_hostile_names(result: Result, tmp_path: Path) -> None:
    names = tuple(f"<b>&\x0b\x1b]]> \udcff {index}" for index in range(1000))
    odd = replace(
        result,
        labels=Labels(names),
        pair=replace(result.pair, title='"><script>'),
        picture=replace(result.picture, name="<\x00&\udcff>.png"),
    )
    path = tmp_path / "figure.svg"
    export_figure(odd, path)
    root = ElementTree.parse(path).getroot()
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_pdf_has_one_page_of_the_figures_size(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "figure.pdf"
    export_figure(result, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)", data)
    assert box is not None
    size = figure_size(result)
    assert float(box[1]) == pytest.approx(size.width() * 0.75, abs=0.5)
    assert float(box[2]) == pytest.approx(size.height() * 0.75, abs=0.5)
    assert b"/FontFile" in data
    assert b"/EmbeddedFile" in data


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_themes_differ(result: Result, tmp_path: Path, suffix: str) -> None:
    light, dark = tmp_path / f"light{suffix}", tmp_path / f"dark{suffix}"
    export_figure(result, light)
    export_figure(result, dark, theme="dark")
    assert light.read_bytes() != dark.read_bytes()
    if suffix == ".svg":
        assert DARK.window in dark.read_text(encoding="utf-8")
        assert DARK.window not in light.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["figure.gif", "figure", "figure.png.txt"])
def test_other_formats_are_refused_by_name(result: Result, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"\.png, \.svg or \.pdf"):
        export_figure(result, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("scale", [0.0, 0.99, 4.01, -1.0, float("nan"), float("inf")])
def test_impossible_scales_are_refused(result: Result, tmp_path: Path, scale: float) -> None:
    with pytest.raises(UsageError, match="1 to 4"):
        export_figure(result, tmp_path / "figure.png", scale=scale)
    assert not list(tmp_path.iterdir())


def test_an_unknown_theme_names_the_nearest(result: Result, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'dark'"):
        export_figure(result, tmp_path / "figure.png", theme="darc")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_missing_folder_is_an_export_error(result: Result, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ExportError, match="Create the folder"):
        export_figure(result, tmp_path / "missing" / f"figure{suffix}")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_folder_in_the_files_place_is_an_export_error(
    result: Result, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / f"figure{suffix}"
    target.mkdir()
    with pytest.raises(ExportError):
        export_figure(result, target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_full_disk_leaves_the_old_file_whole(
    result: Result, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"figure{suffix}"
    target.write_bytes(b"old")

    def fail(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.Path, "write_bytes", fail)
    with pytest.raises(ExportError, match="No space left"):
        export_figure(result, target)
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_an_old_file_is_replaced(result: Result, tmp_path: Path) -> None:
    target = tmp_path / "figure.png"
    target.write_bytes(b"old")
    export_figure(result, str(target))
    assert target.read_bytes().startswith(b"\x89PNG")
