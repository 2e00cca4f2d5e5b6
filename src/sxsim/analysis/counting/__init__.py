"""Probabilities by counting simulated paths, helped by events whose probability is known."""

from sxsim.analysis.counting.hits import Hits as Hits
