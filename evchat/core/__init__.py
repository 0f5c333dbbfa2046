"""What it means: the state of the chat in plain dicts, its rules, and one handler per request."""
