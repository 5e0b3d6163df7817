"""A certificate authority for the demonstration and the tests: real cryptography, invented people."""
