"""Giving and taking back trust in a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.commands.releases.rows import SCHEMA
from inspector.core.errors import UsageError
from inspector.core.trust import TrustStore, content_sha256, parse_digest, trust_content

if TYPE_CHECKING:
    from inspector.cli.console import Console


def trust(what: str | None, console: Console, as_json: bool) -> int:
    """Trust a content from now on."""
    entry = trust_content(_named(what))
    if as_json:
        console.json({"schema": SCHEMA, "trusted": {"sha256": entry.sha256, "path": entry.name}})
    else:
        console.result(f"Trusted from now on: {entry.sha256}  {entry.name}")
        console.message("A trusted model can do all that you can do when it is opened.")
    return 0


def distrust(what: str | None, console: Console, as_json: bool) -> int:
    """Trust a content no longer."""
    named = _named(what)
    path = Path(named).expanduser()
    digest = content_sha256(path.resolve()) if path.exists() else parse_digest(named)
    removed = TrustStore().remove(digest)
    if as_json:
        console.json({"schema": SCHEMA, "distrusted": {"sha256": digest, "was_trusted": removed}})
    else:
        console.result(f"{'No longer trusted' if removed else 'It was not trusted'}: {digest}")
    return 0


def _named(what: str | None) -> str:
    if not what:
        raise UsageError("Neither a path nor a SHA-256 was named.", "Write releases trust PATH.")
    return what
