"""Rooms of receptions, as each of their participants may see them."""
