"""What is said: requests, events, the one table of commands, and what a legal name is."""
