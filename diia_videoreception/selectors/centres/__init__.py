"""Centres as their own people and the portal’s operator may see them."""
