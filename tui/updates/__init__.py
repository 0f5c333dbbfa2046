"""What changes in the model, by concern: what the server says, what is typed, rooms, scrolling, lists."""
