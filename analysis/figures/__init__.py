"""One module a chapter, one function a figure: the ledger in, an Altair chart out."""
