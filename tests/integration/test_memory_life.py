"""Three days of an outlet, crawled for real: what counts as an edit, a withdrawal, a move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hanoiwatch.clock import now
from hanoiwatch.model import Article, Filters
from hanoiwatch.query import parse
from hanoiwatch.sample import misbehaviours as bad
from hanoiwatch.sample.articles import SampleArticle
from hanoiwatch.sample.edition import Entry
from hanoiwatch.sample.outlet import Cosmetic
from hanoiwatch.sample.synthetic import synthetic_articles
from tests.newsroom import Newsroom, just_published, newsroom

pytestmark = pytest.mark.slow

COUNT = 105
"""Five of them vanish, which is less than a twentieth."""
COSMETICS: tuple[Cosmetic, ...] = ("counter", "advertisement", "tags", "stamp")
TEMPLATES = 5
TOUCHED = range(TEMPLATES * (len(COSMETICS) + 1))
"""Each cosmetic change alone on each template, and all of them at once."""


@dataclass(slots=True)
class Life:
    """The outlet's articles by the name of what happens to them, and what was seen of it."""

    room: Newsroom
    articles: list[SampleArticle]
    urls: list[str]
    entries: dict[int, Entry]
    counts: dict[float, dict[str, int]]
    at: dict[tuple[float, int], Article]
    """Articles as they stood after the crawl of an hour."""

    def slug(self, place: int) -> str:
        return self.articles[place].slug

    def changes(self, place: int) -> list[str]:
        return self.room.changes(self.urls[place])

    def article(self, place: int) -> Article:
        found = self.room.article(self.urls[place])
        assert found is not None
        return found

    def crawl(self, hours: float, *watched: int, **options: bool) -> None:
        self.counts[hours] = dict(self.room.crawl(hours, **options))
        assert self.room.report.problems == ()
        for place in watched:
            self.at[hours, place] = self.article(place)


# places of the articles that have a fate
TITLE, LEAD, WORD, CAPTION, PARAGRAPH = range(25, 30)
NOT_FOUND, GONE, TO_SECTION, SOFT = range(30, 34)
MOVED, FOUND_ELSEWHERE = 34, 35
SHORTER, REDESIGNED, CHALLENGE, LOGIN, EMPTY, MAINTENANCE, CONSENT = range(36, 43)
HELD_THEN_EDITED = 43
BYLINE, TAGS, DATE = 44, 45, 46
UNTOUCHED = range(47, COUNT)
VANISHED = (NOT_FOUND, GONE, TO_SECTION, SOFT)
GATES = {
    CHALLENGE: bad.challenge(), LOGIN: bad.login_wall(), EMPTY: bad.empty(),
    MAINTENANCE: bad.maintenance(), CONSENT: bad.consent(), HELD_THEN_EDITED: bad.challenge(),
    SOFT: bad.soft_404(),
}  # fmt: skip


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    articles = _with_pictures_at(CAPTION, just_published(synthetic_articles(COUNT, None)))
    with newsroom(tmp_path_factory.mktemp("life"), articles) as room:
        urls = [room.outlet.url(article.slug) for article in articles]
        entries = {place: room.outlet.entry(articles[place].slug) for place in range(COUNT)}
        made = Life(room, articles, urls, entries, {}, {})
        made.crawl(0)
        _first_hours(made)
        made.crawl(2, *VANISHED)
        made.crawl(3, *VANISHED, refetch=True)
        _first_day(made)
        made.crawl(26.5, *VANISHED)
        room.outlet.bring_back(entries[GONE])
        made.crawl(73.5)
        yield made


def _with_pictures_at(place: int, articles: list[SampleArticle]) -> list[SampleArticle]:
    pictured = next(at for at, article in enumerate(articles) if article.pictures)
    articles[place], articles[pictured] = articles[pictured], articles[place]
    return articles


