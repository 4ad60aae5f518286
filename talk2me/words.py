"""How commands say what people read."""

from django.template.defaultfilters import filesizeformat


def size_words(count: float) -> str:
    """Return a size as people say it: 41.0 MB."""
    return filesizeformat(count).replace("\xa0", " ")
