"""The people that underthesea's bundled recogniser finds: texts on stdin, one JSON string a line.

Runs in an environment of its own (bench/environments.py). One JSON list of names a line on stdout.
Given a sentence at a time: on whole articles its time grows faster than the text.
"""

from __future__ import annotations

import json
import sys

from underthesea import ner, sent_tokenize


def people(text: str) -> list[str]:
    names: list[str] = []
    open_name: list[str] = []
    for sentence in sent_tokenize(text):
        for word, _, _, tag in [*ner(sentence), ("", "", "", "O")]:
            if tag == "I-PER":
                open_name.append(word)
                continue
            if open_name:
                names.append(" ".join(open_name))
            open_name = [word] if tag == "B-PER" else []
    return names


for line in sys.stdin:
    print(json.dumps(people(json.loads(line)), ensure_ascii=False), flush=True)
