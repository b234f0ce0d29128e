"""Whether a source's pages still look as they did: suspect pages, and fields that collapse."""
