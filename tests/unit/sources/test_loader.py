"""Source and family files become records; the user's replace the bundled."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from hanoiwatch.errors import SourceFileError, UnknownSourceError
from hanoiwatch.sources.loader import (
    BUNDLED_SOURCES,
    choose,
    load_families,
    load_sources,
    read_family,
    read_source,
    source_path,
)
from hanoiwatch.sources.schema import (
    DEFAULT_DELAY_SECONDS,
    Discover,
    Fetch,
    Layout,
    Scope,
    Source,
)

SMALLEST = """\
name = "demo"
title = "Báo Thử"
home = "https://bao.example/"
discover.feeds = ["https://bao.example/rss"]
"""

WHOLE = """\
name = "demo"
title = "Báo Thử"
home = "https://bao.example/"
family = "fam"
rights = "full"
enabled = false
verified = "read by hand, 2026-09-30"

[scope]
sections = ["Chính trị", "Xã hội"]
any = ["Hà Nội", "@bodies"]

[discover]
feeds = ["https://bao.example/rss/chinh-tri"]
sitemaps = ["https://bao.example/sitemap.xml"]
sections = ["https://bao.example/chinh-tri"]
section_pages = 3
page_url = "{section}/trang-{page}"
article_url = ['-\\d{6,}\\.html$', '/bai/']
exclude_url = '/podcast/'

[fetch]
delay_seconds = 5
render = "auto"

[schedule]
crawl = "*/30 5-23 * * mon-fri"

[[layout]]
when = "h1.new"
title = "h1.new"
drop = [".box", "aside > p"]
published_formats = ["%d/%m/%Y %H:%M"]
caption = "figure > figcaption"

