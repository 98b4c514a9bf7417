"""Appointments, former posts, agreements, awards, networks and programmes: what sentences state, and what they don't.

The rules' own examples only say which rule fires; here are the facts that come of it.
"""

from __future__ import annotations

import datetime as dt

import pytest

from kg.extract import extract
from kg.model import Article, Claim, Relation
from kg.rdf import lexical

DAY = dt.date(2025, 12, 1)


def claims(text: str, relation: str) -> list[Claim]:
    found = extract(Article(text, published=DAY)).claims
    return [claim for claim in found if claim.relation == Relation(relation)]


def said(text: str, relation: str) -> list[dict[str, str]]:
    """The claims of a relation by the words of their arguments, without manner and status of posts."""
    hidden = ("appointment", "status", "organisation")
    return [
        {role: lexical(argument.value) for role, argument in claim.arguments if role not in hidden}
        for claim in claims(text, relation)
    ]


MINISTER = "Menteri Dalam Negeri Bima Suryanto"


def test_an_appointment_names_who_by_whom_when_and_in_whose_place() -> None:
    text = (
        f"{MINISTER} melantik Rahmat Hidayat sebagai Penjabat Gubernur Papua Tengah menggantikan Oktavianus Wonda"
        " di Jakarta, Senin (10/11/2025)."
    )
    assert said(text, "appointed") == [
        {
            "person": "Rahmat Hidayat",
            "post": "Gubernur Papua Tengah",
            "by": "Bima Suryanto",
            "date": "2025-11-10",
            "replaces": "Oktavianus Wonda",
        }
    ]
    assert {one["person"] for one in said(text, "holds_post")} == {"Bima Suryanto", "Rahmat Hidayat"}
    assert said(text, "held_post") == [{"person": "Oktavianus Wonda", "post": "Gubernur Papua Tengah"}]


@pytest.mark.parametrize(
    ("text", "person", "post"),
    [
        (
            "Presiden mengangkat Prof. Lestari Handayani menjadi Menteri Kesehatan pada 3 Maret 2025.",
            "Lestari Handayani",
            "Menteri Kesehatan",
        ),
        (
            "Sri Wahyuni dilantik oleh Gubernur Kalimantan Timur sebagai Sekretaris Daerah pada 5 Mei 2025.",
            "Sri Wahyuni",
            "Sekretaris Daerah",
        ),
        (
            "Sri Wahyuni dilantik Gubernur Kalimantan Timur Rudi Hartanto menjadi Penjabat Bupati Paser.",
            "Sri Wahyuni",
            "Bupati Paser",
        ),
        (
            "Dr. Hadi Prasetyo terpilih secara aklamasi sebagai Ketua Umum APEKSI periode 2025-2030.",
            "Hadi Prasetyo",
            "Ketua Umum APEKSI",
        ),
        (
            "Mendagri menunjuk Direktur Jenderal Otonomi Daerah Akmal Wijaya sebagai Plt. Gubernur Riau.",
            "Akmal Wijaya",
            "Gubernur Riau",
        ),
        (
            "Rudi Hartono diambil sumpahnya sebagai Kepala Badan Pusat Statistik di Istana Negara.",
            "Rudi Hartono",
            "Kepala Badan Pusat Statistik",
        ),
        (
            "Serah terima jabatan Kepala Dinas Sosial dari Iswar Lubis kepada Togap Sihombing berlangsung khidmat.",
            "Togap Sihombing",
            "Kepala Dinas Sosial",
        ),
        (
            "“Kami menunjuk Rudi Hartono sebagai Ketua Panitia,” kata Siti Aminah.",
            "Rudi Hartono",
            "Ketua Panitia",
        ),
    ],
)
def test_ways_to_say_an_appointment(text: str, person: str, post: str) -> None:
    assert [(one["person"], one["post"]) for one in said(text, "appointed")] == [(person, post)]
    assert (person, post) in [(one["person"], one["post"]) for one in said(text, "holds_post")]


def test_a_list_of_appointments_gives_each_person_the_own_post() -> None:
    text = (
        "Mereka yang dilantik adalah Rudi Hartono sebagai Kepala Dinas Sosial, Siti Aminah sebagai Kepala Dinas"
        " Kesehatan, dan Joko Susilo sebagai Kepala Dinas Pariwisata."
    )
    pairs = {
        ("Rudi Hartono", "Kepala Dinas Sosial"),
        ("Siti Aminah", "Kepala Dinas Kesehatan"),
        ("Joko Susilo", "Kepala Dinas Pariwisata"),
    }
    assert {(one["person"], one["post"]) for one in said(text, "appointed")} == pairs
    assert {(one["person"], one["post"]) for one in said(text, "holds_post")} == pairs


