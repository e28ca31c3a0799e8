"""How long a chapter's cell may take, and what a process that runs one may hold."""

CELL_TIMEOUT = 300.0  # seconds that a cell of a chapter may take
HEARTBEAT_TIMEOUT = CELL_TIMEOUT + 30  # seconds without a heartbeat, given before each cell, until a task is killed
MEMORY_LIMIT = 8 << 30  # bytes of data that a task may hold
