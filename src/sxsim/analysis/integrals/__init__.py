"""Probabilities by integration: smooth in few coordinates, or over quasi-random points."""
