"""The lines of Python that end the advice on a user's own function."""

from __future__ import annotations

import html
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.results import results_of
from raceway.case import Family, Kind
from raceway.notebook.raced import Raced
from raceway.plan.catalogue import known_models
from raceway.record import Called
from raceway.report.page.page import page_html
from raceway.report.run.markdown import report_markdown
from raceway.report.run.recipe import recipe_for, recipe_of
from support.called import FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run
    from support.files import MakeTree

    Answered = Callable[[list[str], str, str], str]

MODELS = known_models()
PAIR = Called(function="mysvc.core:fetch", coroutine="mysvc.core:afetch")
ROUND = """

if __name__ == "__main__":
    print({name}({items}))
"""


@pytest.fixture
def answered(make_tree: MakeTree) -> Answered:
    """Return a function that runs lines as a user's script, calls them, and returns the output."""

    def run(lines: list[str], name: str, items: str) -> str:
        text = "\n".join(lines) + ROUND.format(name=name, items=items)
        root = make_tree({**FILES, "script.py": text})
        done = subprocess.run(
            [sys.executable, "-Wignore", "script.py"],
            cwd=root, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


RACING_FUNCTIONS = [
    pytest.param(name, marks=[pytest.mark.slow] if model.family is Family.ENGINES else [])
    for name, model in MODELS.items()
    if model.kinds != {Kind.TENSOR} and not model.option
]


@pytest.mark.parametrize("name", RACING_FUNCTIONS)
def test_the_recipe_of_every_model_gives_the_answers(name: str, answered: Answered) -> None:
    model = MODELS[name]
    if not model.recipe:
        assert "trio_task" in model.needs  # a user's coroutine function is asyncio's
        pytest.skip("nothing that a function of one's own could be given to")
    if sys.version_info[:2] < model.python:
        pytest.skip(f"needs Python {model.python[0]}.{model.python[1]}")
    for package in model.requires:
        pytest.importorskip(package)
    lines = recipe_for(MODELS, name, 2, PAIR)
    called = "afetch_all" if "afetch" in "".join(lines) else "fetch_all"

    assert answered(lines, called, "[0.002, 0.001]") == "[0.002, 0.001]"


@pytest.mark.parametrize("model", ["serial", "threads", "pool", "processes-spawn"])
@pytest.mark.parametrize(
    ("called", "name", "answer"),
    [
        ({"function": "mysvc.core:parse", "kwargs": "{'strict': True}"}, "parse", "[111, 112]"),
        ({"function": "mysvc.core:two", "arguments": "(5,)"}, "two", "[6, 7]"),
        ({"function": "mysvc.core:Parser.made"}, "made", "[3, 4]"),
        ({"function": "mysvc.core:parser.parse", "direct": False}, "parse", "[2, 3]"),
        (
            {"function": "mysvc.core:Parser.parse", "direct": False, "instance": True},
            "parse",
            "[2, 3]",
        ),
        (
            {"function": "mysvc.core:prepared", "setup": "mysvc.core:prepare"},
            "prepared",
            "[1, 1]",
        ),
    ],
)
def test_methods_arguments_and_setup_are_called_as_raced(
    model: str, called: dict[str, Any], name: str, answer: str, answered: Answered
) -> None:
    lines = recipe_for(MODELS, model, 2, Called(**called))

    assert answered(lines, f"{name}_all", "[1, 2]") == answer


def test_a_coroutine_function_with_keyword_arguments_is_awaited(answered: Answered) -> None:
    called = Called(coroutine="mysvc.core:aparse", kwargs="{'strict': True}")

    assert answered(recipe_for(MODELS, "asyncio", 1, called), "aparse_all", "[1]") == "[111]"


def test_a_function_of_a_notebook_is_not_imported() -> None:
    assert recipe_for(MODELS, "serial", 1, Called(function=":twice")) == [
        "def twice_all(items):", "    return [twice(item) for item in items]",
    ]  # fmt: skip


def test_the_workers_are_those_advised() -> None:
    lines = recipe_for(MODELS, "threads", 37, PAIR)

    assert "    with ThreadPoolExecutor(37) as executor:" in lines


@pytest.mark.parametrize(
    "called",
    [
        {"function": "os:system('rm')"},
        {"function": "a b:c"},
        {"function": "mysvc.core:parse", "kwargs": "__import__('os')"},
        {"function": "mysvc.core:parse", "kwargs": "{'a; import os': 1}"},
        {"function": "mysvc.core:parse", "arguments": "3"},
        {"function": "mysvc.core:parse", "setup": "os:x y"},
        {},
    ],
)
def test_what_a_strangers_file_holds_becomes_no_code(called: dict[str, Any]) -> None:
    assert recipe_for(MODELS, "threads", 2, Called(**called)) == []


def test_a_model_that_is_not_known_has_no_recipe() -> None:
    assert recipe_for(MODELS, "gone", 2, PAIR) == []


def of_own(run: Run, workload: str) -> Run:
    header = msgspec.structs.replace(run.header, called={workload: PAIR})
    return msgspec.structs.replace(run, header=header)


def test_the_advice_on_a_function_of_ones_own_ends_with_the_lines(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    run = field_run()
    advice = next(each for each in advice_of(results_of(run)) if each.pick)
    told = screen(of_own(run, advice.workload))

    assert "\nIn Python\n" in told
    assert "fetch_all(items):\n" in told
    assert told.index("Advice") < told.index("In Python")
    assert "```python\n" in report_markdown(of_own(run, advice.workload))


def test_pages_and_notebooks_show_the_lines_too(field_run: Callable[..., Run]) -> None:
    run, path = field_run(), Path("results/m/run.json")
    advice = next(each for each in advice_of(results_of(run)) if each.pick)
    own = of_own(run, advice.workload)
    page, raced = page_html(own, path), Raced(own, path)

    assert raced.recipe
    assert "\n".join(["In Python", *raced.recipe, "", f"saved: {path}"]) in repr(raced)
    shown = html.escape("\n".join(raced.recipe)).replace("&quot;", "&#34;")
    assert f">{shown}</pre>" in page
    assert f">{shown}</pre>" in raced._repr_html_()
    assert '<pre class="recipe"' not in page_html(run, path)
    assert "<pre" not in Raced(run, path)._repr_html_()


def test_other_runs_have_no_lines(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    run = field_run()

    assert recipe_of(run, advice_of(results_of(run))) == []
    assert "In Python" not in screen(run)
    assert "```" not in report_markdown(run)


def test_a_run_of_ones_own_functions_alone_says_nothing_of_common_claims(
    field_run: Callable[..., Run], screen: Callable[..., str]
) -> None:
    run = field_run()
    every = dict.fromkeys((record.workload for record in run.records), PAIR)
    own = msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, called=every))

    assert "\nCommon claims\n" in screen(of_own(run, "primes"), claims=True)
    assert "\nCommon claims\n" not in screen(own, claims=True)
    assert "not about a function of one's own" in screen(own, claims=True)
    assert "**holds**" not in report_markdown(own, claims=True)
