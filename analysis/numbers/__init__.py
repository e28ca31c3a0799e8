"""What the chapters say: one module a chapter, one function a group of numbers, tables in, results out."""
