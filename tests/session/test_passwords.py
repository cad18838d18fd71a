from __future__ import annotations

import pytest

from raceway.session.passwords import without_passwords


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("--postgres=postgresql://me:s3cret@db:5432/x", "--postgres=postgresql://me:…@db:5432/x"),
        ("host=db password=s3cret user=me", "host=db password=… user=me"),
        (r"password = 'my \' s3cret' user=me", "password = … user=me"),
        ("postgres://db/x?user=me&password=s3cret&b=1", "postgres://db/x?user=me&password=…&b=1"),
        ("host=db sslpassword=s3cret", "host=db sslpassword=…"),
    ],
)
def test_a_password_is_not_kept(typed: str, kept: str) -> None:
    assert without_passwords(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["postgresql://me@db:5432/x", "tcp://10.0.0.7:8786", "3.14=ssh me@there python3", "host=db"],
)
def test_what_holds_no_password_stays_as_it_is(typed: str) -> None:
    assert without_passwords(typed) == typed
