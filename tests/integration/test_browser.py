"""Pages that need a browser, in a real Chromium against loopback outlets."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from bench.scripted import CHALLENGE_PAGE, COOKIE_PAGE, DEADLY, Piece, answer, shell, whole
from tests.browsers import needs_browser
from tests.chain import Desk
from tests.crawling import Reply, Site, send, site

pytestmark = needs_browser


@pytest.fixture
def outlet() -> Iterator[Site]:
    with site() as here:
        yield here


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """A server that the outlet has no business with."""
    with site() as other:
        yield other


def add_source(desk: Desk, here: Site, render: str, discover: str = "") -> None:
    discover = discover or f'feeds = ["{here.url}/feed"]'
    desk.add_source(
        "bao-thu",
        f'name = "bao-thu"\ntitle = "Báo Thử"\nhome = "{here.url}/"\n[discover]\n{discover}\n'
        f'[fetch]\nrender = "{render}"\n',
    )


def publish(here: Site, *pieces: Piece) -> None:
    """Each as a shell, and its script's answer; listed by the feed."""
    here.feed(*(piece.path for piece in pieces))
    for piece in pieces:
        here.pages[piece.path] = Reply(body=shell(piece))
        here.pages[f"/api{piece.path}"] = Reply(body=answer(piece), type="application/json")


def counts(report: dict) -> dict[str, int]:
    return report["sources"][0]["counts"]


def test_an_app_shell_is_read_as_the_browser_showed_it(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=1)
    publish(outlet, piece)
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert report["sources"][0]["recorded"] == {"new": 1}
    assert counts(report)["rendered"] == 1
    article = desk.show(outlet.url + piece.path)
    assert article["title"] == piece.title
    assert article["text"] == "\n".join(piece.paragraphs)
    assert article["capture"]["rendered_record_id"]
    assert outlet.times(piece.path) == 1  # the browser was given what the crawler had
    desk.assert_exact_ledger()


def test_auto_leaves_a_page_alone_that_has_its_article(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=2)
    outlet.feed(piece.path)
    outlet.pages[piece.path] = Reply(body=whole(piece, "<script src='/theo-doi.js'></script>"))
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert "rendered" not in counts(report)
    assert outlet.times("/theo-doi.js") == 0
    assert desk.show(outlet.url + piece.path)["capture"]["rendered_record_id"] is None


def test_always_shows_every_article_and_section_in_the_browser(desk: Desk, outlet: Site) -> None:
    piece, listed = Piece(number=3), Piece(number=4)
    outlet.pages |= {
        piece.path: Reply(body=whole(piece, "<script src='/them.js'></script>")),
        listed.path: Reply(body=whole(listed)),
        "/them.js": Reply(body="document.title = 'đã chạy'", type="text/javascript"),
        "/thoi-su": Reply(
            body="<html><body><ul id='ds'></ul><script>fetch('/ds').then(a => a.text())"
            ".then(a => { ds.innerHTML = a })</script></body></html>"
        ),
        "/ds": Reply(
            body=f"<li><a href='{piece.path}'>{piece.title}</a></li>"
            f"<li><a href='{listed.path}'>{listed.title}</a></li>"
        ),
    }
    add_source(desk, outlet, "always", f'sections = ["{outlet.url}/thoi-su"]')
    report = desk.crawl("bao-thu")
    assert counts(report)["listed"] == 2
    assert counts(report)["rendered"] == 3
    assert outlet.times("/them.js") == 1
    assert desk.show(outlet.url + piece.path)["capture"]["rendered_record_id"]
    desk.assert_exact_ledger()


def test_a_page_that_sets_a_cookie_and_loads_itself_again_is_read_behind_it(
    desk: Desk, outlet: Site
) -> None:
    piece = Piece(number=5)

    def gate(handler: BaseHTTPRequestHandler) -> None:
        has_it = "D1N=4f1a77" in handler.headers.get("Cookie", "")
        send(handler, Reply(body=whole(piece) if has_it else COOKIE_PAGE))

    outlet.feed(piece.path)
    outlet.pages[piece.path] = gate
    add_source(desk, outlet, "auto")
    desk.crawl("bao-thu")
    assert desk.show(outlet.url + piece.path)["text"] == "\n".join(piece.paragraphs)
    assert outlet.times(piece.path) == 2


