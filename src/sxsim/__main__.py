"""``python -m sxsim``: the command line."""

from sxsim.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
