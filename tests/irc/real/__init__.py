"""Real IRC clients and bots, as people run them, on the port that every other client uses."""
