"""The few lines of Python that do what is advised for a function of the user's own."""

from __future__ import annotations

from ast import literal_eval
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.advice import Choice
from raceway.case import SERIAL
from raceway.plan.catalogue import known_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.analysis.run.advice import Advice
    from raceway.case import Model
    from raceway.record import Called, Run


def recipe_of(run: Run, every: Sequence[Advice]) -> list[str]:
    """Return the lines for the advice on a run's own function; none if there is no such advice."""
    for advice in every:
        called = run.header.called.get(advice.workload)
        chosen = _chosen(advice)
        if called and chosen:
            return recipe_for(known_models(), *chosen, called)
    return []


def _chosen(advice: Advice) -> tuple[str, int] | None:
    """Return the advised model and its workers, if one is advised."""
    if advice.choice is Choice.SERIAL:
        return SERIAL, 1
    return (advice.pick.record.model, advice.pick.record.workers) if advice.pick else None


def recipe_for(models: Mapping[str, Model], model: str, workers: int, called: Called) -> list[str]:
    """Return the lines that call a function so; none if the model or the names are not known."""
    text = models[model].recipe if model in models else ""
    awaited = "{coroutine}" in text
    subject = _Name.of(called.coroutine if awaited else called.function)
    setup = _Name.of(called.setup) if called.setup else None
    if not text or subject is None or (called.setup and setup is None):
        return []
    call = _Call.of(subject, called, awaited=awaited)
    if call is None:
        return []
    parts = _Parts.of(text)
    if setup and "{initializer}" not in text:
        parts = parts.set_up_by(setup.path)
    filled = {
        "{name}": f"{subject.last}_all",
        "{workers}": str(workers),
        "{function}": call.name,
        "{coroutine}": call.name,
        "{initializer}": f", initializer={setup.path}" if setup else "",
    }
    imports = [*parts.imports, *subject.imports(), *(setup.imports() if setup else ())]
    above = [*dict.fromkeys(imports), ""] if imports else []
    return [_filled(line, filled) for line in (*above, *call.lines(), *parts.body)]


def _filled(line: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        line = line.replace(mark, value)
    return line


@dataclass(frozen=True, slots=True)
class _Name:
    """An object by its module, empty for what is defined at hand, and the names to it."""

    module: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Name | None:
        """Return the name in `module:name`; None if it is none, as a stranger's file may hold."""
        module, _, path = text.partition(":")
        names = tuple(path.split("."))
        words = (*(module.split(".") if module else ()), *names)
        return cls(module, names) if all(word.isidentifier() for word in words) else None

    @property
    def last(self) -> str:
        return self.names[-1]

    @property
    def path(self) -> str:
        return ".".join(self.names)

    def imports(self) -> list[str]:
        return [f"from {self.module} import {self.names[0]}"] if self.module else []


@dataclass(frozen=True, slots=True)
class _Call:
    """What a recipe calls: the function itself, or a small one around it."""

    subject: _Name
    called: Called
    arguments: str
    """The arguments, the item among them."""
    awaited: bool

    @classmethod
    def of(cls, subject: _Name, called: Called, *, awaited: bool) -> _Call | None:
        """Return the call; None if the values are no literals, as a stranger's file may hold."""
        try:
            before, after = tuple(literal_eval(called.arguments)), dict(literal_eval(called.kwargs))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        if not all(str(name).isidentifier() for name in after):
            return None
        named = (f"{name}={value!r}" for name, value in after.items())
        return cls(subject, called, ", ".join([*map(repr, before), "item", *named]), awaited)

    @property
    def is_direct(self) -> bool:
        return self.called.direct and self.arguments == "item"

    @property
    def name(self) -> str:
        """What the recipe calls with an item."""
        return self.subject.path if self.is_direct else f"{self.subject.last}_one"

    def lines(self) -> Iterator[str]:
        """Yield the definition of the small function, if one is needed."""
        if self.is_direct:
            return
        callee = self.subject.path
        if self.called.instance:
            *owner, method = self.subject.names
            yield from (f"instance = {'.'.join(owner)}()", "")
            callee = f"instance.{method}"
        wait = "await " if self.awaited else ""
        yield f"{'async ' if self.awaited else ''}def {self.name}(item):"
        yield f"    return {wait}{callee}({self.arguments})"
        yield ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A recipe's imports, and what follows them."""

    imports: list[str]
    body: list[str]

    @classmethod
    def of(cls, text: str) -> _Parts:
        lines = text.strip("\n").splitlines()
        imports = [line for line in lines if line.startswith(("import ", "from "))]
        body = lines[len(imports) :]
        return cls(imports, body[1:] if body and not body[0] else body)

    def set_up_by(self, setup: str) -> _Parts:
        """Call the setup at the beginning of the function."""
        place = next(n for n, line in enumerate(self.body) if line.startswith("def ")) + 1
        return _Parts(self.imports, [*self.body[:place], f"    {setup}()", *self.body[place:]])
