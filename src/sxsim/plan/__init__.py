"""Nouns of a plan, and the audit of its own arithmetic."""

from __future__ import annotations

from sxsim.plan.audit import Finding as Finding
from sxsim.plan.audit import FindingCode as FindingCode
from sxsim.plan.audit import Severity as Severity
from sxsim.plan.audit import audit as audit
from sxsim.plan.identity import StockFlow as StockFlow
from sxsim.plan.indicator import Bridge as Bridge
from sxsim.plan.indicator import Indicator as Indicator
from sxsim.plan.indicator import Kind as Kind
from sxsim.plan.indicator import Observation as Observation
from sxsim.plan.indicator import Role as Role
from sxsim.plan.indicator import bounds as bounds
from sxsim.plan.measure import Aim as Aim
from sxsim.plan.measure import Lever as Lever
from sxsim.plan.measure import Mechanism as Mechanism
from sxsim.plan.plan import Plan as Plan
from sxsim.plan.reading import Break as Break
from sxsim.plan.reading import Noise as Noise
from sxsim.plan.reading import Partial as Partial
from sxsim.plan.reading import Reading as Reading
from sxsim.plan.reading import Release as Release
from sxsim.plan.reading_attributes import READING_KEYS as READING_KEYS
from sxsim.plan.reading_attributes import READING_SIZES as READING_SIZES
from sxsim.plan.reading_attributes import READING_TEXTS as READING_TEXTS
from sxsim.plan.reading_attributes import READING_YEARS as READING_YEARS
from sxsim.plan.reading_attributes import Attribute as Attribute
from sxsim.plan.reading_attributes import reading_of as reading_of
from sxsim.plan.reading_attributes import reading_to_attributes as reading_to_attributes
from sxsim.plan.scenario import TREND as TREND
from sxsim.plan.scenario import Change as Change
from sxsim.plan.scenario import PlannedGrowth as PlannedGrowth
from sxsim.plan.scenario import Scenario as Scenario
from sxsim.plan.target import Base as Base
from sxsim.plan.target import Benchmark as Benchmark
from sxsim.plan.target import Condition as Condition
from sxsim.plan.target import Group as Group
from sxsim.plan.target import Level as Level
from sxsim.plan.target import Number as Number
from sxsim.plan.target import Relation as Relation
from sxsim.plan.target import Strength as Strength
from sxsim.plan.target import Target as Target
from sxsim.plan.unit import Clause as Clause
from sxsim.plan.unit import Place as Place
from sxsim.plan.unit import Sector as Sector
from sxsim.plan.unit import Unit as Unit
