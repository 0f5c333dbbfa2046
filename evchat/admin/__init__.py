"""What an administrator does with a server and its data, from the command line."""
