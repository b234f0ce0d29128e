"""Any number of articles, all different, the same on every machine."""

from __future__ import annotations

from hanoiwatch.sample.articles import TEMPLATES
from hanoiwatch.sample.synthetic import NEWEST, synthetic_articles, synthetic_outlet


def test_the_same_number_gives_the_same_articles() -> None:
    assert list(synthetic_articles(20)) == list(synthetic_articles(20))


def test_no_two_articles_share_a_title_a_lead_or_a_paragraph() -> None:
    articles = list(synthetic_articles(200))
    paragraphs = [piece.text for each in articles for piece in each.pieces if piece.text]
    assert len({article.title for article in articles}) == 200
    assert len({article.lead for article in articles}) == 200
    assert len(set(paragraphs)) == len(paragraphs)


def test_articles_are_dated_backwards_from_the_newest() -> None:
    outlet = synthetic_outlet(200)
    assert outlet.edition.entries[0].published == NEWEST
    assert (NEWEST - outlet.edition.entries[-1].published).days == 1


def test_one_template_serves_all_unless_a_mixture_is_asked_for() -> None:
    assert {article.template for article in synthetic_articles(10)} == {"onecms-new"}
    assert {article.template for article in synthetic_articles(10, None)} == set(TEMPLATES)
