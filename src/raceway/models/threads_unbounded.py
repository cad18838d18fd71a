"""A new thread for every task, as tutorials do it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model, Scope, Workers
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def thread_a_task(job: Job) -> Iterator[Runner]:
    """Start a thread for each task, join them all, and raise what one of them raised."""

    def run() -> list[Any]:
        answers: list[Any] = [None] * len(job.arguments)
        raised: list[BaseException] = []

        def answer(number: int, argument: Any) -> None:
            try:
                answers[number] = job.task(argument)
            except BaseException as error:  # noqa: BLE001 (raised again where it is seen)
                raised.append(error)

        threads = [threading.Thread(target=answer, args=task) for task in enumerate(job.arguments)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if raised:
            raise raised[0]
        return answers

    yield timed(run)


MODEL = Model(
    summary="a new thread for every task, as tutorials do it",
    open=thread_a_task,
    family=Family.THREADS,
    workers=Workers.ALL,
    scope=Scope.FULL,
    new_workers=True,
    colour="#12b22a",
    shape="M0,-1.00L0.95,-0.31L0.59,0.81L-0.59,0.81L-0.95,-0.31Z",
    recipe="""
import threading

def {name}(items):
    answers = [None] * len(items)

    def answer(number):
        answers[number] = {function}(items[number])

    threads = [threading.Thread(target=answer, args=(n,)) for n in range(len(items))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
""",
)
