class CannotStartError(Exception):
    """Something on this machine keeps Majelis from starting; the message is one sentence for the operator."""
