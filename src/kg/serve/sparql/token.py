"""What allows a client to change a user's own graphs: a secret word that it sends with each update."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kg.errors import KgError
from kg.serve.sparql.protocol import Refused

SHORTEST: Final = 16
_OFF: Final = "this endpoint only reads; to change graphs of one's own, start it with --update-token-file"
_OTHER_SITES: Final = ("cross-site", "same-site")


class Token:
    """A token of which only the hash is kept, so that it can't be shown or logged. Raises KgError."""

    def __init__(self, text: str, place: str) -> None:
        token = text.strip()
        if len(token) < SHORTEST or not token.isascii() or any(character.isspace() for character in token):
            raise KgError(
                f"{place}: expected one word of at least {SHORTEST} letters and digits, as from: openssl rand -hex 32"
            )
        self._hash = hashlib.sha256(token.encode()).digest()

    @classmethod
    def of_file(cls, path: str) -> Token:
        """The token that a file holds. Raises KgError."""
        try:
            return cls(Path(path).read_text("utf-8"), path)
        except (OSError, UnicodeDecodeError) as error:
            raise KgError(f"{path}: can't be read ({error})") from error

    def matches(self, text: str) -> bool:
        """In a time that tells nothing of the token."""
        return hmac.compare_digest(hashlib.sha256(text.encode()).digest(), self._hash)


def expect_allowed(headers: Mapping[str, str], token: Token | None) -> None:
    """Raises Refused for an update without the token, and for one from a page of another site."""
    if token is None:
        raise Refused(403, _OFF)
    origin = headers.get("origin")
    is_here = origin is None or urlsplit(origin).netloc == headers.get("host")
    if not is_here or headers.get("sec-fetch-site") in _OTHER_SITES:
        raise Refused(403, "updates from pages of other sites are not taken")
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.matches(given.strip()):
        raise Refused(401, "an update needs the header Authorization: Bearer TOKEN, with the server's update token")
