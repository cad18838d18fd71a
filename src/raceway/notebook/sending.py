"""Functions of a notebook's cell or of `__main__`, which no other process can import.

Such a function is sent as its source, together with what it uses: modules are imported, values are
written down, and further functions of `__main__` come along. What has no source, such as a lambda,
needs cloudpickle.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import textwrap
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from raceway.errors import TargetError
from raceway.plan.target.binding import (
    PROTOCOL,
    Binding,
    Folder,
    Pickled,
    Sourced,
    binding_of,
    folders_of,
    unsendable,
)
from raceway.plan.target.workload_text import expression

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = "__main__"


def binding_of_live(value: Any, what: str) -> Binding:
    """Return how an object of this very process gets into others; TargetError if it cannot."""
    if getattr(value, "__module__", None) != HERE:
        return binding_of(value, what)
    try:
        return sourced(value)
    except TargetError as error:
        if find_spec("cloudpickle") is None:
            raise TargetError(
                f"{what} {named(value)}: {error}; define it at the top of a module, or install"
                " cloudpickle (pip install 'raceway[notebook]')"
            ) from None
        return cloudpickled(value, what)


def named(value: Any) -> str:
    """Return the name of an object, for people."""
    return str(getattr(value, "__qualname__", None) or repr(value))


def sourced(value: Any) -> Sourced:
    """Return the source of an object and of all that it uses; TargetError if one has none."""
    if not isinstance(value, FunctionType | type) or value.__qualname__ != value.__name__:
        raise TargetError("has no source of its own")
    parcel = Sources()
    parcel.add_definition(value.__name__, value)
    return Sourced(
        f"{HERE}:{value.__qualname__}",
        "\n".join([*parcel.imports, *parcel.definitions.values()]),
        value.__name__,
        tuple(dict.fromkeys(parcel.folders)),
    )


@dataclass(slots=True)
class Sources:
    """Lines of source, in an order in which they run."""

    imports: list[str] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)
    """By the name defined; what another one uses as it is defined comes first."""
    folders: list[Folder] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)

    def add_definition(self, name: str, value: Any) -> None:
        """Add a function or class of `__main__`, after what it uses."""
        if name in self.under_way or name in self.definitions:
            return
        self.under_way.add(name)
        source = source_of(value)
        known = surroundings_of(value)
        for used in names_used(source):
            if used in known and used != name:
                self.add(used, known[used])
        self.definitions[name] = source

    def add(self, name: str, value: Any) -> None:
        """Add what a definition uses under a name."""
        module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
        if isinstance(value, ModuleType):
            self.imports.append(f"import {value.__name__} as {name}")
            self.folders.extend(folders_of(value.__name__))
        elif isinstance(value, FunctionType | type) and module == HERE:
            if value.__name__ != name:
                raise TargetError(f"uses {name}, which is {value.__name__} by another name")
            self.add_definition(name, value)
        elif isinstance(module, str) and path.isidentifier() and callable(value):
            self.imports.append(f"from {module} import {path} as {name}")
            self.folders.extend(folders_of(module))
        else:
            self.definitions[name] = written(name, value)


def written(name: str, value: Any) -> str:
    """Return the line that gives a name its value; TargetError if the value cannot be sent."""
    if getattr(type(value), "__module__", None) == HERE:
        raise TargetError(
            f"uses {name}, an object of the class {type(value).__name__} defined here"
        )
    return f"{name} = {expression(value, f'what it uses, {name},')}"


def source_of(value: Any) -> str:
    """Return the source of a function or class alone; TargetError if it is not known."""
    try:
        whole = source_of_class(value) if isinstance(value, type) else inspect.getsource(value)
        source = textwrap.dedent(whole)
        tree = ast.parse(source)
    except (OSError, TypeError, SyntaxError):
        raise TargetError("its source is not known") from None
    if len(tree.body) != 1 or getattr(tree.body[0], "name", None) != value.__name__:
        raise TargetError("its source is part of another statement")
    return source


def source_of_class(value: type) -> str:
    """Return the source of a class, found by its methods: `inspect` needs a module's file."""
    methods = (each for each in vars(value).values() if isinstance(each, FunctionType))
    for file in dict.fromkeys(method.__code__.co_filename for method in methods):
        lines = linecache.getlines(file)
        for node in ast.walk(ast.parse("".join(lines))):
            if isinstance(node, ast.ClassDef) and node.name == value.__name__:
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                return "".join(lines[first - 1 : node.end_lineno])
    raise OSError(value.__name__)


def surroundings_of(value: Any) -> Mapping[str, Any]:
    """Return the names that a function or class of `__main__` can see, with their values."""
    if not isinstance(value, FunctionType):
        methods = [each for each in vars(value).values() if isinstance(each, FunctionType)]
        return methods[0].__globals__ if methods else vars(sys.modules[HERE])
    cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
    return {**value.__globals__, **{name: cell.cell_contents for name, cell in cells}}


def names_used(source: str) -> list[str]:
    """Return all names that a piece of source reads, each once."""
    nodes = ast.walk(ast.parse(source))
    return list(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))


def cloudpickled(value: Any, what: str) -> Pickled:
    """Return an object pickled whole, with all that it uses; TargetError if it cannot be."""
    import cloudpickle  # noqa: PLC0415 (an extra)

    try:
        content = cloudpickle.dumps(value, PROTOCOL)
    except Exception as error:
        raise unsendable(what, named(value), error) from error
    return Pickled(f"{HERE}:{named(value)}", content)
