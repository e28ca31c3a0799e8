"""What can keep a filing from being read."""


class PullError(Exception):
    """The command cannot go on: no network, no name given, a filing that cannot be read, another fiscal calendar."""


class FigureError(Exception):
    """One metric of one filing has no figure that could be trusted; the message says why."""
