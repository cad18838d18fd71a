"""Names of tests, as pytest gives them."""

from __future__ import annotations

import pytest

from raceway.text.node_ids import parted


@pytest.mark.parametrize(
    ("node_id", "place", "name"),
    [
        ("a.py::test_b", "a.py", "test_b"),
        ("a.py::TestC::test_b[1-x]", "a.py::TestC", "test_b[1-x]"),
        ("a.py::test_b[x/a::b [c]]", "a.py", "test_b[x/a::b [c]]"),
        ("some[1]/a.py::test_b", "some[1]/a.py", "test_b"),
        ("test_b", "", "test_b"),
        ("", "", ""),
    ],
)
def test_a_name_is_parted_from_its_place_whatever_its_parameter_holds(
    node_id: str, place: str, name: str
) -> None:
    assert parted(node_id) == (place, name)
