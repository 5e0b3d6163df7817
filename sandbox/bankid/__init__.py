"""A mock BankID НБУ: the same addresses, both versions, invented banks and people."""
