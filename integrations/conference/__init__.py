"""Video conferences: what brings the two parties of a reception together."""
