"""Tests of what the IRCv3 specifications ask of a server."""
