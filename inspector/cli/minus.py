"""Values that begin with a minus sign, which argparse takes for options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = re.compile(r"-[\d.]+\s*,")
"""How several numbers begin, such as ``-1,1``; a single one argparse knows by itself."""


def joined_numbers(argv: Sequence[str]) -> list[str]:
    """Join an option with the numbers after it, ``--range -1,1``, to ``--range=-1,1``."""
    joined: list[str] = []
    for text in argv:
        is_value = bool(joined) and joined[-1].startswith("--") and len(joined[-1]) > len("--")
        if is_value and "=" not in joined[-1] and _NUMBERS.match(text):
            joined[-1] = f"{joined[-1]}={text}"
        else:
            joined.append(text)
    return joined
