"""What the chapter on the chipmakers and young clouds says."""

from analysis.numbers.chipmakers.books import books, circular
from analysis.numbers.chipmakers.promises import promises, stakes

__all__ = ["books", "circular", "promises", "stakes"]
