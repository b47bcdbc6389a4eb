"""Lines that are not the article: furniture, datelines, bylines, closing initials. And sentences that only look so."""

from __future__ import annotations

import pytest

from etl.clean.boilerplate import FURNITURE, names_in, people_of, without_furniture

DROPPED = """\
ADVERTISEMENT
Advertisement
SCROLL TO CONTINUE WITH CONTENT
Baca juga: Kota Lain Raih Penghargaan
BACA JUGA:
Baca Juga
Baca juga Kota Lain Raih Penghargaan
» Baca juga: Kota Lain
Baca Selanjutnya: Kota Lain...
Baca pula : Kota Lain
Lihat juga Video: Wali Kota Menangis
Simak Video 'Wali Kota Menangis'
Simak juga: Kota Lain
Tonton juga: Kota Lain
Saksikan video di bawah ini:
Saksikan video pilihan berikut ini
[Gambas:Video CNN]
[Gambas:Instagram]
[blockquote]
[ad_1]
2 dari 3 halaman
3 dari 4
Halaman: 1 2 3 Selanjutnya
Halaman 2
Selanjutnya
Sebelumnya
Lanjutkan Membaca ↓
Mari berbagi
Bagikan:
Lihat Foto
Perbesar
Klik gambar untuk perbesar
Hide Ads
Simak breaking news dan kabar lain yang kami pilihkan di WhatsApp Channel Kompas.com: https://www.whatsapp.com/channel/x
Dapatkan update berita pilihan setiap hari. Mari bergabung di Grup Telegram kami, caranya klik https://t.me/x, kemudian join.
Cek berita dan artikel yg lain di Google News dan dan ikuti WhatsApp channel mediaindonesia.com
Kabar lain ada di Google News, dan ikuti WhatsApp channel mediaindonesia.com
Ikuti kami di Google News
Silakan baca konten menarik lainnya dari JPNN.com di Google News
Baca berita tanpa iklan. Gabung Kompas.com+
Baca berita dengan sedikit iklan, klik di sini
Baca di App
Copyright © ANTARA 2026
Copyright © 2026 Liputan6.com KLY KapanLagi Youniverse All Right Reserved.
©2022 Merdeka.com/Istimewa
Hak cipta © ANTARA 2026
Dilarang mengambil atau menyalin isi berita ini tanpa izin tertulis dari Kantor Berita ANTARA.
Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis
Sumber : Liputan6.com
Berita Terkait
Berita Lainnya
TOPIK TERKAIT
Tags:
Dilihat 120 kali
136 total views, 2 views today
Infografis
Unduh aplikasi Koran sekarang
Scroll ke bawah untuk melanjutkan membaca
[Baca: Kota Lain Raih Penghargaan]
Simak selengkapnya di halaman berikutnya.
Baca halaman selanjutnya
Halaman Berikutnya: Kota Lain
Baca Selengkapnya
Klik di sini untuk membaca selengkapnya
Gulir ke bawah untuk melanjutkan
- Advertisement -
Foto: dok. Pemkot Batu
(Foto: Humas)
Temukan berita-berita terkini dan terpopuler lainnya di Google News Suara.com
Baca berita TRIBUNJATENG.COM lainnya di Google News
Update berita lainnya di TribunJatim.com dan Google News TribunJatim.com
Dapatkan berita up to date dengan semua berita terkini dari Koran hanya dengan satu akun
* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor Cek Fakta
(beritajatim.com)
(*/adv)
Tags : Adipura, Kota Batu
Rekomendasi untuk Anda
Konten ini diproduksi oleh advertiser
SCROLL TO RESUME CONTENT
Kirab piala di alun-alun (Sumber: Instagram/pemkot)
Kanal YouTube Tim Rusa ©2021 Koran.com
Jangan lewatkan!
Rating ( voters)
""".splitlines()

