from __future__ import annotations

from tests.outlet import ask, running, small_outlet


def test_every_article_of_the_paper_is_served_at_its_address() -> None:
    with running() as server:
        for entry in server.outlet.edition.entries:
            assert ask(server.url + entry.path).status == 200


def test_a_client_that_holds_the_page_gets_304_and_no_body() -> None:
    with running(small_outlet()) as server:
        first = ask(f"{server.url}/do-thi")
        again = ask(f"{server.url}/do-thi", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.body) == (304, b"")
