"""Words whose class depends on their neighbours: "Bidang" in a post, "RI" in "Delegasi RI", a name behind a head."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kg.known import Known
from kg.lexicon import Lexicon
from kg.tokens import Tokens

NOTHING: frozenset[str] = frozenset()
NAME_WORDS = 2  # of a person, as most names have
SHORTEST_COMMON = 4  # letters of a word whose lower case tells something
CAREFUL, SEATED = re.compile("[SCALOTWP]"), re.compile("[SCALOTWPw]")  # classes that depend on their neighbours
ROMAN = re.compile("[IVXL]+(?:/[A-Z]\\w+)?")  # of a unit or command: Komisi II, Kodam XV/Pattimura
RECLASSED: Mapping[str, tuple[str, str, str]] = {  # class -> classes before it, the word, its class there
    "S": ("W", "Pemerintah", "W"),  # Direktorat Jenderal Bina Pemerintah Desa
    "O": ("PGW", "Bidang", "W"),  # Wakil Ketua Bidang Pemerintahan
    "W": ("wk(,", "RI", "L"),  # Delegasi RI
    "T": ("O", "", "Y"),
}


def in_context(tokens: Tokens, text: str, lexicon: Lexicon, known: Known) -> str:
    """The letters of the tokens, after those whose class depends on their neighbours were changed."""
    letters = tokens.letters
    members = lexicon.members("posts.members") if tokens.seat else NOTHING
    careful = SEATED if tokens.seat else CAREFUL
    for match in careful.finditer("".join(letters)):
        index, letter = match.start(), match.group()
        if letter in "CwW" and members and (word := word_of(tokens, index, text)) in members:
            if _is_seat(tokens, index + 1, text, lexicon, known):  # Anggota Komisi II
                letters[index] = "P" if word[0].isupper() else "p"
        elif index and letter != "w":
            if letter == "C" and _is_town(tokens, index, text, lexicon, known):
                letters[index] = "L"
                continue
            letters[index] = _letter_in_context(tokens, index, text, lexicon, known)
    return "".join(letters)


def _is_town(tokens: Tokens, index: int, text: str, lexicon: Lexicon, known: Known) -> bool:
    """Whether a town's name ends before a person's: Wali Kota Jinju | Seo Min-ah, if the article has "Kota Jinju,"."""
    if tokens.letters[index + 1 : index + 2] not in (["C"], ["T"]):
        return False
    front = word_of(tokens, index - 1, text)
    behind = tokens.letters[index - 1] == "R" or front in lexicon.members("posts.territorial")
    return behind and known.has_town(word_of(tokens, index, text))


def _is_seat(tokens: Tokens, index: int, text: str, lexicon: Lexicon, known: Known) -> bool:
    """Whether who is a member of what follows has a seat: a committee or an assembly, not a network."""
    if index >= len(tokens.letters) or tokens.letters[index] not in "OG":
        return False
    word, seats = word_of(tokens, index, text), lexicon.members("bodies.seats")
    longs = (text[slice(*intro.long)] for intro in known.introductions if text[slice(*intro.short)] == word)
    return word in seats or any(long.split(" ")[0] in seats for long in longs)


def _letter_in_context(tokens: Tokens, index: int, text: str, lexicon: Lexicon, known: Known) -> str:
    """The class of a word between its neighbours."""
    letter = tokens.letters[index]
    if letter == "W" and _begins_a_name(tokens, index, text, lexicon):
        return "C"
    if letter == "P":
        named = tokens.letters[index - 1] == "C" and word_of(tokens, index, text) in lexicon.members("posts.given")
        return "C" if named else letter  # Dirjen Bina Marga Lukman Hakim
    if letter == "O" and _is_building(tokens, index, text, lexicon):
        return "H"
    if (
        letter == "O"
        and tokens.letters[index - 1] == "O"
        and word_of(tokens, index, text) in lexicon.members("bodies.housed")
    ):
        return "W" if word_of(tokens, index - 1, text) in lexicon.members("venues.offices") else letter
    if letter in RECLASSED:
        return _reclassed(tokens, index, text, lexicon)
    if letter == "L":
        return _place_in_context(tokens, index, text, lexicon)
    return _unknown_in_context(tokens, index, text, lexicon, known)


def _reclassed(tokens: Tokens, index: int, text: str, lexicon: Lexicon) -> str:
    """The class of a known word that means something else behind some others."""
    letter, before = tokens.letters[index], tokens.letters[index - 1]
    if letter == "T":  # RSUP Dr. M. Djamil; Direktur Kesehatan Ibu dan Anak
        follows = tokens.letters[index + 1] if index + 1 < len(tokens.letters) else "."
        if follows not in "CATLk" and word_of(tokens, index, text) in lexicon.members("posts.ranks"):
            return "P"  # dipercaya menjadi Inspektur Jenderal
        if before == "W" and follows in "Wd" and word_of(tokens, index, text) in lexicon.members("titles.nouns"):
            return "W"
        named = before == "O" and word_of(tokens, index - 1, text) in lexicon.members("bodies.named")
        return "Y" if named else letter
    behind, word, other = RECLASSED[letter]
    return other if before in behind and word_of(tokens, index, text) == word else letter


def _begins_a_name(tokens: Tokens, index: int, text: str, lexicon: Lexicon) -> bool:
    """Whether a word that opens names is one: Bupati Lombok Barat Lalu Zaenal, but no Kepala Bidang Lalu Lintas."""
    word = word_of(tokens, index, text)
    plain = word in lexicon.members("titles.plain")
    if not plain and word not in lexicon.members("titles.noble"):
        return False
    before = "L,w" if plain else "LPNGA,wx"
    return tokens.letters[index - 1] in before and tokens.letters[index + 1 : index + 2] == ["C"]


def _is_building(tokens: Tokens, index: int, text: str, lexicon: Lexicon) -> bool:
    """Whether a body's name means a house: "di Kantor BPK", "di Balai Kartini", but no "Kepala Kantor Pertanahan"."""
    word, follows = word_of(tokens, index, text), "".join(tokens.letters[index + 1 : index + 2])
    heads = "venues.offices" if follows in {"G", "S", "N"} else "venues.halls" if follows == "C" else ""
    if not heads or word not in lexicon.members(heads):
        return False
    return word_of(tokens, index - 1, text) in lexicon.members("venues.offices_at")


