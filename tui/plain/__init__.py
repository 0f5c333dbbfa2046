"""The client without a screen: one line of text per message."""
