"""The letters that the demonstration has sent, for reading."""
