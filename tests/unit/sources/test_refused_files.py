"""A wrong source file is refused with its path, the line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanoiwatch.errors import SourceFileError
from hanoiwatch.sources.loader import load_families, read_family, read_source

HEAD = 'name = "demo"\ntitle = "Báo Thử"\nhome = "https://bao.example/"\n'
FEEDS = '[discover]\nfeeds = ["https://bao.example/rss"]\n'
LAYOUT = '[[layout]]\nname = "one"\nwhen = "h1"\n'
GOOD = HEAD + FEEDS


def refusal(tmp_path: Path, text: str | bytes, name: str = "demo.toml") -> SourceFileError:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SourceFileError) as caught:
        read_source(path, load_families())
    assert caught.value.path == path
    assert str(caught.value).endswith((".", "?"))
    return caught.value


WRONG = {
    # unknown keys, with the nearest known one
    "a misspelt key": (HEAD + 'rigths = "full"\n' + FEEDS, 4, "Did you mean `rights`?"),
    "a misspelt table": (GOOD + "[fetchh]\ndelay_seconds = 1\n", 6, "Did you mean `fetch`?"),
    "a misspelt key of a table": (
        GOOD + "[fetch]\n\ndelay_second = 1\n", 8, "Did you mean `delay_seconds`?",
    ),
    "a key of a table that stands above it": (
        HEAD + 'crawl = "0 1 * * *"\n' + FEEDS, 4, "it belongs in [schedule]",
    ),
    "a key like no other": (GOOD + "zzzz = 1\n", 6, "Known: feeds, sitemaps, sections,"),
    "a misspelt key of a layout": (
        GOOD + LAYOUT + LAYOUT.replace("one", "two") + 'leed = "h2"\n', 12, "Did you mean `lead`?",
    ),
    "a misspelt key of an inline table": (
        HEAD + 'discover = {feeds = ["https://bao.example/rss"], feed = []}\n', 4, "`feeds`?",
    ),
    # types
    "a number as name": (GOOD.replace('"demo"', "1"), 1, "must be a text in quotes, not a whole"),
    "a text as list": (
        HEAD + '[discover]\nfeeds = "https://bao.example/rss"\n', 5,
        "`discover.feeds` must be a list",
    ),
    "a number in a list over several lines": (
        HEAD + '[discover]\nfeeds = [\n  "https://bao.example/rss",\n  # said\n  7,\n]\n', 8,
        "`discover.feeds` must be a text in quotes",
    ),
    "a text as delay": (GOOD + '[fetch]\ndelay_seconds = "2"\n', 7, "a number, not a text"),
    "a text as switch": (HEAD + 'enabled = "yes"\n' + FEEDS, 4, "must be true or false"),
    "a value as table": (HEAD + "discover = 3\n", 4, "`discover` must be a table"),
    "a table as list of tables": (GOOD + '[layout]\nwhen = "h1"\n', 6, "write [[layout]]"),
    "a pattern that is neither text nor list": (
        GOOD + "article_url = 5\n", 6, "a text in quotes or a list, not a whole number",
    ),
    "a time as date": (GOOD + LAYOUT + "valid_until = 07:30:00\n", 9, "must be a date"),
    "a text that is no date": (GOOD + LAYOUT + 'valid_until = "May"\n', 9, "valid_until"),
    # required keys
    "no name": (GOOD.replace('name = "demo"\n', ""), None, "required key `name` is missing"),
    "no title": (GOOD.replace('title = "Báo Thử"\n', ""), None, "key `title` is missing"),
    "no home": (GOOD.replace('home = "https://bao.example/"\n', ""), None, "key `home` is missing"),
    "no discovery": (HEAD, None, "name at least one of feeds, sitemaps and sections"),
    "an empty discovery": (HEAD + "[discover]\nfeeds = []\n", 4, "name at least one of feeds"),
    "a layout without when": (GOOD + '[[layout]]\ntitle = "h1"\n', 6, "key `when` of [layout]"),
    "an empty when": (GOOD + '[[layout]]\nwhen = ""\n', 7, "`layout.when`: it is empty"),
    # names
    "a name with capitals": (GOOD.replace('"demo"', '"Demo"'), 1, "only the letters a-z"),
    "an empty name": (GOOD.replace('"demo"', '""'), 1, "only the letters a-z"),
    "a name that is not the file's": (GOOD.replace('"demo"', '"demos"'), 1, "called demos.toml"),
    "an empty title": (GOOD.replace("Báo Thử", " "), 2, "it is empty"),
    "a title over two lines": (GOOD.replace("Báo Thử", "Báo\\nThử"), 2, "line break"),
    "two layouts of one name": (GOOD + LAYOUT + LAYOUT, 10, "two layouts called `one`"),
    "a layout name with a slash": (GOOD + LAYOUT.replace("one", "a/b"), 7, "only the letters"),
    # addresses
    "a home without scheme": (GOOD.replace("https://bao.example/", "bao.example"), 3, "whole ad"),
    "a file as home": (GOOD.replace("https://bao.example/", "file:///etc"), 3, "whole address"),
    "a home without host": (GOOD.replace("https://bao.example/", "https:///x"), 3, "no host name"),
    "a home with a space": (GOOD.replace("bao.example/", "bao.example/a b"), 3, "space"),
    "a host with an underscore": (GOOD.replace("bao.example/", "b_o.example/"), 3, "no host name"),
    "a host with two dots": (GOOD.replace("bao.example/", "bao..example/"), 3, "no host name"),
    "a host beyond ASCII": (GOOD.replace("bao.example/", "báo.example/"), 3, "ASCII form"),
    "a port too large": (GOOD.replace("bao.example/", "bao.example:99999/"), 3, "no address"),
    "port 0": (GOOD.replace("bao.example/", "bao.example:0/"), 3, "port 0"),
    "half an IPv6 address": (GOOD.replace("bao.example/", "[::1/"), 3, "no address"),
    "a password in the address": (GOOD.replace("bao.example/", "a:b@bao.example/"), 3, "password"),
    "a fragment": (GOOD.replace("bao.example/", "bao.example/#x"), 3, "fragment"),
    "a private home": (GOOD.replace("https://bao.example/", "http://10.0.0.7/"), 3, "private"),
    "a relative section": (GOOD + 'sections = ["/chinh-tri"]\n', 6, "whole address"),
    "a wrong feed in a long list": (
        HEAD + '[discover]\nfeeds = [\n  "https://bao.example/1", "https://bao.example/2",\n'
        '  "htps://bao.example/3",\n]\n', 7, "whole address",
    ),
    "a public source that lists this machine": (
        GOOD + 'sitemaps = ["http://127.0.0.1:8000/sitemap.xml"]\n', 6, "cannot be led to",
    ),
    "a local source that lists another port": (
        GOOD.replace('home = "https://bao.example/"', 'home = "http://127.0.0.1:8000/"')
        .replace("https://bao.example/rss", "http://127.0.0.1:8001/rss"), 5,
        "only from 127.0.0.1:8000",
    ),
    "a list that is feed and section": (
        GOOD + 'sections = [\n  "https://bao.example/",\n  "https://bao.example/rss",\n]\n', 8,
        "`discover.sections`: https://bao.example/rss stands under `feeds` too",
    ),
    # patterns
    "a pattern that does not compile": (GOOD + "article_url = '-(\\d+'\n", 6, "does not compile"),
    "the second pattern of a list": (
        GOOD + "exclude_url = [\n  '/podcast/',\n  '[a-',\n]\n", 8, "does not compile",
    ),
    "a pattern that Python will read otherwise": (GOOD + "article_url = '[[a]'\n", 6, "compile"),
    "an empty pattern": (GOOD + "article_url = ''\n", 6, "matches every address"),
    "a pattern with too many repeats": (
        GOOD + "article_url = 'a{99999999999999999999}'\n", 6, "does not compile",
    ),
    "a pattern nested without end": (
        GOOD + f"article_url = '{'(' * 5000}'\n", 6, "nested too deeply",
    ),
    # selectors
    "a selector of 5,000 steps": (
        GOOD + LAYOUT + f"title = '{'a > ' * 5000}a'\n", 9, "nested too deeply",
    ),
    "a selector that is not CSS": (GOOD + LAYOUT + 'title = "h1..x"\n', 9, "CSS selector"),
    "a pseudo-element": (GOOD + LAYOUT + 'title = "h1::text"\n', 9, "CSS selector"),
    "a pseudo-class that lxml lacks": (GOOD + LAYOUT + 'title = "h1:hover-x"\n', 9, "CSS selector"),
    "a namespace that no page has": (GOOD + LAYOUT + 'title = "svg|h1"\n', 9, "CSS selector"),
    "a wrong selector in a list": (
        GOOD + LAYOUT + 'drop = [\n  ".box",\n  "a[",\n]\n', 11, "CSS selector",
    ),
    "a time format without directives": (
        GOOD + LAYOUT + 'published_formats = ["dd/mm/yyyy"]\n', 9, "needs directives",
    ),
    "a time format with an unknown directive": (
        GOOD + LAYOUT + 'published_formats = ["%d/%m/%Y", "%Q"]\n', 9, "has no %Q",
    ),
    "a time format that ends in %": (
        GOOD + LAYOUT + 'published_formats = ["%d %"]\n', 9, "time format",
    ),
    # choices and ranges
    "unknown rights": (HEAD + 'rights = "all"\n' + FEEDS, 4, "one of full, excerpt, link"),
    "unknown render": (GOOD + '[fetch]\nrender = "yes"\n', 7, "one of never, auto, always"),
    "an unknown family": (HEAD + 'family = "wordpress"\n' + FEEDS, 4, "no family `wordpress`"),
    "a negative delay": (GOOD + "[fetch]\ndelay_seconds = -1\n", 7, "from 0 to 3600"),
    "a delay beyond all numbers": (GOOD + f"[fetch]\ndelay_seconds = 1{'0' * 400}\n", 7, "range"),
    "an endless delay": (GOOD + "[fetch]\ndelay_seconds = inf\n", 7, "from 0 to 3600"),
    "a delay that is no number": (GOOD + "[fetch]\ndelay_seconds = nan\n", 7, "from 0 to 3600"),
    "an early year": (HEAD + "founded = 1890\n" + FEEDS, 4, "a year from 1997 to 2100"),
    "no pages": (GOOD + "section_pages = 0\n", 6, "from 1 to 100"),
    "too many pages": (GOOD + "section_pages = 101\n", 6, "from 1 to 100"),
    "a page_url without a page": (GOOD + 'page_url = "{section}/2"\n', 6, "{section} and {page}"),
    "a page_url without a section": (GOOD + 'page_url = "https://a.vn/{page}"\n', 6, "{section}"),
    "a page_url with another field": (GOOD + 'page_url = "{section}{page}{x}"\n', 6, "nothing"),
    "a page_url with an open brace": (GOOD + 'page_url = "{section}{page"\n', 6, "braces"),
    "a page_url with a format": (GOOD + 'page_url = "{section}{page:03}"\n', 6, "without ! or :"),
    "a page_url that gives no address": (GOOD + 'page_url = "x{section}/{page}"\n', 6, "address"),
    "an empty word of the scope": (GOOD + '[scope]\nany = ["Hà Nội", ""]\n', 7, "empty word"),
    "an unknown group of the scope": (GOOD + '[scope]\nany = ["@people"]\n', 7, "group `@people`"),
    "a cron expression of four fields": (GOOD + '[schedule]\ncrawl = "0 1 * *"\n', 7, "this one 4"),
    "minute 60": (GOOD + '[schedule]\ncrawl = "60 1 * * *"\n', 7, "`60` cannot be the minute"),
    # the file itself
    "a syntax error": (HEAD + "rights = full\n", 4, "not valid TOML"),
    "a key given twice": (HEAD + 'name = "demo"\n', 4, "not valid TOML"),
    "a string without end": (HEAD + 'rights = "full', 4, "not valid TOML"),
    "a list without end": (HEAD + "[discover]\nfeeds = [\n", 5, "not valid TOML"),
    "arrays nested without end": (HEAD + "x = " + "[" * 5000, None, "nested too deeply"),
    "a number of 5,000 digits": (HEAD + "x = " + "1" * 5000, None, "more digits"),
    "text that is not UTF-8": (HEAD.encode() + 'title = "Báo"'.encode("latin-1"), 4, "not UTF-8"),
    "far too much text": (GOOD + "#" * 300_000, None, "more than 256 KB"),
    "an empty file": ("", None, "required key `name`"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_refused_with_line_and_reason(tmp_path: Path, fault: str) -> None:
    text, line, reason = WRONG[fault]
    error = refusal(tmp_path, text)
    assert (error.line, reason in error.reason) == (line, True), str(error)


@pytest.mark.parametrize(("opens", "inside", "closes"), [("[", "", "]"), ("{a=", "1", "}")])
def test_no_depth_of_nesting_is_a_traceback(
    tmp_path: Path, opens: str, inside: str, closes: str
) -> None:
    depths = [*range(100, 1200, 50), *range(300, 520, 3)]
    reasons = {
        refusal(tmp_path, HEAD + f"x = {opens * depth}{inside}{closes * depth}\n").reason
        for depth in depths
    }
    assert len(reasons) == 2
    assert "its arrays or tables are nested too deeply." in reasons


def test_the_refusal_is_one_sentence_with_path_and_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, GOOD + "section_pages = 0\n")
    place = tmp_path / "demo.toml"
    assert str(error) == f"{place}:6: `discover.section_pages`: it must be from 1 to 100."


def test_a_near_family_is_offered(tmp_path: Path) -> None:
    (tmp_path / "onecms.toml").write_text(LAYOUT.replace("[[", 'name="onecms"\ntitle="O"\n[['))
    path = tmp_path / "demo.toml"
    path.write_text(HEAD + 'family = "oncms"\n' + FEEDS)
    with pytest.raises(SourceFileError, match=r"no family `oncms`\. Did you mean `onecms`\?"):
        read_source(path, {"onecms": read_family(tmp_path / "onecms.toml")})


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").mkdir()
    with pytest.raises(SourceFileError, match="this is a directory"):
        read_source(tmp_path / "demo.toml", {})


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "demo.toml"
    path.symlink_to(path)
    with pytest.raises(SourceFileError, match=r"no such file|cannot be read"):
        read_source(path, {})


def test_a_device_is_refused_rather_than_read_for_ever() -> None:
    with pytest.raises(SourceFileError, match="no ordinary file"):
        read_source(Path("/dev/zero"), {})


def test_a_file_that_the_system_does_not_give_is_refused() -> None:
    with pytest.raises(SourceFileError, match="cannot be read"):
        read_source(Path("/proc/self/mem"), {})


FAMILY = 'name = "fam"\ntitle = "F"\n'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (FAMILY, None, "the required key `layout` is missing"),
        (FAMILY + "layout = []\n", 3, "needs at least one"),
        (FAMILY.replace("fam", "fan") + LAYOUT, 1, "called fan.toml"),
        (FAMILY + 'home = ""\n' + LAYOUT, 3, "unknown key `home`"),
        (FAMILY + '[[layout]]\nwhen = "h1"\n', 3, "key `name` of [layout] is missing"),
        (FAMILY + LAYOUT.replace("h1", "h1["), 5, "CSS selector"),
    ],
)
def test_a_wrong_family_is_refused(
    tmp_path: Path, text: str, line: int | None, reason: str
) -> None:
    path = tmp_path / "fam.toml"
    path.write_text(text)
    with pytest.raises(SourceFileError) as caught:
        read_family(path)
    assert (caught.value.line, reason in caught.value.reason) == (line, True), str(caught.value)
