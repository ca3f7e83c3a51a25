"""Conventions that are proposed for models of unknown origin, with how sure each proposal is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from inspector.core.errors import InputError
from inspector.core.input_range import LEVELS
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec, Side

if TYPE_CHECKING:
    from inspector.core.input_range import InputRange
    from inspector.core.sources import Source

T = TypeVar("T")

KNOWN = 1.0
"""Confidence of what a file says itself, or the user did."""

LIKELY = 0.8
"""Under this a proposal should be looked at before it is used."""

_WORDS = ((KNOWN, "known"), (0.95, "almost certain"), (LIKELY, "likely"), (0.55, "uncertain"))


@dataclass(frozen=True, slots=True)
class ConventionProposal(Generic[T]):
    """One convention, proposed.

    Attributes
    ----------
    value
        What is proposed.
    confidence
        0 to 1; 1 where it is known rather than found by experiment.
    evidence
        Why, in sentences, the strongest first.
    alternatives
        What else it may be, in words, each with how likely that is.
    """

    value: T
    confidence: float
    evidence: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def certainty(self) -> str:
        """Say in a word or two how sure it is."""
        return next((word for least, word in _WORDS if self.confidence >= least), "a guess")

    @property
    def is_doubtful(self) -> bool:
        """Tell whether somebody should look at it before it is used."""
        return self.confidence < LIKELY


def known(value: T, sentence: str) -> ConventionProposal[T]:
    """Give what needs no experiment."""
    return ConventionProposal(value, KNOWN, (sentence,))


@dataclass(frozen=True, slots=True)
class SideProposal:
    """The proposed conventions of one model.

    Attributes
    ----------
    source, title
        What to load, and its name to show.
    outputs
        Numbers in one output row, a background class included.
    size
        Height and width of the input; None where only the model can say.
    range, channels, output, background, mode
        The conventions, as :class:`inspector.core.pairs.ReleaseSpec` has them; `channels` is
        ``rgb`` or ``bgr``.
    labels
        As :class:`inspector.core.pairs.PairSpec` has them.
    fixes_size
        Whether the model fixes its size, so that an entry need not name it.
    notes
        Sentences that the user should know, such as that nothing shows that the model is trained.
    """

    source: Source
    title: str
    outputs: int
    size: ConventionProposal[tuple[int, int]]
    range: ConventionProposal[InputRange]
    channels: ConventionProposal[str]
    output: ConventionProposal[OutputKind]
    background: ConventionProposal[bool]
    labels: ConventionProposal[str]
    mode: ConventionProposal[str]
    fixes_size: bool
    notes: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """Classes without the background."""
        return self.outputs - int(self.background.value)

    def rows(self) -> tuple[tuple[str, ConventionProposal[Any]], ...]:
        """Give every proposal with its name, in the order of a pair file."""
        names = ("mode", "range", "channels", "output", "background", "size", "labels")
        return tuple((name, getattr(self, name)) for name in names)

    def to_spec(self) -> ReleaseSpec:
        """Give the release with everything as proposed."""
        return ReleaseSpec(
            source=self.source,
            mode=self.mode.value,
            range=self.range.value,
            output=self.output.value,
            background=self.background.value,
            title=self.title,
            size=None if self.fixes_size else self.size.value,
        )


@dataclass(frozen=True, slots=True)
class PairProposal:
    """The proposed conventions of one or two models.

    Attributes
    ----------
    id, title
        Of the pair.
    left, right
        The models; right is None where only one was given.
    notes
        Sentences about the two together, such as that they do not share their classes.
    """

    id: str
    title: str
    left: SideProposal
    right: SideProposal | None
    notes: tuple[str, ...] = ()

    def sides(self) -> tuple[tuple[Side, SideProposal], ...]:
        """Give the sides that there are."""
        both = ((Side.LEFT, self.left), (Side.RIGHT, self.right))
        return tuple((side, proposal) for side, proposal in both if proposal is not None)

    @property
    def labels(self) -> ConventionProposal[str]:
        """Give the labels of the pair: those of the side that is surer of them."""
        return max(
            (proposal.labels for _, proposal in self.sides()), key=lambda found: found.confidence
        )

    def to_pair(self) -> PairSpec:
        """Give the pair with everything as proposed.

        Raises
        ------
        InputError
            Where there is only one model.
        """
        if self.right is None:
            raise InputError(
                "A pair needs two models, and only one was given.", "Name the other one too."
            )
        return PairSpec(
            id=self.id,
            title=self.title,
            labels=self.labels.value,
            left=self.left.to_spec(),
            right=self.right.to_spec(),
        )


@dataclass(frozen=True, slots=True)
class ProposeTask:
    """Find out the conventions of one or two models by experiment; gives a PairProposal.

    Attributes
    ----------
    left, right
        What to load; right may be None.
    pictures
        Absolute paths of pictures of the user's own, to try besides the shipped samples.
    labels
        ``imagenet``, ``indices``, the absolute path of a file, or empty to propose them.
    id
        Of the pair; empty to make it of the models' names.
    """

    left: Source
    right: Source | None = None
    pictures: tuple[str, ...] = field(default=())
    labels: str = ""
    id: str = ""

    def sources(self) -> tuple[Source, ...]:
        """Give the sources that there are."""
        return (self.left,) if self.right is None else (self.left, self.right)

    @property
    def releases(self) -> tuple[ReleaseSpec, ...]:
        """Give what has to be on this machine before the task can be done."""
        return tuple(bare_spec(source) for source in self.sources())


def bare_spec(source: Source) -> ReleaseSpec:
    """Declare conventions only so that a model can be opened; nothing is read by them.

    Models of whole numbers open with no other range than levels.
    """
    return ReleaseSpec(source, "identical", LEVELS, OutputKind.LOGITS, background=False)


def id_of(*titles: str) -> str:
    """Make a pair's id of its models' names: letters, digits, dots, dashes and underscores."""
    names = [re.sub(r"[^a-z0-9.]+", "_", Path(title).stem.lower()).strip("_.") for title in titles]
    return "-".join(name for name in names if name) or "pair"
