"""The data behind the tables of PROTOCOL.md that the program itself has no use for."""