def test_a_list_of_items_behind_the_sentence_that_says_who_appoints() -> None:
    text = (
        "Empat pejabat pimpinan tinggi dilantik Menteri Dalam Negeri Bima Suryanto, Senin (10/11/2025):\n"
        "1. Dr. Rudi Hartono sebagai Kepala Badan Kepegawaian Daerah;\n"
        "2. Dra. Siti Aminah - Kepala Dinas Kesehatan;\n"
        "3. Joko Susilo, S.H. (Plt. Kepala Dinas Pariwisata).\n"
        "Hadir pula Sekretaris Daerah Kota Medan Togap Sihombing."
    )
    found = said(text, "appointed")
    assert {(one["person"], one["post"]) for one in found} == {
        ("Rudi Hartono", "Kepala Badan Kepegawaian Daerah"),
        ("Siti Aminah", "Kepala Dinas Kesehatan"),
        ("Joko Susilo", "Kepala Dinas Pariwisata"),
    }
    assert {(one["by"], one["date"]) for one in found} == {("Bima Suryanto", "2025-11-10")}


def test_a_sentence_that_says_who_they_are() -> None:
    text = (
        "Dua pejabat diambil sumpahnya oleh Menteri Dalam Negeri Bima Suryanto, Senin (10/11/2025).\n"
        "Upacara itu khidmat. Keduanya ialah Dr. Rudi Hartono sebagai Kepala Dinas Sosial dan Dra. Siti Aminah"
        " sebagai Kepala Dinas Kesehatan.\n"
        "Hadir pula Dr. Togap Sihombing selaku Sekretaris Daerah Kota Medan."
    )
    found = said(text, "appointed")
    assert {one["person"] for one in found} == {"Rudi Hartono", "Siti Aminah"}
    assert {(one["by"], one["date"]) for one in found} == {("Bima Suryanto", "2025-11-10")}


@pytest.mark.parametrize(
    "text",
    [
        "DPRD mengusulkan Rudi Hartono sebagai Pj. Wali Kota Malang.",
        "Rudi Hartono diusulkan menjadi Pj. Wali Kota Malang.",
        "Gubernur akan melantik Rudi Hartono sebagai Pj. Wali Kota Malang.",
        "Gubernur melantik Rudi Hartono sebagai Pj. Wali Kota Malang pada Senin (15/12/2025).",  # after the article
        "Rudi Hartono batal dilantik sebagai Pj. Wali Kota Malang.",
        "Rudi Hartono dikabarkan akan ditunjuk sebagai Plt. Bupati Sleman.",
        "Rudi Hartono belum dilantik sebagai Bupati Sleman.",
        "Bupati melantik Rudi Hartono.",
    ],
)
def test_what_is_planned_denied_or_only_said_is_no_appointment(text: str) -> None:
    assert said(text, "appointed") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mantan Wali Kota Bandung Rudyanto Pratama hadir dalam acara itu.",
            {"person": "Rudyanto Pratama", "post": "Wali Kota Bandung"},
        ),
        (
            "Hadir pula Bupati Sleman periode 2010-2015, Sri Purnama.",
            {"person": "Sri Purnama", "post": "Bupati Sleman", "until": "2015"},
        ),
        (
            "Rudi Hartono mengundurkan diri dari jabatannya sebagai Kepala Dinas Sosial pada 1 Oktober 2025.",
            {"person": "Rudi Hartono", "post": "Kepala Dinas Sosial", "until": "2025-10-01"},
        ),
        (
            "Sebelumnya, Herman Sudrajat menjabat Kepala Badan Kepegawaian Daerah.",
            {"person": "Herman Sudrajat", "post": "Kepala Badan Kepegawaian Daerah"},
        ),
    ],
)
def test_former_posts_are_not_held_now(text: str, expected: dict[str, str]) -> None:
    assert said(text, "held_post") == [expected]
    assert said(text, "holds_post") == []


