"""Texts that are made to be slow to read: endless repeats of what patterns look for, and of each rule's own words."""

from __future__ import annotations

from typing import Any

from kg.patterns import parse
from kg.sentences import MARK

TEXTS: dict[str, str] = {
    "commas": ",",
    "commas and spaces": ", ",
    "capitals": "A",
    "capitals and spaces": "A ",
    "initials": "A. ",
    "capitalised words": "Abra ",
    "open brackets": "(",
    "open brackets and spaces": "( ",
    "nested brackets": "(Abra (",
    "short names in brackets": "Badan Abra (BA) ",
    "digits": "1",
    "digits and spaces": "1 ",
    "digits and full stops": "1.",
    "quotation marks": '"',
    "opening quotation marks": "“",
    "quotations": '"Abra," ',
    "single quotation marks": " 'A",
    "spaces": " ",
    "line breaks": "\n",
    "spaces and line breaks": "   \n",
    "hyphens": "a-",
    "apostrophes": "a'",
    "semicolons": "; ",
    "one sentence": "dan abra ",
    "sentences": "Abra datang. ",
    "cities": "Surabaya ",
    "cities with commas": "Surabaya, ",
    "type words": "Kota ",
    "ministers": "Menteri ",
    "lower-case posts": "menteri ",
    "governments": "Pemerintah ",
    "units": "Direktorat Jenderal Bina ",
    "degrees": ", S.H., M.Si.",
    "titles": "Dr. Ir. H. ",
    "months": "Mei ",
    "dates": "5 Mei 2025 ",
    "dates without a year": "5-6 Mei dan ",
    "days": "Senin, ",
    "rupiah": "Rp ",
    "amounts": "Rp 5 miliar ",
    "meetings": "Rapat Koordinasi Abra ",
    "meetings in lower case": "rapat kerja abra ",
    "words that refer back": "rapat itu ",
    "pronouns": "ia ",
    "list items": "\n1. Abra",
    "list in brackets": "\n- Abra (Bupati Abra)",
    "persons with posts": "Bupati Sleman Abra Kadabra, ",
    "roles without a holder": "berperan sebagai aaa melalui peran sebagai Bupati ",
    "persons sworn in": "Brakada juga diambil sumpahnya oleh Dr. Abra Kadabra sebagai Bupati ",
    "persons who replace others": "Dr. Abra Kadabra, yang kini duduk sebagai Bupati Sleman, menggantikan Dr. Abra ",
    "members": "Kota Medan anggota ASCN, ",
    "speech": '"Kami siap," kata Abra. ',
    "networks": "ASEAN dan ",
    "private use": "\ue000 berkata \ue008 ",
    "combining marks": "a\u0301",
    "dotted capital": "İ",
    # {} is another name each time
    "ever new words": "{} ",
    "ever new persons": "Bupati Sleman {0} Kadabra, ",
    "ever new speakers": '"Kami siap bekerja," ujar {0} Kadabra. ',
    "ever new meetings": "Rapat Koordinasi {0} dibuka. ",
    "ever new meetings in lower case": "rapat kerja {0} ",
    "ever new editions": "Rakornas {0} ke-7. Pertemuan itu dibuka. ",
    "meetings of two names": "Forum {0} atau Kongres {0} dibuka. ",
    "ever new short names": "Badan {0} Nasional (B{1}N) dan ",
    "ever new agreements": "Kota Medan dan Kota Toyama menandatangani nota kesepahaman tentang {0}. ",
    "ever new appointments": "Bupati Sleman melantik {0} Kadabra sebagai Kepala Dinas Perhubungan. ",
    "ever new bodies": "Dinas {0} Kota Batu hadir. ",
    "ever new units": "Direktorat {0} Kementerian Keuangan. ",
    "ever new places": "Kota {0}, Kabupaten {0}, ",
    "ever new posts": "Kata Kepala Dinas {0}, ia hadir. ",
    "ever new networks": "Kota Medan anggota Jaringan Kota {0}. Kota ini akan bergabung. ",
    "ever new sums": "Dana Rp {2} miliar untuk {0}. ",
    "ever new dates": "Rapat {0} digelar {3} Mei 20{4}. ",
}

SYLLABLES = [consonant + vowel for consonant in "bdgjklmnprst" for vowel in "aeiou"]
PHRASES = {
    "person": "Dr. Abra Kadabra",
    "post": "Bupati Sleman",
    "body": "Kementerian Keuangan",
    "network": "ASCN",
    "place": "Kota Medan",
    "event": "Forum Kota Sungai",
    "date": "5 Mei 2025",
    "money": "Rp 5 miliar",
    "quote": '"Kami siap bekerja bersama semua pihak."',
    "unknown": "Brakada",
    "venue": "Hotel Melati",
    "agreement": "nota kesepahaman",
    "award": "Penghargaan Abra",
    "programme": "Program Abra",
}
PHRASE_OF_MARK = {mark: PHRASES.get(name, "Abra") for name, mark in MARK.items()}


def of_size(piece: str, size: int) -> str:
    """A text of that many characters."""
    if "{" not in piece:
        return (piece * (size // len(piece) + 1))[:size]
    pieces: list[str] = []
    length = 0
    for number in range(size):
        name = _name(number)
        pieces.append(piece.format(name, name.upper(), number + 1, number % 28 + 1, 10 + number % 89))
        length += len(pieces[-1])
        if length >= size:
            break
    return "".join(pieces)[:size]


def _name(number: int) -> str:
    """A made-up name for each number."""
    said = ""
    while number or not said:
        number, syllable = divmod(number, len(SYLLABLES))
        said += SYLLABLES[syllable]
    return said.capitalize()


def adversary(source: str) -> str:
    """A stretch of a rule's own words and mentions, that begins to match again and again but never ends."""
    words = "".join(_spoken(parse(source))).split()
    return " ".join(words[: max(1, len(words) - 1)]) + " "


def _spoken(sequence: Any) -> list[str]:
    """One way to say what a parsed pattern asks for."""
    said: list[str] = []
    for operator, value in sequence:
        name = str(operator)
        if name == "LITERAL":
            said.append(PHRASE_OF_MARK.get(chr(value), chr(value)))
        elif name == "IN":
            kind, code = value[0]
            said.append(PHRASE_OF_MARK.get(chr(code), chr(code)) if str(kind) == "LITERAL" else "a")
        elif name == "SUBPATTERN":
            said += _spoken(value[3])
        elif name == "BRANCH":
            said += _spoken(value[1][0])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            said += _spoken(value[2]) * max(value[0], 1)
    return said
