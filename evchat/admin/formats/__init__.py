"""Readers of what other programs, and evchat itself, have written down of conversations."""
