"""Properties of the layout that hold for any arrangement of text on a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.documents.layout.order import blocks_of
from ingest.readers.documents.layout.paragraphs import Writer
from ingest.readers.documents.layout.running import without_running_lines
from ingest.readers.documents.layout.segments import Glyphs, PageLayout, Segment, flows_of, is_kana

places = st.floats(0, 800).map(lambda x: round(x, 1))
segments = st.lists(
    st.builds(
        lambda text, left, width, base, size, hyphen: Segment(text, left, left + width, base, size, hyphen),
        st.text("廃食用油を集めoil.。 1", min_size=1, max_size=20).filter(lambda text: text.strip() == text),
        places,
        st.floats(1, 500),
        places,
        st.sampled_from([6.0, 10.0, 11.0, 18.0]),
        st.booleans(),
    ),
    max_size=40,
)


def _sorted_letters(texts: list[str]) -> list[str]:
    return sorted(char for text in texts for char in text if not char.isspace())


@given(segments)
def test_no_letter_is_lost_or_doubled_but_ruby(pieces: list[Segment]) -> None:
    # kana of 11 points above letters of 18 are ruby
    large = [piece for piece in pieces if piece.size > 11 or not is_kana(piece.text)]
    lines = [line.text for block in blocks_of(large) for line in block.lines]
    assert _sorted_letters(lines) == _sorted_letters([piece.text for piece in large])


@given(st.lists(segments, max_size=6))
def test_offsets_of_pages_and_headings_lie_in_the_text(pages: list[list[Segment]]) -> None:
    writer = Writer(lambda length: None)
    for number, pieces in enumerate(pages, start=1):
        writer.add(number, blocks_of(pieces))
    text = writer.text()
    lines = {line.text for pieces in pages for block in blocks_of(pieces) for line in block.lines}
    ends = [0, *(page.end for page in writer.pages)]
    for page, before in zip(writer.pages, ends, strict=False):
        assert before <= page.start < page.end <= len(text)
        assert text[before : page.start] in ("", " ", "-", "\n", "\n\n")
    assert {text[start:end] for start, end in writer.headings} <= lines


@given(st.lists(st.lists(places, max_size=5), max_size=14))
def test_every_page_comes_out_once_and_in_order(pages: list[list[float]]) -> None:
    def line(y: float) -> Glyphs:
        return Glyphs("油を集める", 50, y, 0, 10, (50, y, 60, y + 10), (90, y, 100, y + 10))

    layouts = [PageLayout(n, flows_of([line(y) for y in ys], 595, 842)) for n, ys in enumerate(pages, start=1)]
    assert [page.number for page in without_running_lines(layouts, len(layouts))] == list(range(1, len(pages) + 1))
