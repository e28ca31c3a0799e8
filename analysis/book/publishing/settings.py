"""The settings of a build, and whether a build with them would change anything. Imports nothing large."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.book.pages.addresses import Addresses
from analysis.book.publishing import seal
from analysis.book.running import stale

Tell = Callable[[str], object]  # is called with a line of text for each step


def silent(line: str) -> None:
    """Discard progress messages."""


@dataclass
class Settings:
    """What a build is asked for; None stands for the package's default."""

    data: Path | None = None
    as_of: str | None = None
    scenario: str = "central"
    out: Path = field(default_factory=lambda: paths.SITE)
    jobs: int | None = None
    addresses: Addresses = field(default_factory=Addresses.configured)
    vintages: bool = False
    scheduler: str | None = None
    commit: str = field(default_factory=seal.commit)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the chapters, only those that differ from the default."""
        given = {
            "as_of": self.as_of,
            "data": str(self.data.resolve()) if self.data else None,
            "scenario": None if self.scenario == "central" else self.scenario,
        }
        return {k: v for k, v in given.items() if v is not None}

    def inputs(self) -> str:
        """Return one digest of everything that the site is made of."""
        return stale.inputs(
            self.data, self.parameters() | asdict(self.addresses) | {"vintages": self.vintages, "commit": self.commit}
        )

    def inputs_as_known(self, ledger: str, days: list[str]) -> str:
        """Return the same for an earlier version, from the digest of the ledger as known then and all key days."""
        return stale.inputs(
            None,
            self.parameters() | asdict(self.addresses) | {"ledger": ledger, "days": days, "commit": self.commit},
            with_data=False,
        )

    def is_done(self) -> bool:
        """Return whether the site at its place is what a build would make."""
        return stale.is_current(paths.CACHE, self.out, self.inputs())
