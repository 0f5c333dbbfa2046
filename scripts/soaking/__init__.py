"""A soak test: a small town of clients of every kind, and the book of what they said and heard."""
