"""The JSON dialect: objects on a stream of bytes, for plain and full clients."""
