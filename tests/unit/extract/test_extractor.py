"""Which extractor a reading is signed with."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hanoiwatch.page.document import PageInput
from hanoiwatch.sources.schema import Discover, Family, Layout, Source
from indexer.extract import EXTRACTOR, LayoutBook, read_page
from indexer.extract import extractor as naming

ROOT = Path(__file__).parents[3]
READING_CODE = ("indexer/extract/*.py", "indexer/extract/*.toml", "hanoiwatch/page/*.py")
MORE_READING_CODE = ("hanoiwatch/text.py", "hanoiwatch/urls.py")
NOT_READING = {"extractor.py", "traits.py", "worker.py", "__init__.py"}
"""They name the extractor, and run it: what a page reads as does not hang on them."""

PIN = "79f25875ebe80fd8"

LAYOUT = Layout(name="bao/1", when="h1", title="h1", text=".noi-dung")
SOURCE = Source(
    name="bao", title="Báo Sông", home="https://bao.example/", discover=Discover(), family="x",
    layouts=(LAYOUT,),
)  # fmt: skip
FAMILY = Family(name="x", title="Hệ X", layouts=(replace(LAYOUT, name="x/1"),))
OTHER = Family(name="y", title="Hệ Y", layouts=(replace(LAYOUT, name="y/1", when="h2"),))


def name_of(
    *, version: str = "1", families: tuple[Family, ...] = (FAMILY, OTHER), source: Source = SOURCE
) -> str:
    book = LayoutBook(
        families={one.name: one for one in families}, sources={source.name: source}, version=version
    )
    return book.extractor(source.name)


def test_the_code_that_reads_pages_is_the_code_that_was_pinned() -> None:
    digest = hashlib.sha256()
    for path in sorted(path for glob in READING_CODE for path in ROOT.glob(glob)):
        if path.name not in NOT_READING:
            digest.update(_without_comments(path))
    for name in MORE_READING_CODE:
        digest.update(_without_comments(ROOT / name))
    assert digest.hexdigest()[:16] == PIN, (
        "The code that reads pages has changed. If any page could now read differently, raise "
        "EXTRACTOR in indexer/extract/extractor.py: else our own change would be recorded as an "
        f"edit of the paper. In either case, then set PIN here to {digest.hexdigest()[:16]}."
    )


def _without_comments(path: Path) -> bytes:
    return re.sub(rb"(?m)^\s*#.*\n", b"", path.read_bytes())


def test_a_reading_is_signed_with_the_version_and_a_fingerprint() -> None:
    page = PageInput(
        url="https://bao.example/tin-1.html", body=b"<p>x</p>", content_type="text/html",
        status=404, captured_at=datetime(2026, 11, 20, tzinfo=UTC), source="bao",
    )  # fmt: skip
    book = LayoutBook(sources={"bao": SOURCE})
    reading = read_page(page, book)
    assert reading.extractor == book.extractor("bao")
    assert re.fullmatch(rf"{EXTRACTOR}-[0-9a-f]{{8}}", reading.extractor)


def test_the_same_layouts_are_the_same_extractor_in_every_process() -> None:
    assert name_of() == name_of()
    assert len({name_of(), name_of(source=replace(SOURCE, rights="full", enabled=False))}) == 1


def test_whatever_may_change_a_reading_changes_the_extractor() -> None:
    edited = replace(LAYOUT, drop=(".quang-cao",))
    names = [
        name_of(),
        name_of(version="2"),
        name_of(source=replace(SOURCE, layouts=(edited,))),
        name_of(source=replace(SOURCE, layouts=())),
        name_of(source=replace(SOURCE, family="y")),
        name_of(source=replace(SOURCE, title="Báo Sông Hồng")),
        name_of(families=(replace(FAMILY, layouts=(edited,)), OTHER)),
        name_of(families=(FAMILY, replace(OTHER, layouts=(edited,)))),
        name_of(families=(OTHER, FAMILY)),
    ]
    assert len(set(names)) == len(names)


def test_another_version_of_a_library_is_another_extractor(monkeypatch) -> None:
    before = name_of()
    installed = naming.version
    monkeypatch.setattr(
        naming, "version", lambda name: "99" if name == "trafilatura" else installed(name)
    )
    naming._libraries.cache_clear()
    try:
        assert name_of() != before
    finally:
        monkeypatch.undo()
        naming._libraries.cache_clear()


def test_a_source_whose_file_is_gone_has_an_extractor_too() -> None:
    book = LayoutBook(families={"x": FAMILY}, sources={"bao": SOURCE})
    assert book.extractor("gone") == book.extractor(None) != book.extractor("bao")
