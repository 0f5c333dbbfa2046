"""The conversation with the server: session, journal of unsent lines, and the link below them."""
