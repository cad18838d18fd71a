"""The items of the command line, and of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import TargetError
from raceway.plan.target.items import items_from, items_of, kwargs_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "text", "items"),
    [
        ("a.json", '[1, {"b": null}]', [1, {"b": None}]),
        ("a.jsonl", '{"id": 1}\n\n"two"\n', [{"id": 1}, "two"]),
        ("a.txt", "one\n 2\n\nfour\n", ["one", " 2", "", "four"]),
        ("a.csv", "n\n1\n2.5\n007\nx\n", [1, 2.5, "007", "x"]),
        ("a.CSV", 'id,name\n1,"a, b"\n', [{"id": 1, "name": "a, b"}]),
        ("a.csv", "id,name\n2,true\n", [{"id": 2, "name": "true"}]),
        ("a.txt", "\ufeffone", ["one"]),
    ],
)  # fmt: skip
def test_a_file_holds_items(tmp_path: Path, name: str, text: str, items: list[Any]) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert items_from(path) == items


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "[1,", r"not JSON \(Expecting value: line 1, column 4\); give a value like"),
        ("a.json", '{"a": 1}', "an object, not a list; give one, like"),
        ("a.json", "[]", "no item; give at least one"),
        ("a.json", "[" * 100_000, "nested too deeply; give flatter items"),
        ("a.jsonl", "1\n{", r"line 2: not JSON \("),
        ("a.txt", "", "no item; give at least one"),
        ("a.csv", "n", "no item; give at least one"),
        ("a.csv", "", "no item; give at least one"),
        ("a.csv", "a,b\n1\n", "row 2 has 1 values for the 2 names of the first row; fix it"),
        ("a.csv", "1\n2\n3\n", "row 1 must name the columns, but holds numbers; add a row of"),
        ("a.csv", "1,2.5\n3,4\n", "row 1 must name the columns, but holds numbers; add a row of"),
        ("a.csv", "id,n,id\n1,2,3\n", "row 1 names 'id' twice; rename a column"),
        ("a.yaml", "- 1", "not known what it holds; name it .json, .jsonl, .csv, .txt"),
    ],
)
def test_a_file_without_items_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    with pytest.raises(TargetError, match=f"^--items-from .*{name}.*{said}"):
        items_from(path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"ab\xff")

    with pytest.raises(TargetError, match=r"not UTF-8 \(byte 2\); convert it"):
        items_from(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"no such file; give one of \.json"):
        items_from(tmp_path / "a.json")
    (tmp_path / "b.json").mkdir()
    with pytest.raises(TargetError, match=r"cannot be read \(Is a directory\)"):
        items_from(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [("1,2", "Extra data"), ("3", "a number, not a list"), ("null", "null, not a list"),
     ("true", "true or false, not a list"), ('"a"', "a string, not a list")],
)  # fmt: skip
def test_items_are_a_list(text: str, said: str) -> None:
    assert items_of("[1, [2]]") == [1, [2]]
    with pytest.raises(TargetError, match=f"^--items: .*{said}"):
        items_of(text)


def test_keyword_arguments_are_an_object() -> None:
    assert kwargs_of('{"a": [1]}') == {"a": [1]}
    with pytest.raises(TargetError, match=r"^--kwargs: a list, not an object"):
        kwargs_of("[1]")
