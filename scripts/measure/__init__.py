"""The parts of scripts/bench.py: what is measured, how it is driven, and what is made of the figures."""
