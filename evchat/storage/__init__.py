"""Where it is kept: stores that save the core's records and answer its questions."""
