"""The client's state as plain data, and the values that go into `update` and come out of it."""
