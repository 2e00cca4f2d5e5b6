"""``sxsim audit``: does the plan's own arithmetic close?"""

from __future__ import annotations

import argparse

from sxsim.cli.options import add_language, add_plan
from sxsim.datasets import load_plan
from sxsim.plan import Severity, audit
from sxsim.reporting import Language, render_audit

SUMMARY = "Check the plan's own arithmetic; exit status 1 means that a finding is an error."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_plan(parser)
    add_language(parser)


def command(options: argparse.Namespace) -> int:
    """Print the findings, the gravest first."""
    findings = audit(load_plan(options.plan))
    print(render_audit(findings, lang=Language(options.lang)))
    return int(any(finding.severity is Severity.ERROR for finding in findings))
