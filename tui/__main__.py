"""`python -m tui`: the terminal client."""

from tui.cli import main

raise SystemExit(main())
