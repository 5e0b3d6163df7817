"""The API, version 1: for programs that act for a citizen with an access token of the portal."""
