"""Runs `evchat-admin`."""

import sys

from evchat.admin.cli import main

sys.exit(main())
