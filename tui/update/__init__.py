"""Changes of the model, by concern: server events, the input line, rooms, scrolling, lists."""
