"""evchat: a chat server for teams, classes and ships, on one selectors loop."""

__version__ = "0.1.0"
