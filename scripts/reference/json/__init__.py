"""The reference of what full JSON clients hear."""
