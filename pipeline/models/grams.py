"""Character n-grams of a whole article looked up at once.

Characters of the vocabulary get 16-bit numbers, so an n-gram of up to four is one 64-bit key, without collisions; keys
are looked up by bisection. What comes back is what a dictionary would give for `features.char_ngrams`, in its order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.errors import ContractError
from pipeline.models.features import fold

LONGEST = 4  # characters in a key
_BITS = np.uint64(16)
_UNKNOWN = 0xFFFF

Ints = npt.NDArray[np.int64]


class GramTable:
    """A vocabulary of n-grams, n from 1 to 4, with the row of each.

    Raises
    ------
    ContractError
        If the vocabulary holds longer n-grams or more different characters than 16 bits can number.
    """

    def __init__(self, rows: Mapping[str, int]) -> None:
        chars = sorted({char for gram in rows for char in gram})
        if len(chars) >= _UNKNOWN or any(not 1 <= len(gram) <= LONGEST for gram in rows):
            raise ContractError(
                f"n-grams: got {len(chars)} different characters and lengths up to {max(map(len, rows), default=0)}; "
                f"expected fewer than {_UNKNOWN} and at most {LONGEST}; train the model again"
            )
        self._numbers = np.full(0x110000, _UNKNOWN, dtype=np.uint16)
        self._numbers[[ord(char) for char in chars]] = np.arange(1, len(chars) + 1)
        keys, values = [], []
        for length in range(1, LONGEST + 1):
            grams = [gram for gram in rows if len(gram) == length]
            digits = self._digits("".join(grams)).reshape(-1, length)
            key = np.zeros(len(digits), dtype=np.uint64)
            for column in digits.T:
                key = (key << _BITS) | column
            keys.append(key)
            values.append(np.array([rows[gram] for gram in grams], dtype=np.int64))
        unsorted = np.concatenate(keys)
        order = np.argsort(unsorted, kind="stable")
        self._keys = unsorted[order]
        self._rows = np.concatenate(values)[order]

    def _digits(self, text: str) -> npt.NDArray[np.uint64]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        found: npt.NDArray[np.uint64] = self._numbers[points].astype(np.uint64)
        return found

    def find(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the known n-grams of every text, folded and between its end marks.

        Returns
        -------
        array of int, shape (found,)
            The number of the text, rising.
        array of int, shape (found,)
            The row of the n-gram; within a text short ones first, then by position; as often as it stands there.
        """
        marked = [f"^{fold(text)}$" for text in texts]
        lengths = np.array([len(text) for text in marked], dtype=np.int64)
        digits = self._digits("".join(marked))
        owner = np.repeat(np.arange(len(texts)), lengths)
        left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(digits))  # characters to the end of the text
        key = digits
        keys, owners = [], []
        for length in range(1, LONGEST + 1):
            if length > 1:
                key = (key[:-1] << _BITS) | digits[length - 1 :]
            inside = left[: len(key)] >= length
            keys.append(key[inside])
            owners.append(owner[: len(key)][inside])
        asked, whose = np.concatenate(keys), np.concatenate(owners)
        if not len(self._keys) or not len(asked):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        known = np.flatnonzero(self._keys[place] == asked)
        known = known[np.argsort(whose[known], kind="stable")]
        return whose[known], self._rows[place[known]]
