"""The queue for an official without a free time, as its people see it."""
