"""What browsers get: the page and its files."""