def _first_hours(life: Life) -> None:
    outlet, server = life.room.outlet, life.room.server
    for place in TOUCHED:
        kinds = COSMETICS[place // TEMPLATES :][:1] or COSMETICS
        for kind in kinds:
            outlet.touch(life.slug(place), kind)
    outlet.edit(life.slug(TITLE), title="Tòa soạn đặt lại tựa cho bài này")
    outlet.edit(life.slug(LEAD), lead="Lời dẫn được viết lại sau cuộc họp giao ban.")
    first = life.articles[WORD].pieces[0].text
    outlet.edit(life.slug(WORD), pieces={0: first.replace(" ", " chính ", 1)})
    outlet.edit(life.slug(CAPTION), captions={0: "Chú thích được sửa lại cho đúng."})
    outlet.edit(life.slug(PARAGRAPH), dropped=[1])
    outlet.delete(life.slug(NOT_FOUND))
    outlet.delete(life.slug(GONE), "gone")
    outlet.delete(life.slug(TO_SECTION), "to-section")
    outlet.readdress(life.slug(MOVED), "dia-chi-moi-co-chuyen-tiep")
    outlet.readdress(life.slug(FOUND_ELSEWHERE), "dia-chi-moi-khong-chuyen-tiep", redirect=False)
    count = len(life.articles[SHORTER].pieces)
    outlet.edit(life.slug(SHORTER), dropped=range(2, count))
    outlet.edit(life.slug(REDESIGNED), title="Tựa mới trên giao diện mới")
    server.answer(_path(life, REDESIGNED), bad.redesigned())
    for place, gate in GATES.items():
        outlet.touch(life.slug(place), "counter")
        server.answer(_path(life, place), gate)
    outlet.relabel(life.slug(BYLINE), byline=("Đặng Thu Hà",))
    outlet.relabel(life.slug(TAGS), tags=("họp báo", "phường mới"))
    outlet.relabel(life.slug(DATE), published=life.articles[DATE].published - timedelta(hours=1))


def _first_day(life: Life) -> None:
    life.room.server.behave()
    life.room.server.answer(_path(life, SOFT), bad.soft_404())
    life.room.server.answer(_path(life, REDESIGNED), bad.redesigned())
    life.room.outlet.edit(life.slug(HELD_THEN_EDITED), title="Tựa thật sự được sửa")


def _path(life: Life, place: int) -> str:
    return f"{life.slug(place)}-"


# --- edits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", TOUCHED)
def test_cosmetic_changes_make_no_revision_on_any_template(life: Life, place: int) -> None:
    assert life.changes(place) == ["new"]


def test_the_cosmetic_changes_were_read_and_not_only_skipped(life: Life) -> None:
    read = life.room.rows(
        "SELECT capture.id FROM capture JOIN page ON page.id = capture.page_id "
        "WHERE page.url IN (SELECT value FROM json_each(:urls)) AND capture.state = 'read'",
        urls=json.dumps([life.urls[place] for place in TOUCHED]),
    )
    assert len(read) >= 2 * len(TOUCHED)


@pytest.mark.parametrize("place", [TITLE, LEAD, WORD, CAPTION, PARAGRAPH])
def test_a_changed_word_headline_caption_or_removed_paragraph_is_one_edit(
    life: Life, place
) -> None:
    assert life.changes(place) == ["new", "edited"]
    said, expected = life.article(place).content, life.room.outlet.expected(life.slug(place))
    assert (said.title, said.lead, said.text) == (expected.title, expected.lead, expected.text)
    assert [image.caption for image in said.images] == [
        image.caption for image in expected.images
    ]  # fmt: skip


@pytest.mark.parametrize("place", [BYLINE, TAGS, DATE])
def test_new_details_are_shown_without_a_revision(life: Life, place: int) -> None:
    assert life.changes(place) == ["new", "reread"]
    found, expected = life.article(place), life.room.outlet.expected(life.slug(place))
    assert found.content.byline == expected.byline
    assert set(found.content.tags) == set(expected.tags)
    assert found.content.published_at == expected.published_at
    assert found.revision == 1
    assert found.indexed_at is not None
    assert found.indexed_at < life.room.start + timedelta(hours=1)  # when it was first indexed


def test_articles_that_nothing_happened_to_have_one_change(life: Life) -> None:
    assert {tuple(life.changes(place)) for place in UNTOUCHED} == {("new",)}


def test_a_crawl_counts_what_it_found(life: Life) -> None:
    first, second, third, fourth, fifth = life.counts.values()
    assert first == {"new": COUNT}
    assert second["edited"] == 5
    assert second["reread"] == 3
    assert second["held"] == 8
    assert second["moved"] == 2
    assert {"new", "withdrawn", "edited", "held"} & set(third) == set()  # told once
    assert (fourth["withdrawn"], fourth["edited"]) == (4, 1)
    assert fifth["restored"] == 1
    assert {"new", "edited", "withdrawn", "held"} & set(fifth) == set()


# --- good copies ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (SHORTER, "the text has"),
        (REDESIGNED, "reads it no longer"),
        (CHALLENGE, "challenge"),
        (LOGIN, "login"),
        (EMPTY, "empty"),
        (MAINTENANCE, "maintenance"),
        (CONSENT, "consent"),
    ],
)
def test_a_worse_page_is_kept_and_told_once_and_replaces_nothing(
    life: Life, place: int, reason: str
) -> None:
    assert life.changes(place) == ["new"]
    (held,) = life.room.held(life.urls[place])
    assert reason in held
    (capture,) = life.room.rows(
        "SELECT capture.state FROM held JOIN capture ON capture.id = held.capture_id "
        "JOIN article ON article.rowid_ = held.article WHERE article.url = :url",
        url=life.urls[place],
    )
    assert capture.state == "read"
    assert life.article(place).content.text.count("\n") > 5


