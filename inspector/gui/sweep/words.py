"""Words that several parts of a sweep's window share."""

from __future__ import annotations


def class_name(index: int, labels: tuple[str, ...]) -> str:
    """Give the name of a class."""
    return labels[index] if 0 <= index < len(labels) else f"class {index}"


def counted(number: int, what: str) -> str:
    """Write a number of things, such as ``1 picture`` or ``2,000 pictures``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
