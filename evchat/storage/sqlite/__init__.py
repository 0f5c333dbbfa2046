"""The store on disk, in SQLite."""
