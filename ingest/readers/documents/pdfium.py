"""PDFium's text pages: the only importer of pypdfium2. Where characters stand is asked for a whole page at once."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import compress, repeat, starmap
from typing import Any

from ingest.readers.documents.layout.segments import Box
from ingest.readers.errors import broken, encrypted

# where a line ended with a hyphen, PDFium joins the word and leaves this mark
HYPHEN_MARK = "\ufffe"
_PASSWORD_ERROR = 4
_HYPHEN_CODE = 2


def open_pdf(content: bytes, name: str) -> Any:
    """The PDF as pypdfium2 has it. Raises FileRejected: damaged or encrypted."""
    import pypdfium2  # noqa: PLC0415  (loads a shared library)

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise (
            encrypted(name) if getattr(error, "err_code", None) == _PASSWORD_ERROR else broken(name, str(error))
        ) from error
    return pdf


def area_of_pictures(page: Any) -> float:
    """The area of a page's pictures in square points; what lies over one another counts twice."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += max(right - left, 0) * max(top - bottom, 0)
    return covered


class CharacterProbe:
    """Asks PDFium about many characters of a page at once; one for all pages, because its room is used again.

    A question costs a tenth of a microsecond when its function has no declared types, its arguments exist already and
    ``map`` asks it; four times as much otherwise. Answers are in the order of the places.
    """

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        self._unicode = _untyped(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
        self._is_generated = _untyped(pdfium.FPDFText_IsGenerated, ctypes.c_int)
        self._font_size = _untyped(pdfium.FPDFText_GetFontSize, ctypes.c_double)
        self._matrix = _Filled(pdfium.FPDFText_GetMatrix, ctypes.c_float, (6,))
        self._loose_box = _Filled(pdfium.FPDFText_GetLooseCharBox, ctypes.c_float, (4,))
        self._origin = _Filled(pdfium.FPDFText_GetCharOrigin, ctypes.c_double, (1, 1))
        self._page = ctypes.c_void_p()

    def turn_to(self, text_page: Any) -> None:
        """Ask about this page (a ``PdfTextPage``, open) from now on."""
        self._page = ctypes.cast(text_page.raw, ctypes.c_void_p)

    def characters(self, count: int) -> str:
        """The text character by character, where PDFium's own text leaves some out."""
        codes = map(self._unicode, repeat(self._page), range(count))
        return "".join(
            HYPHEN_MARK if code == _HYPHEN_CODE else chr(code) if code < 0x110000 else "\ufffd" for code in codes
        )

    def generated(self, places: Sequence[int]) -> list[int]:
        """Those of the places (all on the page) whose character PDFium put in, for a gap or the end of a line."""
        return list(compress(places, map(self._is_generated, repeat(self._page), places)))

    def boxes(self, places: Sequence[int]) -> list[Box]:
        """The room of each character in its font: left, bottom, right, top in points."""
        values, _ = self._loose_box.ask(self._page, places)
        # PDFium's order is left, top, right, bottom
        return list(zip(values[::4], values[3::4], values[2::4], values[1::4], strict=True))

    def origins(self, places: Sequence[int]) -> list[tuple[float, float]]:
        """The origin of each character on its baseline, in points."""
        values, _ = self._origin.ask(self._page, places)
        return list(zip(values[::2], values[1::2], strict=True))

    def angles_and_sizes(self, places: Sequence[int]) -> list[tuple[float, float]]:
        """The turn of each character in radians and its size in points: the font's size under its text's matrix."""
        values, known = self._matrix.ask(self._page, places)
        sizes = map(self._font_size, repeat(self._page), places)
        matrices = zip(known, sizes, values[::6], values[1::6], values[2::6], values[3::6], strict=True)
        return list(starmap(_angle_and_size, matrices))


class _Filled:
    """A function that fills numbers in where it is told to, asked for many characters into one array.

    ``parts`` says how many numbers each of its pointers stands for.
    """

    def __init__(self, function: Any, number: type[Any], parts: tuple[int, ...]) -> None:
        self._ask, self._number, self._parts = _untyped(function, ctypes.c_int), number, parts
        self._width = sum(parts)
        self._grow(64)

    def ask(self, page: ctypes.c_void_p, places: Sequence[int]) -> tuple[list[float], list[int]]:
        """The numbers of all places one after another, and for each place whether (not 0) there was an answer."""
        if len(places) > len(self._pointers[0]):
            self._grow(2 * len(places))
        answered = list(map(self._ask, repeat(page), places, *self._pointers))
        return self._numbers[: self._width * len(places)], answered

    def _grow(self, room: int) -> None:
        self._numbers: Any = (self._number * (self._width * room))()
        size = ctypes.sizeof(self._number)
        firsts = [sum(self._parts[:index]) for index in range(len(self._parts))]
        self._pointers: list[list[Any]] = [
            [ctypes.byref(self._numbers, size * (first + self._width * index)) for index in range(room)]
            for first in firsts
        ]


@lru_cache(maxsize=256)
def _angle_and_size(known: int, size: float, a: float, b: float, c: float, d: float) -> tuple[float, float]:
    return (math.atan2(b, a), max(size * math.hypot(c, d), 0.1)) if known else (0.0, size)


def _untyped(function: Any, result: type[Any]) -> Callable[..., Any]:
    """The function without conversion of its arguments, which must be ints and ctypes objects that fit."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result)(address)
