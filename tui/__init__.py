"""evchat-tui, the terminal client: pure parts, and a thin shell that touches the terminal and the socket."""
