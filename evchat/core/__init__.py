"""The chat itself: its state in plain dicts, its rules, and one handler per request."""
