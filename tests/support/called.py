"""A user's package with functions of many kinds, as races on one's own function meet them."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import BROUGHT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

CORE = '''
import asyncio
import os
import time
from functools import partial

from .deep import OFFSET

LIMIT = 3
READY = []


def parse(number, strict=False):
    return number + OFFSET + 100 * strict


def spin(loops):
    return sum(range(loops))


def fetch(seconds):
    time.sleep(seconds)
    return seconds


async def afetch(seconds):
    await asyncio.sleep(seconds)
    return seconds


async def aparse(number, strict=False):
    return parse(number, strict)


def broken(number):
    raise ValueError(f"{number} is no good")


async def rows(number):
    yield number


def lines(number):
    yield number


def two(a, b):
    return a + b


def prepare():
    READY.append(os.getpid())


def prepared(number):
    return READY.count(os.getpid())


def near(answer, expected):
    return abs(answer - expected) < 1


class Parser:
    """Made without arguments."""

    def parse(self, number):
        return number + 1

    @classmethod
    def made(cls, number):
        return number + 2

    @staticmethod
    def fixed(number):
        return number + 3


class Needy:
    def __init__(self, needed):
        self.needed = needed

    def parse(self, number):
        return self.needed


class Awaitable:
    async def __call__(self, number):
        return number


strictly = partial(parse, strict=True)
nameless = partial(lambda number: number + 7)
parser = Parser()
awaitable = Awaitable()
'''
FILES = {"mysvc/__init__.py": "", "mysvc/deep.py": "OFFSET = 10\n", "mysvc/core.py": CORE}
"""A package by paths; its core imports a neighbour."""


@contextmanager
def imported_core() -> Iterator[ModuleType]:
    """Import the package's core, which must be on the path; in the end all is forgotten again."""
    with forgotten():
        yield importlib.import_module("mysvc.core")


@contextmanager
def forgotten() -> Iterator[None]:
    """Forget the user's package and the workloads made of it, and close their event loops."""
    known = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - known:
            if name.startswith(("mysvc", BROUGHT)):
                module = sys.modules.pop(name)
                if loop := getattr(module, "LOOP", None):
                    loop.close()
