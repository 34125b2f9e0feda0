"""How the sandbox says that something is wrong."""


class SandboxError(Exception):
    """The sandbox cannot do what was asked; the message says why and what to do."""
