"""Connects the layers tab with what asks for traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.gui.layers.tracer import IDENTICAL

if TYPE_CHECKING:
    from inspector.gui.controller import Controller
    from inspector.gui.layers.tracer import Tracer
    from inspector.gui.layers.view import LayersView


def connect_layers(view: LayersView, tracer: Tracer, controller: Controller) -> None:
    """Let the view show what the tracer knows, and the tracer ask while the view is in sight."""
    tracer.changed.connect(view.set_layers)
    view.looked_at.connect(tracer.look)
    view.again_wanted.connect(tracer.ask_again)
    view.stop_wanted.connect(tracer.stop)
    view.identical_wanted.connect(lambda: controller.set_pair_mode(IDENTICAL))
    controller.stale_changed.connect(view.set_stale)
