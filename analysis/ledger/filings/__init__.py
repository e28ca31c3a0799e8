"""Filings with the SEC: the figures of the newest ones, held against the ledger and proposed as rows of it.

`edgar` fetches, `inline` reads a document, `mapping` finds the figure of a metric in it (``filings.csv`` says which),
`figures` gives it the period of a row, `proposals` writes rows, `comparison` lists where the ledger says something
else, and `addition` puts rows into tables that must then pass the checks. Only `edgar` opens a connection, and no
build imports it.
"""