KEPT = """\
Ia mengajak warga bergabung dalam gerakan menanam dan mendapatkan bibit gratis lewat aplikasi milik pemerintah kota.
Pemkot mendapatkan penghargaan atas aplikasi layanan WhatsApp yang menjawab keluhan warga dalam satu jam.
Baca tulis masih menjadi persoalan di desa itu.
"Baca juga: itu pesan guru saya," kata Bupati sambil tertawa.
Lihat saja hasilnya, kata dia.
Hak cipta motif batik itu didaftarkan pemerintah kabupaten pada Maret lalu.
Sebelumnya, kota itu meraih Adipura pada 2019.
Selanjutnya, tim menilai lima kota.
Halaman balai kota dipenuhi warga.
Tiga dari lima halaman laporan itu kosong.
2 dari 3 kabupaten di pulau itu meraih penghargaan.
Dilarang merokok menjadi aturan pertama yang ditegakkan.
Video conference digelar di balai kota.
Foto udara menunjukkan sawah yang hijau.
Sumber dana berasal dari APBD.
Iklan layanan masyarakat buatan Pemkot Batu menang.
Halaman berikutnya dalam sejarah kota itu ditulis oleh warganya sendiri, kata Bupati saat menerima piala Adipura kelima.
Berita terpopuler di kota itu adalah piala.
Advertorial itu dimuat tiga koran.
Temukan artikel sejarah di museum itu.
Laporan keuangan kota itu menerima opini WTP.
Simak ulasannya berikut ini.
Kategori Kota Kecil: Kota Padang Panjang
""".splitlines()


@pytest.mark.parametrize("line", DROPPED)
def test_furniture(line: str) -> None:
    assert FURNITURE.fullmatch(line)


@pytest.mark.parametrize("line", KEPT)
def test_sentences_that_only_look_like_furniture(line: str) -> None:
    assert without_furniture(["Awal.", line, "Akhir."])[0] == ["Awal.", line, "Akhir."]