def test_each_party_of_an_agreement_with_subject_and_day() -> None:
    text = (
        "Pemkot Medan meneken perjanjian kerja sama dengan Universitas Sumatera Utara tentang pendampingan usaha kecil,"
        " Rabu (12/11/2025)."
    )
    more = {"agreement": "perjanjian kerja sama", "subject": "pendampingan usaha kecil", "date": "2025-11-12"}
    assert sorted(one["party"] for one in said(text, "party_to")) == [
        "Pemerintah Kota Medan",
        "Universitas Sumatera Utara",
    ]
    assert all(one | more == one for one in said(text, "party_to"))


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "MoU antara Kementerian Kesehatan dan Pemprov Jawa Timur mengenai layanan kanker diteken di Surabaya.",
            {"Kementerian Kesehatan", "Pemerintah Provinsi Jawa Timur"},
        ),
        (
            "Penandatanganan Nota Kesepahaman (MoU) antara Pemkab Sleman dan Kejaksaan Negeri Sleman berlangsung.",
            {"Pemerintah Kabupaten Sleman", "Kejaksaan Negeri Sleman"},
        ),
        (
            "Nota kesepahaman tersebut ditandatangani Bupati Sleman Harda Kirana dan Wali Kota Medan Bambang Yunianto.",
            {"Pemerintah Kabupaten Sleman", "Pemerintah Kota Medan"},
        ),
        (
            "Pemprov Bali, Pemprov NTB, dan Pemprov NTT menandatangani kesepakatan bersama pengembangan energi.",
            {
                "Pemerintah Provinsi Bali",
                "Pemerintah Provinsi Nusa Tenggara Barat",
                "Pemerintah Provinsi Nusa Tenggara Timur",
            },
        ),
        (
            "Pemkot Medan dan Pemkot Surabaya, Indonesia, resmi mengikat kerja sama kota kembar.",
            {"Pemerintah Kota Medan", "Pemerintah Kota Surabaya"},
        ),
    ],
)
def test_ways_to_say_an_agreement(text: str, parties: set[str]) -> None:
    assert {one["party"] for one in said(text, "party_to")} == parties


@pytest.mark.parametrize(
    "text",
    [
        "Pemerintah Indonesia akan menandatangani nota kesepahaman dengan Pemerintah Jepang bulan depan.",
        "Pemkot Bogor menjajaki perjanjian kerja sama dengan Pemkot Medan.",
        "Penandatanganan nota kesepahaman antara Kota Medan dan Kota Batu akan berlangsung di Jakarta.",
        "Pemkot Bogor menandatangani nota kesepahaman dengan Pemkot Medan pada Rabu (17/12/2025).",  # after the article
    ],
)
def test_what_is_yet_to_be_signed_is_no_agreement(text: str) -> None:
    assert said(text, "party_to") == []


def test_one_agreement_under_two_names_is_one_thing_and_another_subject_another() -> None:
    text = (
        "Pemkot Medan menandatangani nota kesepahaman dengan Pemkot Batu tentang pengelolaan sampah.\n"
        "MoU itu ditandatangani Pemkot Medan.\n"
        "Pemkot Medan menandatangani nota kesepahaman dengan Pemkot Bogor tentang angkutan kota."
    )
    things = {claim["agreement"].value for claim in claims(text, "party_to")}
    assert {getattr(thing, "key", "").rpartition("nota-kesepahaman")[2] for thing in things} == {"", "-2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kota Surabaya meraih penghargaan Adipura Kencana 2025 dari Kementerian Kesehatan.",
            {
                "recipient": "Pemerintah Kota Surabaya",
                "award": "Adipura Kencana",
                "by": "Kementerian Kesehatan",
                "year": "2025",
            },
        ),
        (
            "Pemkab Sleman kembali meraih opini Wajar Tanpa Pengecualian (WTP) dari Badan Pemeriksa Keuangan.",
            {
                "recipient": "Pemerintah Kabupaten Sleman",
                "award": "Wajar Tanpa Pengecualian",
                "by": "Badan Pemeriksa Keuangan",
                "year": "2025",
            },
        ),
        (
            'Kabupaten Banyuwangi menyabet anugerah "Kabupaten Terinovatif" dari Kementerian Dalam Negeri.',
            {
                "recipient": "Pemerintah Kabupaten Banyuwangi",
                "award": "Kabupaten Terinovatif",
                "by": "Kementerian Dalam Negeri",
                "year": "2025",
            },
        ),
        (
            "Kota Bontang dinobatkan sebagai Kota Layak Anak Kategori Utama.",
            {"recipient": "Pemerintah Kota Bontang", "award": "Kota Layak Anak", "year": "2025"},
        ),
    ],
)
def test_awards(text: str, expected: dict[str, str]) -> None:
    assert said(text, "awarded") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Kota Batu menargetkan meraih penghargaan Adipura.",
        "Kota Batu belum pernah meraih penghargaan Adipura.",
        "Pemkot Yogyakarta mendapat penghargaan dari Kementerian Keuangan atas kinerja anggaran.",  # without a name
    ],
)
def test_no_awards(text: str) -> None:
    assert said(text, "awarded") == []


