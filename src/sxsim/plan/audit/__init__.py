"""Does a plan's own arithmetic close? Findings of the audit, one small file per family of questions."""

from __future__ import annotations

from sxsim.plan.audit.finding import Finding as Finding
from sxsim.plan.audit.finding import FindingCode as FindingCode
from sxsim.plan.audit.finding import Severity as Severity
from sxsim.plan.audit.run import audit as audit
