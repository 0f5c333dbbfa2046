"""The settings of the server and of the client: what there is, with defaults and reasons, and how it is read."""
