"""What the chapter on the chipmakers and their partners says."""

from analysis.numbers.chipmakers.books import books, circular
from analysis.numbers.chipmakers.promises import promises, stakes

__all__ = ["books", "circular", "promises", "stakes"]
