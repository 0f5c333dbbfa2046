"""The parts of scripts/dearest.py."""
