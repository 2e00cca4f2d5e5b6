"""What the figures were measured on, in words."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "numba", "torch", "jax", "statsmodels", "QuantLib")
SETS = (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("asimd", "NEON"))


def machine() -> str:
    """Instruction set, number of cores and versions."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    known = [name for flag, name in SETS if f" {flag} " in text.replace("\n", " ")]
    kind = " ".join([platform.machine() or "unknown processor", *known[:1]])
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{kind}, {os.cpu_count()} cores, {system}, {versions()}"


def versions() -> str:
    """Versions of the libraries that take part, where installed."""
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name).split('+')[0]}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
