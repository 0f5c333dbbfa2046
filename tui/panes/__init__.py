"""What the screen is made of, a pane a module: pure functions from the model to rows."""