def test_lists_behind_such_a_page_are_read_too(desk: Desk, outlet: Site) -> None:
    pieces = Piece(number=21), Piece(number=22)
    outlet.feed(*(piece.path for piece in pieces))
    behind = {"/feed": outlet.pages["/feed"]}
    behind |= {piece.path: Reply(body=whole(piece)) for piece in pieces}
    behind["/muc"] = Reply(
        body=f"<html><body><a href='{pieces[1].path}'>{pieces[1].title}</a></body></html>"
    )

    def gate(handler: BaseHTTPRequestHandler) -> None:
        has_it = "D1N=4f1a77" in handler.headers.get("Cookie", "")
        send(handler, behind[handler.path] if has_it else Reply(body=COOKIE_PAGE))

    outlet.pages |= dict.fromkeys(behind, gate)
    lists = f'feeds = ["{outlet.url}/feed"]\nsections = ["{outlet.url}/muc"]'
    add_source(desk, outlet, "auto", lists)
    report = desk.crawl("bao-thu")
    assert report["sources"][0]["recorded"] == {"new": 2}
    again = desk.crawl("bao-thu")  # the page before the feed is the same as ever
    assert again["sources"][0]["counts"]["listed"] == 2
    desk.assert_exact_ledger()


def test_a_challenge_is_never_shown_to_the_browser(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=6)
    outlet.feed(piece.path)
    outlet.pages[piece.path] = Reply(body=CHALLENGE_PAGE)
    add_source(desk, outlet, "always")
    report = desk.crawl("bao-thu")
    assert "rendered" not in counts(report)
    assert report["sources"][0]["recorded"] == {"not-article": 1, "suspect": 1}
    assert outlet.times(piece.path) == 1


def test_a_page_reaches_nothing_but_its_own_source(
    desk: Desk, outlet: Site, elsewhere: Site
) -> None:
    piece = Piece(number=7)
    there, socket = elsewhere.url, elsewhere.url.replace("http", "ws")
    blob = "URL.createObjectURL(new Blob(["
    script = f"""
        fetch("{there}/bang-fetch").catch(() => 0);
        fetch("/chuyen-huong").catch(() => 0);
        fetch("http://169.254.169.254/latest/meta-data").catch(() => 0);
        fetch("http://[::1]:{there.rpartition(":")[2]}/v6").catch(() => 0);
        navigator.sendBeacon("{there}/beacon");
        new WebSocket("{socket}/ws");
        new Image().src = "{there}/anh";
        new Worker({blob}"fetch('{there}/tu-worker');new WebSocket('{socket}/worker')"])));
        try {{ new SharedWorker({blob}"fetch('{there}/tu-shared')"]))) }} catch (e) {{}}
        window.open("{there}/cua-so");
        const frame = document.createElement("iframe");
        frame.src = "{there}/khung"; document.body.append(frame);
        const css = document.createElement("link");
        css.rel = "stylesheet"; css.href = "{there}/kieu.css"; document.head.append(css);
        const pc = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:3478"}}]}});
    """
    publish(outlet, piece)
    head = f'<link rel="preconnect" href="{there}"><link rel="prefetch" href="{there}/truoc">'
    outlet.pages |= {
        piece.path: Reply(body=shell(piece, script, head)),
        "/chuyen-huong": Reply(status=302, headers={"Location": f"{there}/qua-chuyen-huong"}),
    }
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert elsewhere.log == []
    assert counts(report)["page-requests-refused"] >= 6
    assert desk.show(outlet.url + piece.path)["text"] == "\n".join(piece.paragraphs)


def test_a_page_may_not_lead_the_browser_to_another_page(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=8)
    publish(outlet, piece)
    outlet.pages[piece.path] = Reply(body=shell(piece, "setTimeout(() => location = '/khac', 50);"))
    outlet.pages["/khac"] = Reply(body=whole(Piece(number=9)))
    add_source(desk, outlet, "auto")
    desk.crawl("bao-thu")
    assert outlet.times("/khac") == 0
    assert desk.show(outlet.url + piece.path)["title"] == piece.title