def test_a_page_held_back_and_then_edited_is_one_edit(life: Life) -> None:
    assert life.changes(HELD_THEN_EDITED) == ["new", "edited"]
    assert life.article(HELD_THEN_EDITED).content.title == "Tựa thật sự được sửa"
    (held,) = life.room.held(life.urls[HELD_THEN_EDITED])
    assert held.startswith("challenge")


# --- withdrawal -------------------------------------------------------------------------------


@pytest.mark.parametrize("place", VANISHED)
def test_nothing_is_withdrawn_within_a_day(life: Life, place: int) -> None:
    assert life.at[2, place].withdrawn_at is None
    assert life.at[3, place].withdrawn_at is None  # asked for once more, an hour later


@pytest.mark.parametrize("place", VANISHED)
def test_what_is_still_gone_after_a_day_is_withdrawn_and_keeps_its_good_copy(
    life: Life, place: int
) -> None:
    found = life.at[26.5, place]
    assert found.withdrawn_at is not None
    assert found.content.title == life.articles[place].title
    assert found.content.text.count("\n") > 5
    assert life.changes(place)[:2] == ["new", "withdrawn"]


def test_a_withdrawn_article_stays_searchable(life: Life) -> None:
    with life.room.app() as app:
        found = app.search_index.search(parse(f'"{life.articles[NOT_FOUND].title}"'), Filters())
        assert life.article(NOT_FOUND).rowid in {match.article_rowid for match in found.matches}


def test_an_article_that_is_back_is_restored(life: Life) -> None:
    assert life.changes(GONE) == ["new", "withdrawn", "restored"]
    assert life.article(GONE).withdrawn_at is None
    assert {tuple(life.changes(place)) for place in (NOT_FOUND, TO_SECTION, SOFT)} == {
        ("new", "withdrawn")
    }


# --- moves ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "slug"),
    [
        (MOVED, "dia-chi-moi-co-chuyen-tiep"),
        (FOUND_ELSEWHERE, "dia-chi-moi-khong-chuyen-tiep"),
    ],
)
def test_an_article_keeps_its_identity_at_a_new_address(life: Life, place: int, slug: str) -> None:
    new = life.room.article(life.room.outlet.url(slug))
    assert new == life.article(place)  # found by its old address too
    assert new.content.url == life.room.outlet.url(slug)
    assert (new.revision, new.withdrawn_at) == (1, None)
    assert life.changes(place) == ["new", "reread"]


def test_every_article_is_there_once(life: Life) -> None:
    with life.room.app() as app:
        assert app.record.articles.count() == COUNT
        assert app.record.ledger.discrepancies() == []
    assert life.room.gone() == {"withdrawn": 4, "moved": 1}
    assert now() > life.room.start + timedelta(hours=73)
