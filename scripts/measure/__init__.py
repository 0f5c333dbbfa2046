"""The parts of scripts/bench.py: what is measured, how it is driven, and what is made of the figures."""

import sys
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parent.parent.parent)
if _ROOT not in sys.path:  # a fresh clone is not installed
    sys.path.insert(0, _ROOT)
