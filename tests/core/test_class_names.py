from __future__ import annotations

import pytest

from inspector.core.class_names import find_class, search_entries
from inspector.core.labels import Labels

ENTRIES = search_entries(Labels(("tabby", "tiger cat", "tiger", "12"), ("n1", "n2", "n3", "n4")))


def test_entries_hold_name_id_and_index():
    assert ENTRIES[1] == "tiger cat · n2 · 1"
    assert search_entries(Labels(("one",))) == ("one · 0",)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("tiger", 2),
        ("tig", 1),
        ("CAT", 1),
        ("n3", 2),
        ("0", 0),
        (" 3 ", 3),
        ("tiger cat · n2 · 1", 1),
        ("", None),
        ("dog", None),
    ],
)
def test_exact_parts_come_before_beginnings_and_beginnings_before_the_rest(text, index):
    assert find_class(ENTRIES, text) == index