# first line: (dateline, text left)
DATELINES = {
    "Jakarta - Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "Jakarta -": ("Jakarta", None),
    "Jakarta - \"Kami senang,\" katanya.": ("Jakarta", "\"Kami senang,\" katanya."),
    "Jakarta - 14 kota menang.": ("Jakarta", "14 kota menang."),
    "JAKARTA, KP - Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "KOMPAS.com - Pemkot Batu menang.": (None, "Pemkot Batu menang."),
    "SURABAYA, KOMPAS.com – Pemkot Batu menang.": ("Surabaya", "Pemkot Batu menang."),
    "LOMBOK TENGAH, KOMPAS.com — Pemkot Batu menang.": ("Lombok Tengah", "Pemkot Batu menang."),
    "LOS ANGELES, KOMPAS.com - Pemkot Batu menang.": ("Los Angeles", "Pemkot Batu menang."),
    "MATARAM, NTB - Pemkot Batu menang.": ("Mataram, NTB", "Pemkot Batu menang."),
    "Jakarta, KompasOtomotif – Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "Merdeka.com - Pemkot Batu menang.": (None, "Pemkot Batu menang."),
    "Liputan6.com, Jakarta - Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "Liputan6.com, Jakarta - - Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "Kudus (ANTARA) - Pemkot Batu menang.": ("Kudus", "Pemkot Batu menang."),
    "Waikabubak, NTT (ANTARA) - Pemkot Batu menang.": ("Waikabubak, NTT", "Pemkot Batu menang."),
    "Mataram, NTB (ANTARA News) - Pemkot Batu menang.": ("Mataram, NTB", "Pemkot Batu menang."),
    "REPUBLIKA.CO.ID, PURBALINGGA--Pemkot Batu menang.": ("Purbalingga", "Pemkot Batu menang."),
    "PURBALINGGA--Pemkot Batu menang.": ("Purbalingga", "Pemkot Batu menang."),
    "SURABAYA-Pemkot Batu menang.": ("Surabaya", "Pemkot Batu menang."),
    "TRIBUNJATENG.COM, BATANG - Pemkot Batu menang.": ("Batang", "Pemkot Batu menang."),
    "TEMPO.CO, Jakarta - Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "jpnn.com, SURABAYA - Pemkot Batu menang.": ("Surabaya", "Pemkot Batu menang."),
    "Jakarta, CNN Indonesia -- Pemkot Batu menang.": ("Jakarta", "Pemkot Batu menang."),
    "Malang (beritajatim.com) – Pemkot Batu menang.": ("Malang", "Pemkot Batu menang."),
    "Bau-Bau - Pemkot menang.": ("Bau-Bau", "Pemkot menang."),
    "BAU-BAU, KOMPAS.com - Pemkot menang.": ("Bau-Bau", "Pemkot menang."),
    # sentences with a dash
    "Bau-Bau raih penghargaan.": (None, "Bau-Bau raih penghargaan."),
    "Tanjung Selor-Malinau kini hanya tiga jam.": (None, "Tanjung Selor-Malinau kini hanya tiga jam."),
    "Wali Kota Batu - Nurochman - hadir di sana.": (None, "Wali Kota Batu - Nurochman - hadir di sana."),
    "Bintang Puspayoga - Menteri PPPA - hadir di sana.": (None, "Bintang Puspayoga - Menteri PPPA - hadir di sana."),
    "Sate Lalat - makanan khas Madura - diakui.": (None, "Sate Lalat - makanan khas Madura - diakui."),
    "Pemkab Sleman - yang dulu gagal - menang.": (None, "Pemkab Sleman - yang dulu gagal - menang."),
    "Senin - Rabu kota itu ramai.": (None, "Senin - Rabu kota itu ramai."),
    "Penghargaan itu diterima kemarin - Kota Batu menang.": (None, "Penghargaan itu diterima kemarin - Kota Batu menang."),
    "2 - 1 Pemkot menang.": (None, "2 - 1 Pemkot menang."),
}  # fmt: skip


@pytest.mark.parametrize("line", DATELINES)
def test_datelines(line: str) -> None:
    dateline, left = DATELINES[line]
    kept, ends = without_furniture([line, "Akhir."])
    assert ends.dateline == dateline
    assert kept == [*([left] if left else []), "Akhir."]


@pytest.mark.parametrize("signature", ["(akd/ega)", "(din)", "(*)", "(H-2)"])
def test_what_stands_behind_the_signature_is_the_outlets(signature: str) -> None:
    kept, _ = without_furniture(["Awal.", "Tengah.", signature, "Kabar pilihan redaksi untukmu", "Ikut kanal kami"])
    assert kept == ["Awal.", "Tengah."]


@pytest.mark.parametrize("lines", [["Awal.", "(DIY)", "Kota Yogyakarta"], ["Awal.", "(Kota Batu)", "Pemkot."]])
def test_brackets_inside_the_text_end_nothing(lines: list[str]) -> None:
    assert len(without_furniture(lines)[0]) == 3


def test_signatures_of_earlier_pages_leave_the_text() -> None:
    assert without_furniture(["Awal.", "(fri/jpnn)", "Tengah. " * 60, "(*)", "Akhir. " * 60])[0] == [
        "Awal.", "Tengah. " * 60, "Akhir. " * 60,
    ]  # fmt: skip


def test_a_dateline_stands_first_or_nowhere() -> None:
    kept, ends = without_furniture(["Awal.", "Jakarta - Pemkot Batu menang."])
    assert (kept, ends.dateline) == (["Awal.", "Jakarta - Pemkot Batu menang."], None)


