"""What is called, and with what: the subject of a race on a function of one's own."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from raceway.errors import TargetError
from raceway.plan.catalogue import MOST_TASKS
from raceway.plan.target.binding import Found, binding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from raceway.plan.target.binding import Binding

    Bind = Callable[[Any, str], Binding]
    """From an object, and what it is for, to how it gets into other processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A function, called once for each item: `function(*arguments, item, **kwargs)`.

    From Python::

        target = Target.of(parse, items, kwargs={"strict": True})
        with own_function(target, options) as own:     # raceway.session.own_function
            lineup = Lineup.assemble(own.options)      # then a Session, as for any workload file

    `function` is None for a coroutine function without a plain counterpart, which is then
    `coroutine`; with both, they race side by side.
    """

    name: str
    """The name of the workload, and of its file: an identifier."""
    items: Sequence[Any]
    function: Binding | None = None
    coroutine: Binding | None = None
    arguments: tuple[Any, ...] = ()
    """Arguments before the item, as those of a `functools.partial`."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    repeat: int = 1
    """How often all items are gone through in a pass."""
    setup: Binding | None = None
    """Called once in each process, before its first task."""
    agrees: Binding | None = None
    """Whether an answer is as good as the expected one."""

    @property
    def called(self) -> str:
        """What is called, for people."""
        return (self.function or self.subject).called

    @property
    def subject(self) -> Binding:
        """What is called: the plain function, else the coroutine function."""
        bound = self.function or self.coroutine
        if bound is None:
            raise TargetError("nothing to race: name a function")
        return bound

    @property
    def tasks(self) -> int:
        """The tasks of a pass."""
        return len(self.items) * self.repeat

    @classmethod
    def of(  # noqa: PLR0913 (what a user may say of a call)
        cls,
        function: Callable[..., Any] | Found,
        items: Iterable[Any],
        *,
        kwargs: Mapping[str, Any] | None = None,
        repeat: int = 1,
        setup: Callable[[], object] | Found | None = None,
        agrees: Callable[[Any, Any], bool] | Found | None = None,
        async_function: Callable[..., Any] | Found | None = None,
        bind: Bind = binding_of,
    ) -> Target:
        """Return the target of a function that exists in this process.

        `bind` finds how an object gets into other processes, given what it is for; a `Found` is
        bound already. A `functools.partial` is taken apart unless it is. TargetError, with the
        remedy, if something cannot be raced.
        """
        check_types(items, kwargs, repeat)
        function, arguments, named = taken_apart(function, kwargs or {})
        given = list(items)
        check_items(given, repeat)
        check_call(function, given[0], arguments, named)
        if async_function is not None:
            check_pair(function, async_function)
        bound = bound_by(bind, function, "the function")
        awaited = is_coroutine(value_of(function))
        return cls(
            name=name_of(value_of(function)),
            items=given,
            function=None if awaited else bound,
            coroutine=bound if awaited else bound_by(bind, async_function, "async"),
            arguments=arguments,
            kwargs=named,
            repeat=repeat,
            setup=bound_by(bind, setup, "setup"),
            agrees=bound_by(bind, agrees, "agrees"),
        )


def taken_apart(
    function: Callable[..., Any] | Found, kwargs: Mapping[str, Any]
) -> tuple[Callable[..., Any] | Found, tuple[Any, ...], dict[str, Any]]:
    """Return what a partial calls, its arguments before the item, and all keyword arguments."""
    arguments: tuple[Any, ...] = ()
    named = dict(kwargs)
    while isinstance(function, partial):
        arguments, named = (*function.args, *arguments), {**function.keywords, **named}
        function = function.func
    return function, arguments, named


@overload
def bound_by(bind: Bind, value: Callable[..., Any] | Found, what: str) -> Binding: ...
@overload
def bound_by(bind: Bind, value: Callable[..., Any] | Found | None, what: str) -> Binding | None: ...
def bound_by(bind: Bind, value: Any, what: str) -> Binding | None:
    """Return the binding of an object, unless there is no object."""
    if value is None:
        return None
    return value.binding if isinstance(value, Found) else bind(value, what)


def value_of(function: Callable[..., Any] | Found) -> Any:
    """Return the object itself."""
    return function.value if isinstance(function, Found) else function


def is_coroutine(function: Any) -> bool:
    """Whether calling an object gives something to await."""
    call = None if inspect.isroutine(function) else getattr(type(function), "__call__", None)  # noqa: B004 (an async one is meant)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)


def check_types(items: Any, kwargs: Any, repeat: Any) -> None:
    """Raise TargetError for what cannot be items, keyword arguments or a number of passes."""
    if not hasattr(items, "__iter__") and not hasattr(items, "__getitem__"):
        raise TargetError(f"items: of type {type(items).__name__}; give a list, one item a call")
    if kwargs is not None and not isinstance(kwargs, Mapping):
        raise TargetError(f"kwargs: of type {type(kwargs).__name__}; give a dict")
    if not isinstance(repeat, int):
        raise TargetError(f"repeat {repeat!r}: give a whole number above 0")


def check_items(items: Sequence[Any], repeat: int) -> None:
    """Raise TargetError if there is no item, no pass over them, or too many tasks."""
    if not items:
        raise TargetError("items: none; give at least one to call the function with")
    if len(items) > MOST_TASKS:
        raise TargetError(f"items: {len(items):,}; give {MOST_TASKS:,} at most")
    if not 1 <= repeat <= MOST_TASKS // len(items):
        most = MOST_TASKS // len(items)
        raise TargetError(f"repeat {repeat}: give a whole number above 0, {most:,} at most")


def check_call(given: Any, item: Any, arguments: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise TargetError if a function cannot be called so, or if calling it does nothing yet."""
    called, function = described(given), value_of(given)
    if not callable(function):
        raise TargetError(f"{called}: of type {type(function).__name__}, which cannot be called")
    asynchronous = inspect.isasyncgenfunction(function)
    if asynchronous or inspect.isgeneratorfunction(function):
        call = f"{name_of(function)}(…)"
        whole = f"[each async for each in {call}]" if asynchronous else f"list({call})"
        kind = "coroutine function" if asynchronous else "function"
        raise TargetError(
            f"{called}: a generator function, which does nothing until it is gone through; race a"
            f" {kind} that returns {whole}"
        )
    try:
        inspect.signature(function).bind(*arguments, item, **kwargs)
    except TypeError as error:
        raise TargetError(
            f"{called} cannot be called with an item"
            + (f" and {', '.join(kwargs)}" if kwargs else "")
            + f" ({error}); each item is one argument, further ones are keyword arguments"
        ) from None
    except ValueError:  # a builtin that does not tell its parameters
        return


def check_pair(function: Any, coroutine: Any) -> None:
    """Raise TargetError unless a plain function comes with a coroutine function."""
    if not is_coroutine(value_of(coroutine)):
        raise TargetError(f"async {described(coroutine)}: not defined with async def; give one")
    if is_coroutine(value_of(function)):
        raise TargetError(
            f"{described(function)} is a coroutine function itself; leave async out, or give"
            " the plain function first"
        )


def described(value: Any) -> str:
    """Return `module:name` of an object, as far as it has these, or the name it was found by."""
    if isinstance(value, Found):
        return value.binding.called
    name = getattr(value, "__qualname__", None) or repr(value)
    module = getattr(value, "__module__", None)
    return f"{module}:{name}" if module and hasattr(value, "__qualname__") else name


def name_of(function: Any) -> str:
    """Return a workload's name for a function: its own, made an identifier."""
    name = str(getattr(function, "__name__", type(function).__name__)).strip("<>")
    return name if name.isidentifier() else "task"