def test_pictures_fonts_media_and_trackers_are_not_loaded(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=10)
    publish(outlet, piece)
    font = "<style>@font-face{font-family:x;src:url(/chu.woff2)}body{font-family:x}</style>"
    media = (
        "<img src='/anh.jpg'><picture><source srcset='/anh.webp'><img src='/anh2.jpg'></picture>"
        "<video src='/phim.mp4' autoplay poster='/bia.jpg'></video><audio src='/tieng.mp3'></audio>"
        "<div style='background:url(/nen.png)'>x</div>"
        "<script src='https://www.google-analytics.com/analytics.js'></script>"
    )
    outlet.pages[piece.path] = Reply(body=shell(piece, head=font, more=media))
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert {one.path for one in outlet.log} <= {
        "/robots.txt", "/feed", piece.path, f"/api{piece.path}",
    }  # fmt: skip
    assert counts(report)["page-requests-not-loaded"] >= 2
    assert desk.show(outlet.url + piece.path)["title"] == piece.title


def test_a_page_that_hangs_or_crashes_costs_only_itself(desk: Desk, outlet: Site) -> None:
    good, hangs, dies = Piece(number=11), Piece(number=12), Piece(number=13)
    publish(outlet, good, hangs, dies)
    outlet.pages[hangs.path] = Reply(body=shell(hangs, "for (;;) {}"))
    outlet.pages[dies.path] = Reply(body=shell(dies, DEADLY))
    desk.write_settings('data_dir = "data"\n[browser]\ntimeout_seconds = 30\n')
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu")
    assert counts(report)["fetched"] == 1
    assert counts(report)["failed"] == 2
    losses = {line["url"]: line["reason"] for line in desk.json("coverage", "--losses")}
    assert [losses[outlet.url + piece.path] for piece in (hangs, dies)] == [
        "browser: the page hung (over 30 s)", "browser: the page crashed the browser's process",
    ]  # fmt: skip
    assert desk.show(outlet.url + good.path)["title"] == good.title
    desk.assert_exact_ledger()


def test_robots_txt_and_the_pace_hold_for_a_page_that_loads_itself_again(
    desk: Desk, outlet: Site
) -> None:
    piece = Piece(number=14)
    publish(outlet, piece)
    outlet.pages |= {
        piece.path: Reply(body=shell(piece, "if (!location.search) location = '?cam=1';")),
        "/robots.txt": Reply(body="User-agent: *\nDisallow: /*?cam=\n", type="text/plain"),
    }
    slow = Piece(number=15)

    def gate(handler: BaseHTTPRequestHandler) -> None:
        has_it = "D1N=" in handler.headers.get("Cookie", "")
        send(handler, Reply(body=whole(slow) if has_it else COOKIE_PAGE))

    outlet.feed(piece.path, slow.path)
    outlet.pages[slow.path] = gate
    add_source(desk, outlet, "auto")
    toml = desk.folder / "sources" / "bao-thu.toml"
    toml.write_text(toml.read_text("utf-8") + "delay_seconds = 1.5\n", "utf-8")
    desk.crawl("bao-thu")
    assert outlet.times(f"{piece.path}?cam=1") == 0
    (feed,) = outlet.asked("/feed")
    documents = [one.at for one in outlet.log if one.path in (piece.path, slow.path)]
    assert len(documents) == 3
    # Their slots are given once the feed has come; a busy machine may use one of them late, and
    # then comes closer to the next.
    assert documents[-1] - feed.at > 2 * 1.5 - 0.05


def test_a_shell_that_stays_the_same_is_shown_anew_and_its_edit_found(
    desk: Desk, outlet: Site
) -> None:
    piece = Piece(number=16)
    publish(outlet, piece)
    shell_reply = Reply(body=shell(piece), headers={"ETag": '"vo"'})
    outlet.pages[piece.path] = shell_reply
    add_source(desk, outlet, "auto")
    desk.crawl("bao-thu")
    same = desk.crawl("bao-thu", "--refetch")
    assert same["sources"][0]["recorded"] == {}
    edited = Piece(number=16, edit=" Thư viện thành phố tặng thêm hai trăm cuốn.")
    outlet.pages[f"/api{piece.path}"] = Reply(body=answer(edited), type="application/json")
    found = desk.crawl("bao-thu", "--refetch")
    assert found["sources"][0]["recorded"] == {"edited": 1}
    assert desk.show(outlet.url + piece.path)["revision"] == 2
    desk.assert_exact_ledger()


