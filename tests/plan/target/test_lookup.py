"""A function is found as `python -m` finds modules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import TargetError
from raceway.plan.target.lookup import found
from raceway.plan.target.target import Target
from support.called import FILES, forgotten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.files import MakeTree

    Answers = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    with forgotten():
        yield


@pytest.fixture
def here(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, which holds the user's package."""
    root = make_tree({f"here/{path}": text for path, text in FILES.items()}) / "here"
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("parse", 11),
        ("strictly", 111),
        ("nameless", 8),
        ("parser.parse", 2),
        ("Parser.parse", 2),
        ("Parser.made", 3),
        ("Parser.fixed", 4),
    ],
)
@pytest.mark.usefixtures("here")
def test_functions_methods_and_partials_are_found(answers: Answers, name: str, answer: int) -> None:
    assert answers(Target.of(found(f"mysvc.core:{name}"), [1])) == [answer]


def test_a_package_below_src_is_found(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    root = make_tree({f"src/{path}": text for path, text in FILES.items()})
    monkeypatch.chdir(root)

    assert answers(Target.of(found("mysvc.core:parse"), [1])) == [11]
    assert found("mysvc.core:parse").binding.folders[0].path == str(root / "src")


@pytest.mark.usefixtures("here")
def test_the_path_is_left_as_it_was() -> None:
    before = sys.path.copy()

    found("mysvc.core:parse")

    assert sys.path == before


def test_what_lies_here_comes_before_what_is_installed(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    root = make_tree(
        {
            "site-packages/mysvc.py": "def f(n): return 'installed'",
            "here/mysvc.py": "def f(n): return 'here'",
        }
    )
    monkeypatch.setattr(sys, "path", [*sys.path, str(root / "site-packages")])
    monkeypatch.chdir(root / "here")

    assert answers(Target.of(found("mysvc:f"), [1])) == ["here"]
    assert found("mysvc:f").binding.folders[0].before_installed


def test_what_is_installed_needs_no_folder(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_tree({"site-packages/mysvc.py": "def f(n): return n", "here/a.txt": ""})
    monkeypatch.setattr(sys, "path", [*sys.path, str(root / "site-packages")])
    monkeypatch.chdir(root / "here")

    assert found("mysvc:f").binding.folders == ()


def test_a_folder_without_init_is_a_package_too(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    monkeypatch.chdir(make_tree({"mysvc/part.py": "def f(n): return n + 1"}))

    assert answers(Target.of(found("mysvc.part:f"), [1])) == [2]


def test_functions_of_python_itself_are_found() -> None:
    assert found("math:factorial").value(5) == 120


def test_a_file_never_hides_pythons_own_module(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_tree({"statistics.py": "def mean(n): return n"}))

    with pytest.raises(TargetError, match=r"statistics\.py has the name of one of Python's own"):
        found("statistics:mean")


def test_a_file_named_as_a_package_of_raceways_own_is_refused(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_tree({"msgspec.py": "def f(n): return n"}))

    with pytest.raises(TargetError, match=r"raceway itself uses .* named msgspec; rename"):
        found("msgspec:f")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("nope:f", "nope:f: no module nope here, in src, or installed; give package.module:func"),
        ("mysvc.cor:f", r"mysvc has no module cor; did you mean mysvc\.core\?"),
        ("mysvc.core.x:f", "mysvc.core is a module, not a package: it holds no x"),
        ("mysvc.core:pars", r"mysvc.core has no pars; did you mean parse\?"),
        ("mysvc.core:Parser.pars", r"mysvc.core.Parser has no pars; did you mean parse\?"),
        ("mysvc.core:Needy.parse", r"Needy\(\) fails \(TypeError: .*needed'\); keep an instance"),
        ("mysvc.core:", "not the name of a function; give package.module:function"),
        ("mysvc.core:a b", "not the name of a function; give package.module:function"),
        (".core:parse", "not the name of a function; give package.module:function"),
        ("mysvc/core.py:parse", r"mysvc/core\.py:parse: named by its file; type mysvc\.core:parse"),
        ("./src/acme/__init__.py:f", "named by its file; type acme:f"),
        ("/elsewhere/tools.py:f", "named by its file; type tools:f"),
        ("bad:f", r"bad cannot be imported \(ZeroDivisionError: division by zero\); fix it"),
        ("lacks:f", r"lacks cannot be imported \(ModuleNotFoundError: No module named 'nope_x'\)"),
        ("leaves:f", r"leaves cannot be imported \(SystemExit: 3\)"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(here: Path, reference: str, said: str) -> None:
    (here / "bad.py").write_text("1 / 0", encoding="utf-8")
    (here / "lacks.py").write_text("import nope_x", encoding="utf-8")
    (here / "leaves.py").write_text("raise SystemExit(3)", encoding="utf-8")

    with pytest.raises(TargetError, match=said) as caught:
        found(reference)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("here")
def test_what_cannot_be_called_is_told_by_its_name() -> None:
    with pytest.raises(TargetError, match=r"^mysvc.core:LIMIT: of type int, which cannot be"):
        Target.of(found("mysvc.core:LIMIT"), [1])


def test_the_file_under_test_is_the_one_that_defines_the_function(here: Path) -> None:
    (here / "mysvc" / "__init__.py").write_text("from .core import parse", encoding="utf-8")

    assert found("mysvc:parse").binding.origin == str(here / "mysvc" / "core.py")
