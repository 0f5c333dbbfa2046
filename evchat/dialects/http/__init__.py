"""HTTP/1.1 (RFC 9112), as far as a chat needs it: a few files, and the way to WebSocket."""
