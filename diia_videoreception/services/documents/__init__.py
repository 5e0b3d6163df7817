"""Files that a person brings: examined, kept in private storage under random names, deleted.

Knows the row that holds a file, never a draft's or an application's rules: who owns it is passed in.
Others call inspection, scans, storage.
Tests: tests/inspection, tests/web/application/test_documents.py.
"""
