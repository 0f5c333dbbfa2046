"""What holds for all tests."""

from hypothesis import settings

# Shared machines pause at will: how long an example took says nothing about the code.
settings.register_profile("evchat", deadline=None)
settings.load_profile("evchat")