# last line: (text left, editors)
CLOSINGS = {
    "Begitu katanya. (akd/ega)": ("Begitu katanya.", ("akd", "ega")),
    "(akd/ega)": (None, ("akd", "ega")),
    "(rrd)": (None, ("rrd",)),
    "[bdp": (None, ("bdp",)),
    '"Kami senang," ujarnya. (din)': ('"Kami senang," ujarnya.', ("din",)),
    "Sekian. (*)": ("Sekian.", ()),
    "Sekian (***)": ("Sekian", ()),
    "Sekian. (H-2)": ("Sekian.", ()),
    "ucapnya. (UK/N-2)": ("ucapnya.", ()),
    "ucapnya. (mdk/ank)": ("ucapnya.", ("ank",)),
    "ucapnya. (ADV/AZS/DISKOMINFO)": ("ucapnya.", ()),
    "Smartfren.(Cas/Isk)": ("Smartfren.", ()),
    "dari Museum Rekor Dunia-Indonesia (MURI)": ("dari Museum Rekor Dunia-Indonesia (MURI)", ()),
    "dari Museum Rekor Dunia-Indonesia (MURI).": ("dari Museum Rekor Dunia-Indonesia (MURI).", ()),
    "di Pendopo Rumah Rakyat, Rabu (31/3)": ("di Pendopo Rumah Rakyat, Rabu (31/3)", ()),
    "di Pendopo Rumah Rakyat (Kota Batu)": ("di Pendopo Rumah Rakyat (Kota Batu)", ()),
}  # fmt: skip


@pytest.mark.parametrize("line", CLOSINGS)
def test_closing_initials(line: str) -> None:
    left, editors = CLOSINGS[line]
    kept, ends = without_furniture(["Awal cerita.", line])
    assert (kept, ends.editors) == (["Awal cerita.", *([left] if left else [])], editors)


# lines: (author, editors)
BYLINES = {
    "Pewarta: Syaiful Anam": ("Syaiful Anam", ()),
    "Pewarta : Syaiful Anam | Editor : Endang Pratiwi": ("Syaiful Anam", ("Endang Pratiwi",)),
    "Penulis: Kontributor Lhokseumawe, Masriadi Editor : Ervan Hardoko": ("Masriadi", ("Ervan Hardoko",)),
    "Editor: Endang Pratiwi, Bagus Hermawan": (None, ("Endang Pratiwi", "Bagus Hermawan")),
    "Rep: Antara / Red: Fitriyan Zamzami": ("Antara", ("Fitriyan Zamzami",)),
    "Reporter: A. Rahman dan Budi": ("A. Rahman", ()),
    "(Editor: Endang Pratiwi)": (None, ("Endang Pratiwi",)),
}


@pytest.mark.parametrize("line", BYLINES)
def test_bylines_leave_the_text(line: str) -> None:
    author, editors = BYLINES[line]
    kept, ends = without_furniture(["Awal.", line])
    assert (kept, ends.author, ends.editors) == (["Awal."], author, editors)


@pytest.mark.parametrize(
    "line",
    [
        "Ia bekerja sebagai editor: pekerjaan yang disukainya sejak muda, dan yang mengantarnya ke kota itu.",
        "Pemimpin redaksi, para reporter: semua hadir.",
    ],
)
def test_a_sentence_with_a_role_in_it_is_no_byline(line: str) -> None:
    assert without_furniture(["Awal.", line])[0] == ["Awal.", line]


def test_roles_and_names() -> None:
    assert people_of("Penulis: A B | Editor: C D, E F") == [("penulis", "A B"), ("editor", "C D"), ("editor", "E F")]
    assert people_of("Angga Laraspati - detikNews") == []
    assert names_in("Kontributor Aceh, Masriadi") == ["Masriadi"]
    assert names_in(" A B & C D ") == ["A B", "C D"]
    assert names_in("Oleh Frislidia") == ["Frislidia"]
    assert names_in("Ratih Kumala - detikHealth") == ["Ratih Kumala"]


def test_nothing_left_is_nothing() -> None:
    assert without_furniture([])[0] == []
    assert without_furniture(["Advertisement", "(din)"])[0] == []
