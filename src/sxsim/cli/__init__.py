"""The command line: thin commands over the public verbs."""

from sxsim.cli.main import main as main
