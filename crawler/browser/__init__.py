"""A real browser for pages that their own scripts must finish (decision 0017).

`find` says which Chromium there is, `pool` keeps one running and shows pages in it, `page` is one
page's visit, `gateway` the only way out of it, `warden` what ends a browser whose crawl is gone.
"""
