"""The dialects: codecs without I/O, from bytes to requests and from events to bytes."""
