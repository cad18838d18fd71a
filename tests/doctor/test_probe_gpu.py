from __future__ import annotations

import pytest

from raceway.doctor import probe_gpu as nvidia
from raceway.doctor.facts import Gpu
from raceway.doctor.probe_gpu import FIELDS, SLOWDOWN_FIELDS, parse_gpus, probe_gpus

UUID = "GPU-5c8a3b1e-0000-0000-0000-000000000000"
IDLE = (
    f"0, NVIDIA H100 80GB HBM3, {UUID}, 345, 1980, 34, 70.41, 700.00, 0, 4, Enabled, "
    "0x0000000000000001"
)
BUSY = (
    f"0, Tesla T4, {UUID}, 1200, 1590, 84, 69.90, 70.00, 100, 14000, Disabled, 0x0000000000000024"
)
SILENT = (
    f"1, GeForce GT 710, {UUID}, [N/A], [Not Supported], 40, [N/A], [Unknown Error], [N/A], "
    "nan, [N/A], [Not Supported]"
)


def test_an_idle_gpu_is_read() -> None:
    assert parse_gpus(IDLE) == (
        Gpu(
            index="0",
            name="NVIDIA H100 80GB HBM3",
            sm_mhz=345,
            most_sm_mhz=1980,
            temperature_c=34,
            power_w=70.41,
            power_limit_w=700,
            busy_share=0,
            used_bytes=4 * 2**20,
            persistent=True,
            slowdowns=1,
        ),
    )


def test_a_busy_gpu_is_read() -> None:
    (gpu,) = parse_gpus(BUSY, f"{UUID}, 4711\n{UUID}, 4712\nGPU-another, 1\n")

    assert (gpu.busy_share, gpu.persistent, gpu.slowdowns, gpu.processes) == (1.0, False, 0x24, 2)


def test_what_a_gpu_does_not_tell_is_not_known() -> None:
    assert parse_gpus(SILENT) == (Gpu("1", "GeForce GT 710", temperature_c=40),)


def test_each_line_is_a_gpu() -> None:
    assert [gpu.index for gpu in parse_gpus(f"{IDLE}\n{SILENT}\n")] == ["0", "1"]


@pytest.mark.parametrize(
    "table",
    ["", "No devices were found", 'Field "clocks_event_reasons.active" is not a valid field', ",,"],
)
def test_what_is_no_table_holds_no_gpu(table: str) -> None:
    assert parse_gpus(table, table) == ()


@pytest.mark.parametrize("known", SLOWDOWN_FIELDS)
def test_the_tool_is_asked_by_the_name_it_knows(
    monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    def answer(_tool: str, query: str, _format: str) -> str:
        if query.startswith("--query-compute-apps"):
            return f"{UUID}, 1"
        return IDLE if query.endswith(known) else f"Field is not a valid field: {len(FIELDS)}"

    monkeypatch.setattr(nvidia, "output_of", answer)
    (gpu,) = probe_gpus()

    assert (gpu.name, gpu.processes) == ("NVIDIA H100 80GB HBM3", 1)


def test_without_the_tool_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert probe_gpus() == ()
