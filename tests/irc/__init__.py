"""Tests of the IRC dialect on real sockets."""