def _unknown_in_context(tokens: Tokens, index: int, text: str, lexicon: Lexicon, known: Known) -> str:
    """The class of an unknown word; a comment on each case gives an example."""
    letters = tokens.letters
    letter, before = letters[index], letters[index - 1]
    follows = letters[index + 1] if index + 1 < len(letters) else "."
    word, front = word_of(tokens, index, text), word_of(tokens, index - 1, text)
    if before in "WPOpJ" and (ROMAN.fullmatch(word) or len(word) == 1):  # Komisi II, Komisi C
        counted = lexicon.members("domain.numbered")
        ends = word == "I" and follows not in "CL"  # Wakil Rektor I, but Wakil Ketua I Nyoman X
        return "W" if len(word) > 1 or ends or front in counted or front.rpartition(" ")[2] in counted else letter
    if before == "R" and letters[index - 2] in "WPO" and "".join(letters[index : index + 3]) == "CCC":
        return "L"  # Direktur Kebudayaan Kota Jinju Seo Ardana
    if letter == "A":  # Ketua Umum INSA
        branch = follows == "W" and word_of(tokens, index + 1, text) in lexicon.members("bodies.branches")
        inner = (branch or follows not in "W/") and before in "PpW" and _head(letters, index) in "Pp"
        return "G" if inner else letter
    if before == "W" and follows not in "CAT" and _of_company(tokens, index, text, lexicon):
        return "W"  # PT Musi Energi Mandiri
    belongs = (
        (before in "PWO" and (_is_common(word, known) or _ends_a_name(letters, index)))  # Direktur Pakan
        or (before == "O" and follows in "NGWSR" and front not in lexicon.members("bodies.open"))  # Dewan Bisnis X
        or (before in "Pp" and follows not in "CAD" and front in lexicon.members("posts.incomplete"))  # Manajer Program
    )
    if belongs:
        return "W"
    governed = lexicon.members("posts.local") if follows == "C" else lexicon.members("posts.territorial")
    if follows == "," and front in lexicon.members("posts.local") and letters[index + 2 : index + 3] in (["C"], ["T"]):
        return "L"  # Kepala Desa Sukajaya, Ratna Kusuma
    return "L" if follows in "CT" and front in governed else letter  # Camat Sukajaya, Wali Kota Hildesheim Dr. X


