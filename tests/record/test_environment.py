from __future__ import annotations

import pytest

from raceway.record import Commit


@pytest.mark.parametrize(
    ("commit", "text"), [("ab" * 20, "abababa"), ("unversioned", "unversioned")]
)
def test_commits_are_short_unless_they_are_none(commit: str, text: str) -> None:
    assert Commit(id=commit).short == text
