"""Round Trip: who pays whom around OpenAI, computed from a dated, sourced ledger.

The rooms, each importing only from those before it: ``ledger`` (facts, checked and read as known on a
day), ``models`` (pure functions), ``results`` and ``numbers`` (what the chapters say), ``figures`` (what
they draw), ``book`` (running and rendering the chapters), ``cli`` (the command ``roundtrip``).
"""
