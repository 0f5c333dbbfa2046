"""`python -m evchat`: the server."""

from evchat.cli import main

raise SystemExit(main())
