"""What the mock id.gov.ua and the mock BankID have in common: people, codes, and what goes wrong."""
