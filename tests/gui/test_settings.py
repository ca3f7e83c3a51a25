from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.modes import RETRAIN
from inspector.core.preprocessing import AugmentKind
from inspector.core.scores import OutputSwitches
from inspector.core.training import Training
from inspector.gui.settings import Settings
from inspector.gui.stage_fields import plain_choices, restored_choices
from inspector.session import CUSTOM, Choices, SideChoice

if TYPE_CHECKING:
    from pathlib import Path

CHOICES = Choices(
    SideChoice("slim_eval", None, OutputSwitches(softmax=True), Training(seed=3, count=8)),
    SideChoice(
        CUSTOM, RETRAIN, OutputSwitches(drop_background=False), auxiliary=AuxiliaryHead("/a.ckpt")
    ),
    apply_exif=True,
)


def open_store(path: Path) -> QSettings:
    return QSettings(str(path), QSettings.Format.IniFormat)


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.ini"
    first = Settings(open_store(path))
    first.top = 9
    first.pair = "starter"
    first.last_folder = "/photos/für später, 2"
    first.recent = ("/photos/a,b.jpg", "/photos/c.jpg")
    first.scheme = "dark"
    first.export_scale = 4
    first.export_theme = "light"
    first.choices = CHOICES
    first.set_layout("window", QByteArray(b"\x00\xffstate"))
    first.sync()
    second = Settings(open_store(path))
    assert second.top == 9
    assert second.pair == "starter"
    assert second.last_folder == "/photos/für später, 2"
    assert second.recent == ("/photos/a,b.jpg", "/photos/c.jpg")
    assert (second.scheme, second.export_scale, second.export_theme) == ("dark", 4, "light")
    assert second.choices == CHOICES
    assert second.layout("window") == QByteArray(b"\x00\xffstate")


def test_fresh_settings_have_defaults(tmp_path: Path) -> None:
    fresh = Settings(open_store(tmp_path / "none.ini"))
    assert (fresh.top, fresh.pair, fresh.recent, fresh.scheme) == (5, "", (), "system")
    assert fresh.choices == Choices()
    assert fresh.layout("window").isEmpty()


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01 garbage [[[\n===",
        '[General]\ntop=many\nscheme=pink\nrecent=[1\nchoices={\\"left\\": 3}\n'
        "[layout]\nwindow=7\n[export]\nscale=@Invalid()\ntheme=3\n",
        "[General]\ntop=-4\nrecent={}\nchoices=[]\n[export]\nscale=99\n",
    ],
)
def test_corrupted_settings_give_sane_values(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.ini"
    path.write_text(text, encoding="utf-8")
    settings = Settings(open_store(path))
    assert 1 <= settings.top <= 20
    assert settings.scheme == "system"
    assert settings.recent == ()
    assert settings.choices == Choices()
    assert 1 <= settings.export_scale <= 4
    assert settings.export_theme == "window"
    assert settings.layout("window").isEmpty()


def test_unknown_modes_and_stages_are_forgotten() -> None:
    plain = plain_choices(CHOICES)
    plain["left"]["mode"] = "no such mode"
    plain["right"]["stages"]["augment.kind"] = "no such kind"
    plain["right"]["stages"]["augment.seed"] = -5
    restored = restored_choices(plain)
    assert restored.left.mode == "own"
    assert restored.right.custom is not None
    assert restored.right.custom.augment.kind is AugmentKind.NONE
    assert restored.right.custom.augment.seed == 0
    assert restored.right.custom.scale is RETRAIN.scale
