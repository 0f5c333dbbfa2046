"""I/O: a selector loop, connections, listeners and a worker thread. They know bytes, and nothing of chat."""
