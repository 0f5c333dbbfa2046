"""What each request does: one handler a request, a module for each subject."""
