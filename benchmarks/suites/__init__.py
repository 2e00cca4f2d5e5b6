"""Suites for airspeed velocity: how long and how much memory, from release to release."""
