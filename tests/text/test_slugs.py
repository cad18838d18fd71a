"""Hardware names, shortened."""

from __future__ import annotations

import pytest

from raceway.text.slugs import cpu_slug

XEON = "Intel(R) Xeon(R) CPU E5-2670 v3 @ 2.30GHz"


@pytest.mark.parametrize(
    ("model", "slug"),
    [
        (XEON, "xeon-e5-2670-v3"),
        ("AMD EPYC 7763 64-Core Processor", "epyc-7763"),
        ("AMD Ryzen 7 PRO 4750U with Radeon Graphics", "ryzen-7-pro-4750u"),
        ("12th Gen Intel(R) Core(TM) i7-1260P", "12th-gen-core-i7-1260p"),
        ("Apple M2 Pro", "apple-m2-pro"),
        ("Intel(R) Processor", "intel"),
        ("not known", "cpu"),
        ("", "cpu"),
        ("x" * 99, "x" * 32),
    ],
)
def test_a_processor_is_named_by_its_telling_words(model: str, slug: str) -> None:
    assert cpu_slug(model) == slug