[[layout]]
name = "old"
when = "h1.old"
valid_until = 2024-12-31
"""
FAMILY = 'name = "fam"\ntitle = "Fam CMS"\n[[layout]]\nname = "new"\nwhen = "h1.fam"\n'


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_lines_make_a_source(tmp_path: Path) -> None:
    assert read_source(write(tmp_path, "demo", SMALLEST), {}) == Source(
        name="demo",
        title="Báo Thử",
        home="https://bao.example/",
        discover=Discover(feeds=("https://bao.example/rss",)),
    )


def test_every_key_arrives_in_the_record(tmp_path: Path) -> None:
    families = {"fam": read_family(write(tmp_path, "fam", FAMILY))}
    assert read_source(write(tmp_path, "demo", WHOLE), families) == Source(
        name="demo",
        title="Báo Thử",
        home="https://bao.example/",
        family="fam",
        rights="full",
        enabled=False,
        verified="read by hand, 2026-09-30",
        scope=Scope(sections=("Chính trị", "Xã hội"), any=("Hà Nội", "@bodies")),
        discover=Discover(
            feeds=("https://bao.example/rss/chinh-tri",),
            sitemaps=("https://bao.example/sitemap.xml",),
            sections=("https://bao.example/chinh-tri",),
            section_pages=3,
            page_url="{section}/trang-{page}",
            article_url=(r"-\d{6,}\.html$", "/bai/"),
            exclude_url=("/podcast/",),
        ),
        fetch=Fetch(delay_seconds=5.0, render="auto"),
        crawl="*/30 5-23 * * mon-fri",
        layouts=(
            Layout(
                name="demo/1",
                when="h1.new",
                title="h1.new",
                drop=(".box", "aside > p"),
                published_formats=("%d/%m/%Y %H:%M",),
                caption="figure > figcaption",
            ),
            Layout(name="demo/old", when="h1.old", valid_until=date(2024, 12, 31)),
        ),
    )


def test_a_family_names_its_layouts_after_itself(tmp_path: Path) -> None:
    family = read_family(write(tmp_path, "fam", FAMILY))
    assert (family.name, family.title) == ("fam", "Fam CMS")
    assert [layout.name for layout in family.layouts] == ["fam/new"]


def test_a_file_with_a_byte_order_mark_and_windows_lines_loads(tmp_path: Path) -> None:
    path = tmp_path / "demo.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    assert read_source(path, {}).title == "Báo Thử"


def test_names_arrive_composed_however_they_were_typed(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", SMALLEST + 'scope.sections = ["Đời sống"]\n')
    source = read_source(write(tmp_path, "demo", text), {})
    assert (source.title, source.scope.sections) == ("Báo Thử", ("Đời sống",))


@pytest.mark.parametrize("home", ["http://127.0.0.1:8000/", "http://localhost/", "http://[::1]:1/"])
def test_a_source_on_this_machine_has_no_delay_of_its_own(tmp_path: Path, home: str) -> None:
    text = SMALLEST.replace("https://bao.example/", home)
    source = read_source(write(tmp_path, "demo", text), {})
    assert (source.is_local, source.delay_seconds) == (True, 0.0)


def test_a_public_source_waits_two_seconds_unless_told_otherwise(tmp_path: Path) -> None:
    source = read_source(write(tmp_path, "demo", SMALLEST), {})
    assert (source.is_local, source.delay_seconds) == (False, DEFAULT_DELAY_SECONDS)


def test_own_files_come_beside_the_bundled_ones(tmp_path: Path) -> None:
    write(tmp_path, "demo", SMALLEST)
    sources = load_sources(tmp_path)
    assert set(sources) == {*load_sources(None), "demo"}
    assert list(sources) == sorted(sources)


def test_an_own_file_replaces_the_bundled_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "hanoimoi", SMALLEST.replace('"demo"', '"hanoimoi"'))
    assert load_sources(tmp_path)["hanoimoi"].home == "https://bao.example/"
    assert source_path("hanoimoi", tmp_path) == tmp_path / "hanoimoi.toml"
    assert source_path("hanoimoi", None) == BUNDLED_SOURCES / "hanoimoi.toml"


def test_own_families_stand_in_a_folder_beside_own_sources(tmp_path: Path) -> None:
    write(tmp_path / "families", "fam", FAMILY)
    write(tmp_path, "demo", WHOLE)
    assert load_sources(tmp_path)["demo"].family == "fam"


def test_an_own_family_replaces_the_bundled_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "onecms", FAMILY.replace('"fam"', '"onecms"'))
    families = load_families(tmp_path)
    assert families["onecms"].title == "Fam CMS"
    assert set(families) == {*load_families(), "onecms"}


def test_a_missing_folder_has_no_sources(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "none") == load_sources()


def test_hidden_files_and_other_kinds_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".demo", "lock of an editor")
    (tmp_path / "demo.toml~").write_text("old copy of an editor")
    assert load_sources(tmp_path) == load_sources()


def test_a_file_instead_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "demo", SMALLEST)
    with pytest.raises(SourceFileError, match="folder of source files cannot be read"):
        load_sources(path)


def test_one_wrong_own_file_refuses_the_whole_load(tmp_path: Path) -> None:
    write(tmp_path, "demo", SMALLEST)
    wrong = write(tmp_path, "other", SMALLEST)
    with pytest.raises(SourceFileError) as caught:
        load_sources(tmp_path)
    assert (caught.value.path, caught.value.line) == (wrong, 1)


def source(name: str, *, enabled: bool = True) -> Source:
    return Source(
        name=name,
        title=name,
        home="https://bao.example/",
        discover=Discover(feeds=("https://bao.example/rss",)),
        enabled=enabled,
    )


SOURCES = {one.name: one for one in (source("one"), source("two"), source("off", enabled=False))}


@pytest.mark.parametrize(
    ("enabled", "names", "chosen"),
    [
        (None, (), ["one", "two"]),
        (("off", "one"), (), ["off", "one"]),
        ((), (), []),
        (None, ("two",), ["two"]),
        (("one",), ("off", "two", "off"), ["off", "two"]),
    ],
)
def test_names_win_over_settings_and_settings_over_files(
    enabled: tuple[str, ...] | None, names: tuple[str, ...], chosen: list[str]
) -> None:
    assert [one.name for one in choose(SOURCES, enabled, names)] == chosen


@pytest.mark.parametrize(
    ("enabled", "names"), [(None, ("onee",)), (("onee",), ()), (("nothing",), ("onee",))]
)
def test_an_unknown_name_is_an_error_with_the_nearest_known(
    enabled: tuple[str, ...] | None, names: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownSourceError, match=r"no source `onee`\. Did you mean `one`\?"):
        choose(SOURCES, enabled, names)


def test_a_name_like_no_other_is_just_unknown() -> None:
    with pytest.raises(UnknownSourceError, match=r"no source `zzz`\.$"):
        choose(SOURCES, None, ("zzz",))
