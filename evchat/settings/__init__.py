"""The settings of the server and the client, with defaults and reasons, and their loader."""
