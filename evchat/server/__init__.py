"""The server: everything between the sockets and the chat, one module a task."""