ASEAN = "Perhimpunan Bangsa-Bangsa Asia Tenggara"


@pytest.mark.parametrize(
    ("text", "role", "since"),
    [
        ("Malaysia memegang keketuaan ASEAN 2025.", "chair", "2025"),
        ("Malaysia selaku Ketua ASEAN 2025 menutup sidang itu.", "chair", "2025"),
        ("Keketuaan Malaysia di ASEAN tahun 2025 mengusung tema baru.", "chair", "2025"),
        ("Indonesia, Malaysia, dan Singapura adalah pendiri ASEAN.", "founder", None),
    ],
)
def test_roles_in_networks(text: str, role: str, since: str | None) -> None:
    found = said(text, "network_role")
    assert {one["role"] for one in found} == {role}
    assert {one["network"] for one in found} == {ASEAN}
    assert {one.get("since") for one in found} == {since}


def test_numbers_of_members_and_founding() -> None:
    text = "ASEAN Smart Cities Network (ASCN), yang dibentuk pada 2018 di Singapura, kini beranggotakan 31 kota."
    assert [one["number"] for one in said(text, "member_count")] == ["31"]
    assert [(one["date"], one["place"]) for one in said(text, "founded")] == [("2018", "Singapura")]
    day = "APEKSI yang berdiri di Surabaya pada 25 Mei 2000 itu kini makin besar."
    assert [one["date"] for one in said(day, "founded")] == ["2000-05-25"]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Filipina akan memegang keketuaan ASEAN 2026.", "network_role"),
        ("Singapura bukan Ketua ASEAN 2025.", "network_role"),
        ("CityNet menaungi hampir 170 anggota.", "member_count"),  # fewer, nobody knows how many
        ("Rapat dihadiri 12 kota anggota APEKSI.", "member_count"),
        ("Jejaring Kota Sungai Asia akan dibentuk pada 2027.", "founded"),
    ],
)
def test_what_networks_are_not(text: str, relation: str) -> None:
    assert said(text, relation) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pemkot Surabaya meluncurkan aplikasi WargaKu untuk menampung keluhan warga.",
            {"programme": "WargaKu", "owner": "Pemerintah Kota Surabaya", "purpose": "menampung keluhan warga"},
        ),
        (
            "Wali Kota Bandung Farhan Maulana meluncurkan program Bandung Menjawab, Senin (3/11/2025).",
            {"programme": "Bandung Menjawab", "owner": "Pemerintah Kota Bandung"},
        ),
        (
            "Warga dapat melapor melalui aplikasi Sapa Warga milik Pemprov Jawa Barat.",
            {"programme": "Sapa Warga", "owner": "Pemerintah Provinsi Jawa Barat"},
        ),
    ],
)
def test_programmes(text: str, expected: dict[str, str]) -> None:
    assert said(text, "runs_programme") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Kota Makassar akan meluncurkan aplikasi Lontara.",
        "Pemkot Medan menjalankan program Kota Surabaya.",
        "Pemkot Medan menggelar program pelatihan bersama Bank Indonesia.",
    ],
)
def test_no_programmes(text: str) -> None:
    assert said(text, "runs_programme") == []


def test_two_posts_named_together_go_to_the_two_people() -> None:
    text = "Harda Kirana dan Ratna Kusuma dilantik sebagai Bupati dan Wakil Bupati Sleman oleh Presiden Bagus Pranoto."
    assert {(one["person"], one["post"]) for one in said(text, "appointed")} == {
        ("Harda Kirana", "Bupati Sleman"),
        ("Ratna Kusuma", "Wakil Bupati Sleman"),
    }
    visit = "Bupati dan Wakil Bupati Sleman, Harda Kirana dan Ratna Kusuma, menerima tamu."
    assert said(visit, "holds_post") == [{"person": "Harda Kirana", "post": "Bupati Sleman"}]


def test_who_moves_holds_the_new_post_and_held_the_old_one() -> None:
    text = "Dr. Harda Kirana digeser dari jabatan Kepala Dinas Sosial Kota Medan menjadi Sekretaris Daerah Kota Medan."
    assert [one["post"] for one in said(text, "appointed")] == ["Sekretaris Daerah Kota Medan"]
    assert [one["post"] for one in said(text, "held_post")] == ["Kepala Dinas Sosial Kota Medan"]


