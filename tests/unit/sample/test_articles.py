"""The bundled articles, and what happens to a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanoiwatch.sample.articles import SampleArticleError, load_articles, read_article
from hanoiwatch.sample.site import sample_site

GOOD = """
title: "Cây cầu gỗ mới qua mương"
lead: "Người dân hai bờ đi lại dễ hơn."
section: do-thi
template: epi
byline: ["Ngọc Lam"]
published: "2026-10-12T08:15:00+07:00"
tags: ["cầu"]
original_source: null
blocks:
  - paragraph: "Cầu dài chín mét."
  - list: ["một", "hai"]
  - table: [["Phường", 12]]
  - image: {file: "cau.jpg", caption: "Chiếc cầu.", credit: null}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "cay-cau-go.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_bundled_article_can_be_read_and_has_a_known_section() -> None:
    articles = load_articles()
    assert len(articles) >= 60
    assert {article.section for article in articles} == set(sample_site().sections)


def test_no_two_bundled_articles_share_a_title_or_a_paragraph() -> None:
    articles = load_articles()
    texts = [piece.text for each in articles for piece in each.pieces if piece.kind == "paragraph"]
    assert len({article.title for article in articles}) == len(articles)
    assert len(set(texts)) == len(texts)


def test_articles_come_oldest_first() -> None:
    dates = [article.published for article in load_articles()]
    assert dates == sorted(dates)


def test_a_file_is_read_block_by_block(tmp_path: Path) -> None:
    article = read_article(written(tmp_path, GOOD))
    assert article.slug == "cay-cau-go"
    assert [piece.kind for piece in article.pieces] == ["paragraph", "list", "table", "image"]
    assert article.pieces[2].rows == (("Phường", "12"),)
    assert article.pictures[0].credit is None


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("template: epi", "template: drupal"),
        ("+07:00", ""),
        ('paragraph: "Cầu', 'video: "Cầu'),
        ('title: "Cây cầu gỗ mới qua mương"', 'subtitle: "x"'),
        ("blocks:", "blocks: ["),
        ("credit: null", "author: null"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, good: str, bad: str) -> None:
    path = written(tmp_path, GOOD.replace(good, bad))
    with pytest.raises(SampleArticleError, match=r"cay-cau-go\.yaml"):
        read_article(path)
