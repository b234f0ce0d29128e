"""news-please in library mode: a plain download, then ``NewsPlease.from_html``, in two processes.

``python news_please.py URL_FILE`` asks for each address in the file and prints how many articles
had a text. Its own ``from_urls`` reads in a pool of processes as well, but holds every page in
memory first. It runs in an environment of its own, so it uses nothing of ours.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import requests

PROCESSES = 2


def count_texts(urls):
    from newsplease import NewsPlease

    with requests.Session() as session:
        pages = ((url, session.get(url, timeout=10).text) for url in urls)
        # images would be asked for over the network, one by one
        read = (NewsPlease.from_html(html, url, fetch_images=False) for url, html in pages)
        return sum(bool(article.maintext) for article in read)


def main(url_file):
    urls = Path(url_file).read_text().split()
    with ProcessPoolExecutor(PROCESSES) as pool:
        print(sum(pool.map(count_texts, (urls[start::PROCESSES] for start in range(PROCESSES)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
