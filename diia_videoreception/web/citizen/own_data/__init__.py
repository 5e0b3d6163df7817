"""The copy that a person takes of their own data: a file for programs, and a page to read and print."""
