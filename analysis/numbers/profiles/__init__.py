"""What the ledger knows of each company and of each deal, as their pages tell it."""
