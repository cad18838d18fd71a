"""What each event loop charges for its basic moves."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_factories=["asyncio", "uvloop"])

FAN_OUT = 100
MESSAGE = b"x" * 64


async def nothing():
    return None


async def test_create_task(async_benchmark):
    async def create_and_await():
        return await asyncio.create_task(nothing())

    assert await async_benchmark(create_and_await) is None


async def test_gather(async_benchmark):
    async def gather_many():
        return await asyncio.gather(*(nothing() for _ in range(FAN_OUT)))

    assert await async_benchmark(gather_many) == [None] * FAN_OUT


async def test_sleep_zero(async_benchmark):
    assert await async_benchmark(asyncio.sleep, 0, "awake") == "awake"


async def test_queue_hand_over(async_benchmark):
    there, back = asyncio.Queue(), asyncio.Queue()

    async def echo():
        while True:
            await back.put(await there.get())

    async def round_trip():
        await there.put(MESSAGE)
        return await back.get()

    echoing = asyncio.create_task(echo())
    assert await async_benchmark(round_trip) == MESSAGE
    echoing.cancel()


async def test_socket_echo(async_benchmark):
    async def echo(reader, writer):
        while message := await reader.read(len(MESSAGE)):
            writer.write(message)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

    async def round_trip():
        writer.write(MESSAGE)
        return await reader.readexactly(len(MESSAGE))

    assert await async_benchmark(round_trip) == MESSAGE
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
