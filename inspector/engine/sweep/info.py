"""What a run file says of the run: pair, settings, releases, versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.trust import content_sha256
from inspector.core.versions import library_versions
from inspector.sweep.rows import RunInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.result import SideSettings
    from inspector.engine.engine import LoadedPair


def make_info(
    pair: LoadedPair,
    left: SideSettings,
    right: SideSettings,
    listed: str,
    truth: str,
    options: Mapping[str, Any],
) -> RunInfo:
    """Say what a run is about; see :class:`inspector.sweep.rows.RunInfo`."""
    return RunInfo(
        pair_id=pair.spec.id,
        pair_title=pair.spec.title,
        pair=pair_table(pair.spec),
        left_settings=settings_table(left),
        right_settings=settings_table(right),
        release_hashes={
            "left": release_hash(pair.spec.left),
            "right": release_hash(pair.spec.right),
        },
        labels=pair.labels.names,
        wordnet_ids=pair.labels.wordnet_ids,
        listed=listed,
        truth=truth,
        versions=library_versions(),
        noise_floor=pair.check.noise_floor,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        options=dict(options),
    )


def pair_table(pair: PairSpec) -> dict[str, Any]:
    """Give a pair as the table that a pair file holds, with absolute paths."""
    return {
        "id": pair.id,
        "title": pair.title,
        "labels": pair.labels,
        "left": _release_table(pair.left),
        "right": _release_table(pair.right),
    }


def settings_table(settings: SideSettings) -> dict[str, Any]:
    """Give what a side does as plain values."""
    return {
        "mode": settings.mode,
        "preprocessing": settings.preprocessing.to_json(),
        "softmax": settings.output.softmax,
        "drop_background": settings.output.drop_background,
    }


def _release_table(release: ReleaseSpec) -> dict[str, Any]:
    table: dict[str, Any] = {
        "title": release.name,
        "source": str(release.source),
        "mode": release.mode,
        "range": release.range.name or [release.range.low, release.range.high],
        "output": str(release.output),
        "background": release.background,
    }
    if release.size is not None:
        table["size"] = list(release.size)
    return table


def release_hash(release: ReleaseSpec) -> str:
    """Give the SHA-256 of a release's content, or nothing where it has no file."""
    path = local_path(release.source)
    return content_sha256(path) if path is not None and path.exists() else ""
