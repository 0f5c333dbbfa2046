"""Files of the client: state between two runs, the thread that syncs, crash reports."""
