"""The IRC dialect (RFC 1459 and 2812, the Modern IRC client protocol, IRCv3): lines without I/O."""
