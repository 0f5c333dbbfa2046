"""What hostile clients try, and the proof that nobody else notices."""
