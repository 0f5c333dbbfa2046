"""The rules that several handlers share, and what they keep in mind."""
