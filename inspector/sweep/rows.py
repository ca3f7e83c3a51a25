"""What a sweep keeps of each picture, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SweepItem:
    """One picture to do.

    Attributes
    ----------
    number
        Its place in the run's list, from 0.
    path
        Absolute path; for a picture inside a zip archive ``ARCHIVE.zip!/NAME``.
    truth
        Index of its true class among the shared classes (from 0), or None where unknown.
    """

    number: int
    path: str
    truth: int | None = None


@dataclass(frozen=True, slots=True)
class SideRow:
    """What one release said of one picture.

    Attributes
    ----------
    top
        Indices of its five most probable shared classes (fewer where there are fewer), best first;
        equal probabilities stand in the order of their index.
    probabilities
        Their probabilities, 0 to 1.
    truth_probability, truth_rank
        Probability and rank (from 1) of the true class, or None where that is unknown.
    """

    top: tuple[int, ...]
    probabilities: tuple[float, ...]
    truth_probability: float | None = None
    truth_rank: int | None = None

    @property
    def margin(self) -> float:
        """Give how far the best class is ahead of the second, 0 to 1."""
        first, *others = self.probabilities
        return first - (others[0] if others else 0.0)


@dataclass(frozen=True, slots=True)
class Measures:
    """How far the two are apart on one picture; as in a comparison of that picture alone.

    Attributes
    ----------
    top1_same
        Whether both name the same class first.
    top5_overlap
        How many of the five best they share.
    max_abs_difference, mean_abs_difference
        Of the probabilities, 0 to 1; NaN where a row is not finite.
    max_difference_class
        Index of the class that differs the most.
    kl, js
        KL of left from right, sum(left·ln(left/right)), and the Jensen-Shannon divergence, in nats;
        None where a side gives no distribution.
    cosine, spearman
        Of the probabilities and of their ranks, -1 to 1; None where a row is not finite.
    right_rank_of_left, left_rank_of_right
        Rank (from 1) that the right side gives the left side's best class, and the other way round.
    near_tie
        Whether the two name different classes first although on both sides those two classes are
        no further apart than :func:`inspector.core.comparison.noise_tolerance` of the run's noise
        floor: float noise tosses the coin, and there is no real disagreement.
    """

    top1_same: bool
    top5_overlap: int
    max_abs_difference: float
    mean_abs_difference: float
    max_difference_class: int
    kl: float | None
    js: float | None
    cosine: float | None
    spearman: float | None
    right_rank_of_left: int
    left_rank_of_right: int
    near_tie: bool


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One finished picture: an answer, or why there is none.

    Attributes
    ----------
    item
        The picture.
    sha256, bytes, width, height
        Of its file and of the decoded picture, as far as it could be read.
    left, right, measures
        The answer; None where there is an error.
    error, mend
        The sentences of the error; empty where there is none.
    """

    item: SweepItem
    sha256: str = ""
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    left: SideRow | None = None
    right: SideRow | None = None
    measures: Measures | None = None
    error: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a run is about; written when it begins, and held against every resume.

    Only true classes may be given later: :mod:`inspector.sweep.later_truth`.

    Attributes
    ----------
    pair_id, pair_title
        The pair.
    pair
        The pair as a table of plain values, as a pair file would hold it.
    left_settings, right_settings
        Mode, stages and output switches of each side, as plain values.
    release_hashes
        SHA-256 of each side's files: ``left`` and ``right``; empty texts where there is no file.
    labels, wordnet_ids
        Names of the shared classes, and their WordNet ids where they have any.
    listed
        What the user named: a folder, list, archive or pattern.
    truth
        Where the true classes came from: ``folders``, ``names``, the path of a table, or empty.
    versions
        Of Python, the libraries and the program.
    noise_floor
        Largest |Δp| of the same release against itself.
    started
        ISO 8601, UTC.
    """

    pair_id: str
    pair_title: str
    pair: Mapping[str, object]
    left_settings: Mapping[str, object]
    right_settings: Mapping[str, object]
    release_hashes: Mapping[str, str]
    labels: tuple[str, ...]
    wordnet_ids: tuple[str, ...]
    listed: str
    truth: str
    versions: Mapping[str, str]
    noise_floor: float
    started: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """How far a run is.

    Attributes
    ----------
    done, total, errors
        Pictures with a row, pictures in the list, rows with an error.
    rate
        Pictures per second of late, or None before the first.
    seconds_left
        Estimate, or None where there is no rate.
    state
        ``running``, ``paused``, ``finished``, ``cancelled`` or ``stopped`` (killed, or an error).
    text
        What is being done or why it is paused, in a few words.
    """

    done: int
    total: int
    errors: int
    rate: float | None
    seconds_left: float | None
    state: str
    text: str = ""
