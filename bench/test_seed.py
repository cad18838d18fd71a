"""The four programs of the tutorial this suite grew from, as a reader would type them.

Starting the pool is part of the first program's time, as it is for its reader.
"""

import asyncio
import threading
import time
from math import factorial
from multiprocessing import Pool

import pytest

pytestmark = pytest.mark.raceway

SLOW_ROUNDS = {"smoke": 1, "default": 1, "full": 5}


@pytest.fixture
def slow_rounds(profile):
    return SLOW_ROUNDS[profile]


@pytest.mark.raceway(seconds=1)
def test_processes(benchmark):
    def map_factorials():
        with Pool(2) as pool:
            return pool.map(factorial, [3, 5, 10])

    assert benchmark.pedantic(map_factorials, rounds=5) == [6, 120, 3_628_800]


@pytest.mark.raceway(seconds={"smoke": 3, "default": 3, "full": 15})
def test_threads(benchmark, slow_rounds):
    woken = []

    def sleep(seconds):
        time.sleep(seconds)
        woken.append(seconds)

    def three_threads():
        woken.clear()
        threads = [threading.Thread(target=sleep, args=(seconds,)) for seconds in (2, 1, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    benchmark.pedantic(three_threads, rounds=slow_rounds)
    assert woken == [1, 2, 3]


@pytest.mark.raceway(seconds={"smoke": 1, "default": 1, "full": 5})
def test_asyncio(benchmark, slow_rounds):
    async def sleep(number):
        await asyncio.sleep(1)
        return number

    async def gather():
        return await asyncio.gather(*map(sleep, range(5)))

    assert benchmark.pedantic(lambda: asyncio.run(gather()), rounds=slow_rounds) == [0, 1, 2, 3, 4]


@pytest.mark.raceway(seconds={"smoke": 0, "default": 14, "full": 60})
def test_gpu(benchmark, device, slow_rounds, profile):
    torch = pytest.importorskip(
        "torch", reason="torch is not installed: pip install 'raceway[torch]'"
    )
    if device == "cpu" and profile == "smoke":
        pytest.skip("takes about 10 s on a CPU: --profile default runs it")
    left, right = torch.rand(2, 10_000, 10_000, device=device)

    def matmul():
        product = torch.matmul(left, right)
        torch.accelerator.synchronize() if device != "cpu" else None
        return product

    product = benchmark.pedantic(matmul, rounds=slow_rounds)
    assert torch.allclose(product[:5], left[:5] @ right, rtol=1e-3)