def _of_company(tokens: Tokens, index: int, text: str, lexicon: Lexicon) -> bool:
    """Whether a word ends the name of a company, which any words may make."""
    first = index - 1
    while first and tokens.letters[first] in "WC":
        first -= 1
    return tokens.letters[first] == "O" and word_of(tokens, first, text) in lexicon.members("bodies.companies")


def _is_common(word: str, known: Known) -> bool:
    """Whether the article also writes a word in lower case."""
    lowered = word.lower()
    return len(lowered) >= SHORTEST_COMMON and lowered.isascii() and lowered.isalpha() and known.writes(lowered)


def _place_in_context(tokens: Tokens, index: int, text: str, lexicon: Lexicon) -> str:
    """The class of a place's name between its neighbours."""
    before = tokens.letters[index - 1]
    follows = tokens.letters[index + 1] if index + 1 < len(tokens.letters) else "."
    word = word_of(tokens, index, text)
    if word in lexicon.areas and (before in "PW" or (before == "d" and tokens.letters[index - 2] == "W")):
        return "W"  # Direktur Jenderal Asia Pasifik dan Afrika
    given = follows in "CA" and before in "WGNAzOP" and word in lexicon.members("titles.given")
    if given and word_of(tokens, index - 1, text) not in lexicon.members("posts.territorial"):
        return "C"  # Menteri Pertanian Bima Ardana
    if follows in "CA" and word in lexicon.members("titles.given") and _behind_region(tokens.letters, index):
        return "C"  # Wali Kota Bogor Bima Ardana, Harda Kirana dan Danang Ardana
    if follows not in "CLA" and before == "C" and _behind_office(tokens.letters, index - 1):
        return "C"  # Ketua DPRD Kota Ambon Haris Tanimbar
    return "L"


def _behind_region(letters: Sequence[str], index: int) -> bool:
    """Whether a word stands right behind a post with its region, or is joined to a name before it."""
    before = letters[index - 1]
    return (before == "L" and letters[index - 2] in "PRp") or (before == "d" and letters[index - 2] == "C")


def _behind_office(letters: Sequence[str], index: int) -> bool:
    """Whether a word stands right behind a post that ends with its region, where a name must begin."""
    first = index - 1
    while first > 0 and letters[first] in "WOGLRK":
        first -= 1
    return first >= 0 and letters[first] in "Pp" and letters[index - 1] == "L"


def _head(letters: Sequence[str], index: int) -> str:
    """The class of the word behind which only words of names stand before a token."""
    first = index - 1
    while first and letters[first] == "W":
        first -= 1
    return letters[first]


def without_name(tokens: Tokens, first: int, last: int, text: str, lexicon: Lexicon) -> int:
    """Where a body's name ends: a head that bears no proper name has a person's behind it (Anggota Banggar Puryono).

    Behind a post the last two of three unknown words are its holder's: Antropolog Universitas Musamus Leona Yembise.
    """
    heads = lexicon.members("bodies.open")
    letters = tokens.letters
    for index in range(first, last - 1):
        if letters[index] == "O" and letters[index + 1] == "C":
            if word_of(tokens, index, text) not in heads:
                return index + 1
            run = index + 1
            while run < last and letters[run] == "C":
                run += 1
            apposed = letters[run : run + 2] in (
                [",", "C"],
                [",", "T"],
            )  # Direktur Utama PT Angkasa Jaya Lestari, Ratna
            if apposed and word_of(tokens, index, text) in lexicon.members("bodies.companies"):
                return last
            if run == last and run - index > NAME_WORDS + 1 and first and letters[first - 1] in "Pp":
                return last - NAME_WORDS
    return last


def _ends_a_name(letters: Sequence[str], index: int) -> bool:
    """Whether a lone unknown word ends the name of a post or unit: "Dirjen Kesehatan Lanjutan, Melati Rinaldi"."""
    behind = letters[index + 1 : index + 4]
    if (
        letters[index - 1] != "W"
        or behind[:1] != [","]
        or behind[1:2] not in (["C"], ["T"])
        or behind[2:] in ([","], ["d"])
    ):
        return False
    first = index
    while first and letters[first] in "CWd,":
        first -= 1
    return letters[first] in "PpOS"


def word_of(tokens: Tokens, index: int, text: str) -> str:
    """The words of a token."""
    return text[tokens.starts[index] : tokens.ends[index]]
