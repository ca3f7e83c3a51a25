"""Figures are drawn off screen, in the same application as the window's tests."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def application(qapp: object) -> object:
    return qapp
