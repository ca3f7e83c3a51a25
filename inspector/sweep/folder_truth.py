"""True classes from the names of the folders that pictures lie in."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.core.errors import InputError
from inspector.sweep import archive
from inspector.sweep.class_lookup import ClassNames, Scheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inspector.core.labels import Labels

FROM_FOLDERS = "folders"
"""What :attr:`inspector.sweep.rows.RunInfo.truth` says of classes from folder names."""

SURE_COVERAGE = 0.5
"""Folder names are taken for classes unasked where they name those of at least this share."""


@dataclass(eq=False)
class FolderTruth:
    """True classes by the nearest folder above a picture that names one.

    Attributes
    ----------
    scheme
        How the folders name them.
    matched, total
        Pictures whose folder names a class, and all.
    unknown
        Some folders that name none.
    """

    scheme: Scheme
    names: ClassNames
    roots: tuple[str, ...]
    matched: int = 0
    total: int = 0
    unknown: tuple[str, ...] = ()
    origin: str = FROM_FOLDERS
    _known: dict[str, int | None] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """Share of the pictures whose folder names a class, 0 to 1."""
        return self.matched / self.total if self.total else 0.0

    @property
    def note(self) -> str:
        """Of how many of the listed pictures a folder names the class; empty where of all."""
        if self.matched == self.total:
            return ""
        others = ", ".join(repr(name) for name in self.unknown)
        return (
            f"{self.matched} of {self.total} pictures have a true class by their folder; no class "
            f"of this pair is, for instance, {others}."
        )

    def truth_of(self, path: str) -> int | None:
        """Give the true class of a picture, None where no folder names one."""
        folder = folder_of(path)
        if folder not in self._known:
            self._known[folder] = self._class_of(folder)
        return self._known[folder]

    def _class_of(self, folder: str) -> int | None:
        names, own = names_below(folder, self.roots)
        for name in reversed(names):
            index = self.names.find_by(self.scheme, name)
            if index is not None:
                return index
        # What the user's own folder is called says something only where it cannot be chance.
        return self.names.find_by(self.scheme, own) if self.scheme is Scheme.WORDNET else None


def detect_folders(
    paths: Iterable[str], roots: Sequence[str], labels: Labels, asked: bool = False
) -> FolderTruth | None:
    """Find out how the folders of a listing name classes, and of how many pictures.

    Parameters
    ----------
    paths
        All pictures' paths; read once. Memory goes with the number of folders.
    roots
        What the user named; names above it are no classes.
    labels
        The shared classes.
    asked
        Whether the user asked for the folders' names. Unasked they must name the classes of half
        of the pictures, and indices must be the names of all folders, 0 among them: years and
        numbered albums are no classes.

    Raises
    ------
    InputError
        Where the user asked for it and no folder names a class.
    """
    per_folder = Counter(folder_of(path) for path in paths)
    names = ClassNames(labels)
    found = [_measure(scheme, names, tuple(roots), per_folder) for scheme in Scheme]
    best = max(found, key=lambda truth: truth.matched)  # the first of equals
    if asked:
        if not best.matched:
            raise InputError(
                "No folder's name is a class of this pair: neither WordNet id, label nor index.",
                "Name the true classes in a table with the columns path and label.",
            )
        return best
    if best.coverage < SURE_COVERAGE or (best.scheme is Scheme.INDICES and not _is_sure(best)):
        return None
    return best


def _measure(
    scheme: Scheme, names: ClassNames, roots: tuple[str, ...], per_folder: Counter[str]
) -> FolderTruth:
    truth = FolderTruth(scheme, names, roots, total=per_folder.total())
    unknown = []
    for folder, count in per_folder.items():
        if truth.truth_of(f"{folder}/x") is None:
            unknown.append(os.path.basename(folder))
        else:
            truth.matched += count
    truth.unknown = tuple(unknown[:5])
    return truth


def _is_sure(truth: FolderTruth) -> bool:
    classes = set(truth._known.values())
    return truth.matched == truth.total and 0 in classes and len(classes) > 1


def folder_of(path: str) -> str:
    """Give the folder of a picture; in an archive with the archive's path before it."""
    member = archive.split_member(path) if archive.MEMBER_MARK in path else None
    if member is None:
        return os.path.dirname(path)
    inside = member[1].rpartition("/")[0]
    return f"{member[0]}{archive.MEMBER_MARK}{inside}" if inside else member[0]


def names_below(folder: str, roots: Sequence[str]) -> tuple[list[str], str]:
    """Give the names of the folders from a root down to `folder`, and the root's own name."""
    place = folder.replace(archive.MEMBER_MARK, os.sep).replace("/", os.sep)
    above = [
        root for root in roots if f"{place}{os.sep}".startswith(f"{root.rstrip(os.sep)}{os.sep}")
    ]
    root = max(above, key=len, default="")
    parts = [part for part in place[len(root) :].split(os.sep) if part]
    return parts, os.path.basename(root.rstrip(os.sep))
