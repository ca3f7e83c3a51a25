"""The lists of the HTML report: confusion, classes, worst pictures, errors and settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inspector.core.numbers import score_text
from inspector.sweep.columns import find_column
from inspector.sweep.exports import html_pieces as pieces
from inspector.sweep.exports.escaping import escape
from inspector.sweep.exports.html_pieces import counted
from inspector.sweep.exports.records import labels_of
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.query import RunTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from inspector.core.labels import Labels
    from inspector.sweep.rows import RunInfo, SideRow, SweepRow
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import RunStatistics

MOST_CONFUSIONS = 25
MOST_CLASSES = 25
MOST_ERRORS = 200


def confusion(info: RunInfo, found: RunStatistics) -> str:
    """Give the largest cells of the confusion off its diagonal."""
    if not found.confusion:
        return ""
    labels = labels_of(info)
    most = found.confusion[0].count
    rows = "".join(
        f"<tr><td>{escape(labels.name(cell.left))}</td><td>{escape(labels.name(cell.right))}</td>"
        f'<td class="number">{cell.count}</td><td class="number">{cell.near_ties}</td>'
        f'<td style="width: 30%"><span class="share" style="width: {100 * cell.count / most:.1f}%">'
        "</span></td></tr>"
        for cell in found.confusion[:MOST_CONFUSIONS]
    )
    return (
        '<h2>Most frequent disagreements</h2><div class="panel scroll"><table><tr>'
        f'<th><span class="key left"></span>Left</th><th><span class="key right"></span>Right</th>'
        f'<th class="number">Pictures</th><th class="number">Near-ties</th><th></th></tr>{rows}'
        "</table></div>"
    )


def classes(info: RunInfo, found: RunStatistics) -> str:
    """Give the classes with the least agreement."""
    labels = labels_of(info)
    rows = [
        (
            labels.name(part.index),
            pieces.percent(part.agreement.rate),
            str(part.left_count),
            str(part.right_count),
            str(part.both_count),
            str(part.near_ties),
            *(
                (str(part.labelled), str(part.left_right), str(part.right_right))
                if found.labelled
                else ()
            ),
        )
        for part in found.classes[:MOST_CLASSES]
        if part.agreement.total and part.both_count < part.agreement.total
    ]
    if not rows:
        return ""
    heads = ["Class", "Agreement", "Left", "Right", "Both", "Near-ties"]
    heads += ["Labelled", "Left correct", "Right correct"] if found.labelled else []
    return (
        '<h2>Classes with the least agreement</h2><div class="panel">'
        + pieces.table(heads, rows, range(1, len(heads)))
        + pieces.note(
            "Agreement: of the pictures that a side calls so, the share that both do. The upper "
            "end of its 95 % interval sorts the classes, so that few pictures alone do not count."
        )
        + "</div>"
    )


def worst_pictures(
    run: RunFile, thumbnail: Callable[[str], bytes | None], metric: str, count: int
) -> Iterator[str]:
    """Yield the worst pictures, one by one."""
    rows = RunTable(run).worst(metric, count)
    if not rows:
        return
    labels, title = labels_of(run.info), find_column(metric).title
    yield (
        f"<h2>The {counted(len(rows), 'picture')} furthest apart</h2>"
        f'<p class="quiet">By: {escape(title)}.</p><div class="cards">'
    )
    for row in rows:
        yield _card(row, labels, thumbnail(row.item.path), metric)
    yield "</div>"


def errors(run: RunFile, found: RunStatistics) -> str:
    """Give the pictures that could not be compared."""
    if not found.errors:
        return ""
    rows = RunTable(run).rows(RowFilter(kind=RowKind.ERRORS), limit=MOST_ERRORS)
    more = found.errors - len(rows)
    return (
        f"<h2>{counted(found.errors, 'picture')} with an error</h2>"
        '<div class="panel">'
        + pieces.table(
            ("Picture", "Error", "What to do"),
            [(row.item.path, row.error, row.mend) for row in rows],
        )
        + pieces.note(f"{more} more are in the run file." if more else "")
        + "</div>"
    )


def notes(run: RunFile) -> str:
    """Give the sentences on what the run does not have."""
    said = run.notes
    if not said:
        return ""
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    return f'<h2>Notes on the list of pictures</h2><div class="panel"><ul>{lines}</ul></div>'


def settings(info: RunInfo) -> str:
    """Give what the run was made with."""
    rows = [("Pair", f"{info.pair_id}: {info.pair_title}", "")]
    flat = _flat(info.left_settings), _flat(info.right_settings)
    rows += [
        (name, flat[0].get(name, ""), flat[1].get(name, "")) for name in {**flat[0], **flat[1]}
    ]
    hashes = info.release_hashes
    rows.append(("SHA-256", hashes.get("left", ""), hashes.get("right", "")))
    rows.append(("Noise floor", f"{info.noise_floor:.3g}", ""))
    rows.append(("True classes", info.truth or "none", ""))
    versions = ", ".join(f"{name} {version}" for name, version in info.versions.items())
    return (
        '<h2>What it was made with</h2><div class="panel">'
        + pieces.table(("", "Left", "Right"), rows)
        + pieces.note(versions)
        + "</div>"
    )


def _card(row: SweepRow, labels: Labels, data: bytes | None, metric: str) -> str:
    name = row.item.path.replace("\\", "/").rpartition("/")[2]
    value = getattr(row.measures, metric, None)
    truth = ""
    if row.item.truth is not None:
        truth = f'<p class="quiet">true class: {escape(labels.name(row.item.truth))}</p>'
    tie = '<p class="quiet">a near-tie</p>' if row.measures and row.measures.near_tie else ""
    return (
        f'<div class="card">{pieces.picture(data, name)}'
        f"{_side('left', row.left, labels)}{_side('right', row.right, labels)}{truth}{tie}"
        f"<p><strong>{escape(pieces.measure_text(value))}</strong> "
        f'<span class="quiet">{escape(find_column(metric).title)}</span></p>'
        f'<p class="quiet">{escape(row.item.path)}</p></div>\n'
    )


def _side(name: str, side: SideRow | None, labels: Labels) -> str:
    if side is None:
        return ""
    share = score_text(side.probabilities[0], 0.0 <= side.probabilities[0] <= 1.0)
    return (
        f'<div class="side"><span class="key {name}"></span>'
        f"<span>{escape(labels.name(side.top[0]))}</span><span>{escape(share)}</span></div>"
    )


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Give nested settings as one table of texts."""
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, dict):
            found |= _flat(value, f"{name}, ")
        elif value is not None:
            found[name] = value if isinstance(value, str) else json.dumps(value, default=str)
    return found
