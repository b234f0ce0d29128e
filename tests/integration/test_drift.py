"""Drift through the real crawl: what changes is named in the same run, by the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hanoiwatch.sample.render.articles import article_page
from hanoiwatch.sample.synthetic import synthetic_outlet
from hanoiwatch.sources.loader import load_families
from tests.chain import Desk
from tests.crawling import Reply, Site, path_of, site
from tests.mutations import caption_moved, field_renamed, text_emptied

NAME = "bao-thu"
LAYOUT = next(one for one in load_families()["onecms"].layouts if one.name == "onecms/new")
OUTLET = synthetic_outlet(90)
PAGES = {entry.path: article_page(entry, OUTLET.edition) for entry in OUTLET.edition.entries}
OLD, NEW, CHANGED = list(PAGES)[40:], list(PAGES)[:28], list(PAGES)[28:40]


@contextmanager
def paper(desk: Desk) -> Iterator[Site]:
    with site() as served:
        desk.add_source(
            NAME,
            f'name = "{NAME}"\ntitle = "Báo Thử"\nhome = "{served.url}/"\n'
            f'[discover]\nfeeds = ["{served.url}/feed"]\n',
        )
        yield served


def publish(served: Site, pages: dict[str, str]) -> None:
    served.pages |= {path: Reply(body=html) for path, html in pages.items()}
    served.feed(*pages)


def changed_pages() -> dict[str, str]:
    """Twelve pages, each on the day of another change."""
    pages = {path: PAGES[path] for path in CHANGED}
    renamed = ("title", "lead", "byline", "published", "text")
    ways: list[Any] = [lambda html, one=one: field_renamed(html, LAYOUT, one) for one in renamed]
    ways += [lambda html, tag=tag: caption_moved(html, LAYOUT, tag) for tag in ("p", "table")]
    ways += [
        lambda html: text_emptied(html, LAYOUT),
        lambda html: text_emptied(html, LAYOUT, 1),
        lambda _: "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>",
        lambda html: html.replace("</h1>", "</h1><!-- -->").replace(
            body_of(html), "<p>Bạn cần đăng nhập để đọc tiếp bài viết này.</p>"
        ),
        lambda _: "<title>Bảo trì</title><h1>Hệ thống đang bảo trì</h1><p>Quay lại sau.</p>",
    ]
    found = {}
    for (path, html), way in zip(pages.items(), ways, strict=True):
        made = way(html)
        assert made not in (None, html), path
        found[path] = made
    return found


def body_of(html: str) -> str:
    start = html.index('<p class="block-sc-text">')
    return html[start : html.index("</article>")]


@pytest.mark.slow
def test_changed_pages_are_told_in_the_same_run_and_clean_ones_are_not(desk: Desk) -> None:
    with paper(desk) as served:
        publish(served, {path: PAGES[path] for path in OLD})
        (first,) = desk.crawl(NAME)["sources"]
        assert (first["suspects"], first["collapses"], first["compared_with"]) == ([], [], 0)
        changed = changed_pages()
        publish(served, {path: PAGES[path] for path in NEW} | changed)
        (second,) = desk.crawl(NAME, expect=None)["sources"]
        table = desk.run("coverage")
        told = desk.json("coverage")["drift"][NAME]
    assert {path_of(one["url"]) for one in second["suspects"]} == set(changed)
    assert all(one["reason"] for one in second["suspects"])
    assert second["compared_with"] == len(OLD)
    assert second["recorded"]["suspect"] == len(changed)
    assert second["recorded"]["not-article"] == 4  # emptied, challenge, login, maintenance
    assert len(told["suspects"]) == len(changed)
    assert f"{NAME}: suspect pages in its last run: {len(changed)}" in table.stderr
    desk.assert_exact_ledger()


@pytest.mark.slow
def test_a_field_that_collapses_is_named_and_makes_the_crawl_partly_failed(desk: Desk) -> None:
    with paper(desk) as served:
        publish(served, {path: PAGES[path] for path in OLD})
        desk.crawl(NAME)
        without = {
            path: PAGES[path].replace("sc-longform-header-sapo block-sc-sapo", "mo-ta")
            for path in NEW[:6]
        }
        publish(served, without)
        done = desk.run("crawl", NAME)
        checked = desk.run("sources", "check", NAME)
        (again,) = desk.json("coverage")["drift"].values()
    assert done.returncode == 3, done.stdout + done.stderr
    assert f"{NAME}: its pages have changed: lead: 0% of 6 pages, 100% before" in done.stderr
    assert (
        f"{NAME}: suspect: {served.url}{NEW[0]}: no lead, which 50 of 50 pages had" in done.stderr
    )
    assert checked.returncode == 3
    assert "✗ drift   lead: lead: 0% of 6 pages, 100% before" in checked.stdout
    assert again["known"] >= 50
    listed = {row["name"]: row for row in desk.json("sources", "list", "--all")}
    assert listed[NAME]["checked"].endswith(("problem", "problems"))


@pytest.mark.slow
def test_a_page_that_changes_where_it_stands_is_told_by_what_it_was(desk: Desk) -> None:
    few = OLD[:4]
    with paper(desk) as served:
        publish(served, {path: PAGES[path] for path in few})
        desk.crawl(NAME)
        served.pages[few[0]] = Reply(body=field_renamed(PAGES[few[0]], LAYOUT, "published") or "")
        (second,) = desk.crawl(NAME, "--refetch")["sources"]
    assert [path_of(one["url"]) for one in second["suspects"]] == [few[0]]
    assert "published" in second["suspects"][0]["reason"]
    desk.assert_exact_ledger()


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--format", "json"), ()])
def test_the_demo_of_a_whole_paper_raises_no_alarm(desk: Desk, words: tuple[str, ...]) -> None:
    with paper(desk) as served:
        publish(served, PAGES)
        done = desk.run("crawl", NAME, *words)
    assert done.returncode == 0, done.stderr
    assert "suspect:" not in done.stderr
