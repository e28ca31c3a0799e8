"""The ledgers that tests read: two that never change, so that tests may state what follows from their facts.

The ledger of the project (``data/``) grows every week. Tests hold it to laws only: schema, checks, and that what is
published follows from it. Whatever has an expected value in a test is computed from one of these:

- ``SMALL`` (``tests/ledger``): invented, small enough to add up by hand, with a case of every kind that the schema has.
- ``FROZEN`` (``tests/ledger_2026_03``): the project's own tables as they stood on 31 March 2026, for what needs a
ledger
  of real size and shape.

Neither is edited when the project's ledger is: a new fact belongs in ``data/``, a new case in ``SMALL``.
"""

from pathlib import Path

SMALL = Path(__file__).resolve().parent / "ledger"
FROZEN = Path(__file__).resolve().parent / "ledger_2026_03"
