"""The four exceptions of the project; each message says what, where, what was expected and what to do."""

from __future__ import annotations


class LunhengError(Exception):
    """Base of every error that a user can cause and mend."""


class InputError(LunhengError):
    """A file, row or folder that cannot be read as commentary.

    Parameters
    ----------
    where : str
        File and place in it, as the user gave it (``news.csv, row 12``).
    got : str
        What was found there.
    expected : str
        What would have been accepted.
    remedy : str
        What the user can do about it.
    """

    def __init__(self, where: str, got: str, expected: str, remedy: str) -> None:
        self.where, self.got, self.expected, self.remedy = where, got, expected, remedy
        super().__init__(where, got, expected, remedy)

    def __str__(self) -> str:
        return f"{self.where}: {self.got}; expected {self.expected}; {self.remedy}"


class ConfigError(LunhengError):
    """A setting, option, lexicon or missing extra that keeps the run from starting."""


class ContractError(LunhengError):
    """A record or table that breaks the contract (wrong column, null, offset that is not verbatim)."""
