"""The screen made from the model: pure functions from the model to rows, a pane a module."""
