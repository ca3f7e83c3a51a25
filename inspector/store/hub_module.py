"""Putting a Hub module's archive into Hub's cache, as Hub itself would."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from inspector.core.errors import ReleaseError
from inspector.store import hub_lock
from inspector.store.archive import unpack
from inspector.store.caches import remove, write_descriptor
from inspector.store.content import saved_model_fault
from inspector.store.part import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def install(
    handle: str,
    archive: Path,
    place: Path,
    cancelled: Callable[[], bool],
    patience: hub_lock.Patience | None = None,
) -> None:
    """Unpack a module beside its place, look at it, and rename it into its place.

    Hub's lock is held meanwhile, so that Hub's own download waits. What lies in the place already
    stays where it is whole, and is moved aside only when the new one is whole.

    Raises
    ------
    ReleaseError
        Where the archive is damaged, refused, or no SavedModel.
    Cancelled
        Where `cancelled` said so.
    """
    with hub_lock.held(place, cancelled, patience) as temporary:
        if place.is_dir() and not saved_model_fault(place):
            return
        unpack(archive, temporary, cancelled=cancelled)
        model = _model_folder(temporary)
        if fault := saved_model_fault(model):
            raise ReleaseError(f"The archive {fault}.", "It is no SavedModel.")
        write_descriptor(handle, place)
        swap(model, place)


def swap(new: Path, place: Path) -> None:
    """Rename `new` into its place; what was there goes only after that.

    The old one's name while it is aside is that of an unfinished download, so that what a kill
    leaves behind is cleared like one.
    """
    aside = place.with_name(f"{place.name}.{uuid.uuid4().hex}.tmp")
    was_there = place.exists() or place.is_symlink()
    if was_there:
        place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        if was_there:
            aside.rename(place)
        raise
    sync_folder(place.parent)
    if was_there:
        remove(aside)


def _model_folder(folder: Path) -> Path:
    """Give the folder of the model: that of the archive, or the only one in it."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
