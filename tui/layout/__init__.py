"""The layout of the screen, shared by scrolling, clicks and drawing: pure functions of the model."""
