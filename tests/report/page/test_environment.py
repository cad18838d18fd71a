"""What was measured where, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.record import Environment
from raceway.report.page.environment import environment_facts

if TYPE_CHECKING:
    from raceway.record import Run
    from support.synthetic import MakeRun


def with_libraries(run: Run, **libraries: str) -> Run:
    (environment,) = run.header.environments
    environments = [replace(environment, libraries=libraries)]
    return replace(run, header=replace(run.header, environments=environments))


def told(run: Run, *beside: Run) -> dict[str, tuple[str, tuple[tuple[str, bool], ...]]]:
    return {fact.what: (fact.value, fact.beside) for fact in environment_facts(run, beside)}


def test_what_differs_is_marked_and_what_does_not_is_not(run: MakeRun) -> None:
    newer, older = run(version="3.14.0"), run(version="3.13.1")
    facts = told(newer, older)

    assert facts["Python"] == ("3.14.0", (("3.13.1", True),))
    assert facts["cpu"] == ("Xeon", (("Xeon", False),))
    assert [fact.what for fact in environment_facts(newer, [older]) if fact.differs] == ["Python"]


def test_what_only_one_of_them_has_differs(run: MakeRun) -> None:
    mine, other = with_libraries(run(), numpy="2.0"), with_libraries(run(), torch="2.4")
    facts = told(mine, other)

    assert facts["numpy"] == ("2.0", (("", True),))
    assert facts["torch"] == ("", (("2.4", True),))


def test_what_nobody_knows_has_no_line(run: MakeRun) -> None:
    assert "governor" not in told(run())


def test_further_interpreters_have_a_line_each(run: MakeRun) -> None:
    one = run()
    more = Environment(label="new", command="", version="3.15.0", implementation="CPython")
    header = replace(one.header, environments=[*one.header.environments, more])

    facts = told(replace(one, header=header), one)

    assert facts["Python new"] == ("CPython 3.15.0, GIL on", (("", True),))


def test_a_run_that_knows_no_interpreter_has_a_machine(run: MakeRun) -> None:
    bare = replace(run(), header=replace(run().header, environments=[]))

    assert "Python" not in told(bare)
    assert told(bare)["cpu"] == ("Xeon", ())
