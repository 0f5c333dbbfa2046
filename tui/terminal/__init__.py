"""The terminal: its console on each system, keys in, the painted frame out."""
