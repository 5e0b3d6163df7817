"""A mock id.gov.ua: the same addresses and the same quirks, invented people."""
