"""The newsroom: publish, edit, touch, delete, move, copy."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from hanoiwatch.sample.articles import TEMPLATES, Picture, Piece, TemplateName
from hanoiwatch.sample.outlet import Cosmetic, Outlet, Removal, UnknownSlugError, copy_of
from hanoiwatch.sample.routes import page_at
from tests.outlet import small_article, small_outlet

SLUG = small_article(2).slug


def page(outlet: Outlet, path: str) -> str:
    return page_at(outlet.edition, path).body.decode()


def without_clock(html: str) -> str:
    """``datetimenow`` is the one thing that an ONECMS page changes by itself."""
    return "\n".join(line for line in html.splitlines() if "datetimenow" not in line)


def test_the_same_articles_get_the_same_addresses_every_time() -> None:
    assert [entry.path for entry in Outlet().edition.entries] == [
        entry.path for entry in Outlet().edition.entries
    ]


def test_each_template_has_the_address_form_of_its_system() -> None:
    outlet = Outlet(small_article(place, name) for place, name in enumerate(TEMPLATES))
    endings = [
        outlet.entry(small_article(place).slug).path.removeprefix(f"/{small_article(place).slug}-")
        for place in range(5)
    ]
    assert endings == [
        "1200001.html", "1200002.html", "102261001082800003.htm", "post300004.html", "400005.html",
    ]  # fmt: skip


def test_an_address_says_404_until_its_article_is_published() -> None:
    outlet = small_outlet(2)
    path = "/" + small_article(9).slug + "-1200003.html"
    assert page_at(outlet.edition, path).status == 404
    assert outlet.publish(small_article(9)).path == path
    assert page_at(outlet.edition, path).status == 200


def test_a_new_article_leads_its_section_and_changes_no_old_page() -> None:
    outlet = small_outlet(5)
    old = {entry.path: page(outlet, entry.path) for entry in outlet.edition.entries}
    new = outlet.publish(small_article(50))
    assert outlet.edition.in_section("do-thi")[0] == new
    for path, html in old.items():
        assert without_clock(page(outlet, path)) == without_clock(html)


def test_an_edit_changes_page_and_answer_key_alike() -> None:
    picture = Picture(file="ho.jpg", caption="Hồ cũ.", credit="Minh Khôi")
    article = small_article(2)
    outlet = Outlet(
        [replace(article, pieces=(*article.pieces, Piece(kind="image", picture=picture)))]
    )
    outlet.edit(
        SLUG,
        title="Đầu đề mới",
        lead="Lời dẫn mới.",
        pieces={2: "Đoạn sửa."},
        captions={0: "Hồ mới."},
    )
    expected = outlet.expected(SLUG)
    html = page(outlet, outlet.entry(SLUG).path)
    assert (expected.title, expected.lead) == ("Đầu đề mới", "Lời dẫn mới.")
    assert expected.blocks[2].text == "Đoạn sửa."
    assert expected.images[0].caption.startswith("Hồ mới")
    for words in ("Đầu đề mới", "Lời dẫn mới.", "Đoạn sửa.", "Hồ mới"):
        assert words in html
    assert "Hồ cũ" not in html


@pytest.mark.parametrize("what", ["counter", "advertisement", "tags", "stamp"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_cosmetic_change_alters_the_bytes_and_not_the_article(
    what: Cosmetic, template: TemplateName
) -> None:
    outlet = Outlet([replace(small_article(2), template=template)])
    before = without_clock(page(outlet, outlet.entry(SLUG).path))
    expected = outlet.expected(SLUG)
    outlet.touch(SLUG, what)
    assert without_clock(page(outlet, outlet.entry(SLUG).path)) != before
    assert replace(outlet.expected(SLUG), tags=()) == replace(expected, tags=())


@pytest.mark.parametrize(
    ("how", "status", "location"),
    [("not-found", 404, None), ("gone", 410, None), ("to-section", 302, "/do-thi")],
)
def test_a_deleted_article_answers_as_asked_and_leaves_the_lists(
    how: Removal, status: int, location: str | None
) -> None:
    outlet = small_outlet(5)
    path = outlet.entry(SLUG).path
    outlet.delete(SLUG, how)
    answer = page_at(outlet.edition, path)
    assert (answer.status, answer.location) == (status, location)
    assert path not in page(outlet, "/rss/do-thi")
    with pytest.raises(UnknownSlugError):
        outlet.entry(SLUG)


def test_a_moved_article_is_at_its_new_address_and_the_old_one_points_there() -> None:
    outlet = small_outlet(5)
    old = outlet.entry(SLUG)
    new = outlet.move(SLUG, "ten-moi")
    answer = page_at(outlet.edition, old.path)
    assert (answer.status, answer.location) == (301, new.path)
    assert page_at(outlet.edition, new.path).status == 200
    assert outlet.edition.in_section("do-thi").count(new) == 1


def test_a_copy_in_another_outlet_names_where_it_is_from() -> None:
    original = small_article(2)
    copied = copy_of(
        original,
        original_source="Báo Thủ đô Mẫu",
        published=original.published + timedelta(minutes=40),
    )
    other = Outlet([replace(copied, template="vccorp")])
    html = page(other, other.entry(SLUG).path)
    assert 'Theo <span class="link-source-text-name">Báo Thủ đô Mẫu' in html
    assert other.expected(SLUG).blocks == small_outlet().expected(SLUG).blocks


def test_changes_from_many_threads_are_all_kept() -> None:
    outlet = small_outlet(1)
    slug = small_article(0).slug

    def work(start: int) -> None:
        for place in range(start, start + 20):
            outlet.publish(small_article(place))
            outlet.touch(slug, "counter")

    threads = [threading.Thread(target=work, args=(start,)) for start in (100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.path for entry in outlet.edition.entries}) == 61
    assert outlet.entry(slug).cosmetics.views == 60


def test_the_outlet_clock_moves_with_each_change() -> None:
    outlet = small_outlet(5)
    before = outlet.edition.now
    outlet.touch(SLUG, "counter")
    outlet.edit(SLUG, title="Khác")
    assert outlet.edition.now - before == timedelta(minutes=2)
    assert outlet.entry(SLUG).edited_at == outlet.edition.now


def test_an_outlet_may_start_without_any_article() -> None:
    outlet = Outlet([])
    assert page_at(outlet.edition, "/sitemap.xml").status == 200
    assert page_at(outlet.edition, "/do-thi").status == 200


@pytest.mark.parametrize(("redirect", "status"), [(True, 301), (False, 404)])
def test_a_page_may_be_shown_as_it_is_at_another_address(redirect: bool, status: int) -> None:
    outlet = small_outlet()
    slug = small_article(2).slug
    old = outlet.entry(slug)
    before = outlet.expected(slug)
    new = outlet.readdress(slug, "ten-khac", redirect=redirect)
    assert page_at(outlet.edition, old.path).status == status
    assert page_at(outlet.edition, new.path).status == 200
    assert outlet.expected("ten-khac") == replace(before, url=outlet.url("ten-khac"))
    outlet.end_redirects(new.path)
    assert page_at(outlet.edition, old.path).status == 404


def test_a_deleted_article_can_be_brought_back_as_it_was() -> None:
    outlet = small_outlet()
    slug = small_article(2).slug
    entry, before = outlet.entry(slug), outlet.expected(slug)
    outlet.delete(slug, "gone")
    outlet.bring_back(entry)
    assert page_at(outlet.edition, entry.path).status == 200
    assert outlet.expected(slug) == before


def test_blocks_can_be_taken_out_and_details_changed() -> None:
    outlet = small_outlet()
    slug = small_article(2).slug
    before = outlet.expected(slug)
    outlet.edit(slug, dropped=[1])
    assert outlet.expected(slug).blocks == (before.blocks[0], before.blocks[2])
    later = before.published_at + timedelta(hours=1)
    outlet.relabel(slug, byline=("Thu Hà",), tags=("hồ",), published=later)
    after = outlet.expected(slug)
    assert (after.byline, after.tags, after.published_at) == (("Thu Hà",), ("hồ",), later)
    assert after.title == before.title
