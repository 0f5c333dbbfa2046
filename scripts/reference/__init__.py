"""The data behind the tables of PROTOCOL.md and docs/protocol/ that the program itself has no use for."""
