"""The cells of week columns as codes: numbers, texts and whatever else a system writes for one.

A cell that is no code gets a number below zero, so that a batch stays a matrix of small integers, and its text is
remembered to be named once the whole file has been read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.sources.cells import shown
from gevinst.sources.suppliers.dream_codes import HIGHEST
from gevinst.sources.suppliers.dream_runs import Codes

_BLANKS = {"", ".", "NA"}
_CODE = re.compile(r"0*(\d{1,5})(?:[.,]0+)?", re.ASCII)
_MOST = 30_000  # different odd cells; more than that share the last number


class OddCells(dict[str, int]):
    """The code of each text met; odd ones are below zero, and `word` says what they are.

    >>> cells = OddCells()
    >>> [cells[text] for text in ("111", " 730.0 ", "", ".", "11O", "70000", "11O")]
    [111, 730, 0, 0, -1, -2, -1]
    >>> cells.word(-1)
    '11O'
    """

    def __init__(self) -> None:
        super().__init__()
        self._words: dict[str, int] = {}

    def __missing__(self, text: str) -> int:
        plain = text.strip()
        found = _CODE.fullmatch(plain)
        if plain in _BLANKS:
            code = 0
        elif found and int(found.group(1)) <= HIGHEST:
            code = int(found.group(1))
        else:
            code = self._words.setdefault(shown(plain), max(-len(self._words) - 1, -_MOST))
        if len(self) < _MOST:
            self[text] = code
        return code

    def word(self, code: int) -> str:
        """An odd cell as it may be shown."""
        return next((word for word, number in self._words.items() if number == code), "?")

    def from_texts(self, texts: Sequence[str | None]) -> Codes:
        """A code per text."""
        return np.fromiter((0 if text is None else self[text] for text in texts), np.int16, len(texts))

    def from_numbers(self, numbers: npt.NDArray[Any]) -> Codes:
        """A code per number, which may be whole, a float or not a number at all."""
        if numbers.dtype.kind == "f":
            numbers = np.nan_to_num(numbers, nan=0.0, posinf=-1.0, neginf=-1.0)
        if not len(numbers):
            return np.zeros(0, np.int16)
        if numbers.min() >= 0 and numbers.max() <= HIGHEST:
            codes: Codes = numbers.astype(np.int16)
            if numbers.dtype.kind != "f" or bool((codes == numbers).all()):
                return codes
        odd = (numbers < 0) | (numbers > HIGHEST) | (numbers != np.trunc(numbers))
        codes = np.where(odd, 0, numbers).astype(np.int16)
        codes[odd] = self.from_texts([f"{number:g}" for number in numbers[odd].tolist()])
        return codes

    def matrix(self, columns: Sequence[pa.Array]) -> Codes:
        """Columns of equal length as weeks × rows; in one go where all are of one type."""
        kinds = {column.type for column in columns}
        if len(kinds) == 1 and not any(map(pa.types.is_dictionary, kinds)):
            return self.from_column(pa.concat_arrays(columns)).reshape(len(columns), len(columns[0]))
        return np.stack([self.from_column(column) for column in columns])

    def from_column(self, column: pa.Array) -> Codes:
        """A code per cell of an Arrow column of numbers or text, dictionary-coded or not."""
        if pa.types.is_signed_integer(column.type):
            return self.from_numbers(column.fill_null(0).to_numpy(zero_copy_only=False))
        if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
            return self.from_numbers(column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False))
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            return self.from_numbers(column.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False))
        if pa.types.is_null(column.type):
            return np.zeros(len(column), np.int16)
        coded = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
        of_text = np.append(self.from_texts(coded.dictionary.cast(pa.string()).to_pylist()), 0).astype(np.int16)
        places = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
        codes: Codes = of_text[places]
        return codes
