"""Rewrite the checksums of the bundled data: python scripts/checksums.py."""

from __future__ import annotations

import hashlib
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[1] / "src" / "sxsim" / "datasets" / "content"
LEDGER = CONTENT / "checksums.toml"


def main() -> None:
    """Write one sha256 line for every CSV and TOML file of the bundled content."""
    files = sorted(path for path in CONTENT.rglob("*") if path.suffix in {".csv", ".toml"} and path != LEDGER)
    lines = [
        f'"{path.relative_to(CONTENT).as_posix()}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"'
        for path in files
    ]
    header = "# Written by scripts/checksums.py. Paths are relative to this file.\n\n[sha256]\n"
    LEDGER.write_text(header + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
