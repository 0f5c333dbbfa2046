"""Text on a screen: cells, rows, styles, themes, links, and names that look alike."""