def test_the_archived_page_is_shown_verified_and_read_anew_without_a_browser(
    desk: Desk, outlet: Site
) -> None:
    piece = Piece(number=17)
    publish(outlet, piece)
    add_source(desk, outlet, "auto")
    desk.crawl("bao-thu")
    address = outlet.url + piece.path
    raw = desk.run("show", address, "--raw")
    assert "<div id='app'></div>" in raw.stdout
    assert "--rendered shows that" in raw.stderr
    rendered = desk.run("show", address, "--rendered")
    assert piece.paragraphs[2] in rendered.stdout
    assert desk.run("archive", "verify").returncode == 0

    toml = desk.folder / "sources" / "bao-thu.toml"
    toml.write_text(
        toml.read_text("utf-8") + '[[layout]]\nname = "moi"\nwhen = "div.noi-dung"\n'
        'title = "h1"\ntext = "div.noi-dung"\n', "utf-8",
    )  # fmt: skip
    asked = len(outlet.log)
    desk.write_settings('data_dir = "data"\n[browser]\nexecutable = "/khong/co"\n')
    assert desk.run("index", "rebuild", "--reextract").returncode == 0
    article = desk.show(address)
    assert article["reading"]["layout"] == "bao-thu/moi"
    assert article["text"] == "\n".join(piece.paragraphs)
    assert len(outlet.log) == asked


def test_without_a_browser_the_crawl_goes_on_and_says_so(desk: Desk, outlet: Site) -> None:
    promised, there = Piece(number=18), Piece(number=19)
    publish(outlet, promised)
    outlet.feed(promised.path, there.path)
    outlet.pages[there.path] = Reply(body=whole(there))
    desk.write_settings('data_dir = "data"\n[browser]\nexecutable = "/khong/co/chromium"\n')
    add_source(desk, outlet, "auto")
    report = desk.crawl("bao-thu", expect=3)
    (problem,) = report["sources"][0]["problems"]
    assert "/khong/co/chromium is no program that can be run" in problem
    assert report["sources"][0]["recorded"] == {"new": 1, "not-article": 1, "suspect": 1}

    desk.write_settings('data_dir = "data"\n')
    report = desk.crawl("bao-thu", "--refetch")
    assert report["sources"][0]["recorded"].get("new") == 1
    assert desk.show(outlet.url + promised.path)["text"] == "\n".join(promised.paragraphs)


def test_what_a_browser_adds_is_no_edit_of_the_paper(desk: Desk, outlet: Site) -> None:
    piece = Piece(number=20)
    adds = "<script>document.querySelector('.noi-dung').innerHTML += "
    adds += "'<p>Đoạn này do mã của trang thêm vào sau khi trang đã mở ra, dài hơn một dòng.</p>'"
    outlet.feed(piece.path)
    outlet.pages[piece.path] = Reply(body=whole(piece, f"{adds}</script>"))
    add_source(desk, outlet, "never")
    desk.crawl("bao-thu")
    add_source(desk, outlet, "always")
    outlet.pages[piece.path] = Reply(body=whole(piece, f"{adds}</script> "))
    report = desk.crawl("bao-thu", "--refetch")
    assert report["sources"][0]["recorded"] == {"reread": 1}
    article = desk.show(outlet.url + piece.path)
    assert article["revision"] == 1
    assert "Đoạn này do mã của trang thêm vào" in article["text"]


def test_doctor_starts_the_browser_that_a_source_asks_for(desk: Desk, outlet: Site) -> None:
    add_source(desk, outlet, "auto")
    desk.write_settings('data_dir = "data"\n[sources]\nenabled = ["bao-thu"]\n')
    findings = {line["check"]: line for line in desk.json("doctor")}
    assert findings["browser"]["state"] == findings["browser start"]["state"] == "ok"
    assert "Chromium" in findings["browser"]["said"]
    assert "asked for by bao-thu" in findings["browser"]["said"]
    assert findings["browser start"]["said"].startswith("starts and shows a page")
    desk.write_settings(
        'data_dir = "data"\n[sources]\nenabled = ["bao-thu"]\n[browser]\nexecutable = "/khong/co"\n'
    )
    without = desk.run("doctor")
    assert without.returncode == 1
    assert "/khong/co is no program" in without.stdout
