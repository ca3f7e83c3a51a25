from __future__ import annotations

import pytest

from inspector.core.system_libraries import KNOWN_LIBRARIES, missing_library_mend


@pytest.mark.parametrize("library", KNOWN_LIBRARIES)
def test_a_known_library_names_both_packages(library: str) -> None:
    debian, fedora = KNOWN_LIBRARIES[library]
    found = missing_library_mend(f"{library}: cannot open shared object file: No such file")
    assert found is not None
    fact, mend = found
    assert library in fact
    assert f"apt install {debian}'" in mend
    assert f"dnf install {fedora}'" in mend


def test_what_the_xcb_plugin_loads_is_known() -> None:
    needed = {"libxcb-cursor.so.0", "libxkbcommon-x11.so.0", "libxcb-icccm.so.4", "libX11-xcb.so.1"}
    assert needed <= KNOWN_LIBRARIES.keys()


def test_the_missing_library_is_found_behind_the_one_that_needs_it() -> None:
    text = "/opt/PySide6/libQt6Gui.so.6: libEGL.so.1: cannot open shared object file"
    found = missing_library_mend(text)
    assert found is not None
    assert "libegl1" in found[1]


def test_an_unknown_library_is_named() -> None:
    found = missing_library_mend("libfoo.so.3: cannot open shared object file: No such file")
    assert found is not None
    assert "libfoo.so.3" in found[0]
    assert "libfoo.so.3" in found[1]


@pytest.mark.parametrize("text", ["No module named 'PySide6'", "", "cannot open the door"])
def test_other_errors_are_not_explained(text: str) -> None:
    assert missing_library_mend(text) is None
