"""Where things are on the screen: what scrolling and clicks share with the painting, as pure functions of the model."""
