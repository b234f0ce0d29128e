"""The source file that `sources add` writes."""

from __future__ import annotations

from pathlib import Path

from hanoiwatch.sources.draft import Draft, Listed, draft_toml
from hanoiwatch.sources.loader import load_families, read_source

DRAFT = Draft(
    name="bao-la",
    title='Báo "Lạ" \\ Hà Nội',
    home="https://bao-la.vn/",
    day="2026-11-28",
    family="epi",
    feeds=(Listed(url="https://bao-la.vn/rss/home.rss", note="20 items\nname = 'x'"),),
    article_url=(r"^https?://bao-la\.vn/[^?#]*-\d{6,}\.html$", r"-post\d+'\.html$"),
    delay_seconds=3.0,
    notes=("tried https://bao-la.vn/a: nothing\rrights = 'full'",),
)


def test_it_loads_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "bao-la.toml"
    path.write_text(draft_toml(DRAFT), "utf-8")
    source = read_source(path, load_families())
    assert (source.title, source.family, source.rights) == (DRAFT.title, "epi", "excerpt")
    assert source.discover.feeds == ("https://bao-la.vn/rss/home.rss",)
    assert source.discover.article_url == DRAFT.article_url
    assert source.delay_seconds == 3.0


def test_what_a_page_says_cannot_leave_its_comment() -> None:
    lines = draft_toml(DRAFT).splitlines()
    assert [line for line in lines if line.startswith(("name =", "rights ="))] == [
        'name = "bao-la"',
        'rights = "excerpt" # what may leave your desk: full | excerpt | link',
    ]