def test_the_day_since_which_somebody_serves_completes_an_appointment_and_makes_none() -> None:
    since = "Dr. Harda Kirana menjabat Bupati Sleman sejak 5 Januari 2025."
    assert said(since, "appointed") == []
    told = f"{since} Harda dilantik sebagai Bupati Sleman oleh {MINISTER}."
    assert {one.get("date") for one in said(told, "appointed")} == {"2025-01-05"}


def test_a_calling_is_no_office_in_which_one_replaces_another() -> None:
    text = "Rektor Universitas Contoh Dr. Harda Kirana, guru besar ITB, hadir. Harda menggantikan Dr. Bagus Pranoto."
    assert [one["post"] for one in said(text, "held_post")] == ["Rektor Universitas Contoh"]


def test_whom_a_lawyer_serves_is_no_lawyer() -> None:
    text = "Ratna Kusuma hadir. Kuasa hukum Ratna, Bagus Pranoto, mengatakan perkara itu selesai."
    assert "Ratna Kusuma" not in {one["person"] for one in said(text, "holds_post")}


@pytest.mark.parametrize(
    "text",
    [
        "Kota Medan menandatangani nota kesepahaman dengan Kota Toyama. Naskah itu diteken 12 Januari 2025 di Jakarta.",
        "MEDAN, 12 Januari 2025 - Kota Medan menandatangani nota kesepahaman dengan Kota Toyama.",
        "Tamu dijamu 12 Januari 2025. Pada acara itu Kota Medan meneken nota kesepahaman dengan Kota Toyama.",
    ],
)
def test_the_day_of_an_agreement_may_be_told_beside_it(text: str) -> None:
    assert {one.get("date") for one in said(text, "party_to")} == {"2025-01-12"}


def test_a_dateline_is_no_day_of_what_was_signed_long_ago() -> None:
    text = "MEDAN, 12 Januari 2025 - Kota Medan pada tahun 2019 menandatangani nota kesepahaman dengan Kota Toyama."
    assert {one.get("date") for one in said(text, "party_to")} == {None}


def test_both_cities_are_those_named_before() -> None:
    text = (
        "Wali Kota Medan Dr. Harda Kirana menerima delegasi Kota Toyama, Jepang. Kedua kota meneken nota kesepahaman."
    )
    assert len(said(text, "party_to")) == 2
    many = "Kota Medan, Kota Toyama, dan Kota Batu bertemu. Kedua kota meneken nota kesepahaman."
    assert said(many, "party_to") == []


def test_a_deal_gives_way_to_the_agreement_that_it_is() -> None:
    text = (
        "Kota Medan dan Kota Toyama meneken kerja sama pengelolaan sampah."
        " Kota Medan dan Kota Toyama menandatangani nota kesepahaman tentang pengelolaan sampah."
    )
    assert {one["agreement"] for one in said(text, "party_to")} == {"nota kesepahaman"}
    alone = "Kota Medan dan Kota Toyama meneken kerja sama pengelolaan sampah."
    assert {one["agreement"] for one in said(alone, "party_to")} == {"kerja sama"}


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Wali Kota Medan Dr. Harda Kirana mengatakan kotanya memiliki aplikasi Sapa Sungai.", "Pemerintah Kota Medan"),
        (
            "Menteri Kesehatan Dr. Sri Wening menyebut kementeriannya menjalankan program Sapa Bidan.",
            "Kementerian Kesehatan",
        ),
        (
            "Bupati Sleman Harda Kirana berkata pihaknya membuka jalan lewat program Sapa Desa.",
            "Pemerintah Kabupaten Sleman",
        ),
        ('"Kami meluncurkan program Sapa Sungai," kata Wali Kota Medan Dr. Harda Kirana.', "Pemerintah Kota Medan"),
    ],
)
def test_the_owner_of_a_programme_is_told_by_reference(text: str, owner: str) -> None:
    assert [one["owner"] for one in said(text, "runs_programme")] == [owner]


def test_a_word_of_another_kind_of_body_is_not_that_of_the_speaker() -> None:
    text = "Wali Kota Medan Dr. Harda Kirana mengatakan kementeriannya memiliki aplikasi Sapa Sungai."
    assert said(text, "runs_programme") == []


def test_an_agreement_has_a_short_name_only_where_somebody_is_party_to_it() -> None:
    signed = "Kota Medan dan Kota Toyama menandatangani letter of intent (LoI) tentang sampah."
    assert [one["alias"] for one in said(signed, "alias")] == ["LoI"]
    planned = signed.replace("menandatangani", "pada 5 Mei 2027 akan menandatangani")
    assert said(planned, "alias") == said(planned, "party_to") == []
    assert said("Naskah letter of intent (LoI) pengelolaan sampah masih disusun.", "alias") == []
