"""Films in a text: their stills, so that what is printed under a film stays a caption."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from hanoiwatch.page.document import absolute_url

_STILLS = ("poster", "data-poster", "data-thumb", "data-thumbnail", "data-avatar", "data-image")
_ADDRESSES = ("src", "data-src", "data-url", "data-video-src", "data-file")
_PLAYER = re.compile(
    r"youtube|youtu\.be|vimeo|dailymotion|facebook\.com/plugins/video|tiktok|mecloud|/embed/"
    r"|player|/video|video\.|embed\.",
    re.IGNORECASE,
)
"""In the address of a frame: what plays films; frames of advertisers and of maps do not."""


def film_address(box: HtmlElement, base: str) -> str:
    """Where the film in a box, or the box itself, is played; empty where nothing says so."""
    for one in (box, *box.iter("video", "source", "iframe")):
        for name in _ADDRESSES:
            if (value := one.get(name)) and (url := absolute_url(base, value)):
                return url
    return ""


def film_still(player: HtmlElement, base: str) -> str | None:
    """The address of the still of a ``<video>`` or of a frame that plays one; empty where it has
    none; None for any other element."""
    if player.tag == "video" or (player.tag == "iframe" and _plays(player)):
        return box_still(player, base)
    return None


def box_still(box: HtmlElement, base: str) -> str:
    """The still that an element names in its attributes; empty where it names none."""
    for name in _STILLS:
        if (value := box.get(name)) and (url := absolute_url(base, value)):
            return url
    return ""


def _plays(frame: HtmlElement) -> bool:
    address = frame.get("src") or frame.get("data-src") or ""
    return _PLAYER.search(address) is not None
