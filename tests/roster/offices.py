"""Lists as offices really send them, in short: the lines of a .csv, and below each what must be understood of it.

`>` is a person (name, village, phone, L/P, state); `!` what the preview must say of the person above; `=` how many
lines of a kind are nobody.
"""

import re
from dataclasses import dataclass

from tests.roster.ugly import Person


@dataclass(frozen=True, slots=True)
class Sent:
    """A list with the people in it, what is said of each, and how many of its lines are what else."""

    data: bytes
    people: list[Person]
    said: list[list[str]]
    nobody: dict[str, int]


KINDS = """
# every row says Desa and Kec. (08)
Nama;Desa;Kecamatan
Sugeng;Desa Pule;Kec. Selogiri
Wati;Desa Sumberagung;Kec. Pracimantoro
Narti;Desa Sumberejo;Kec. Wuryantoro
> Sugeng|Pule|||siap
> Wati|Sumberagung|||siap
> Narti|Sumberejo|||siap
= judul kolom 1
# some rows say Desa and Kec. (08)
No;Nama;Desa;Kecamatan
1;Sugeng;Desa Pule;Kec. Selogiri
2;Wati;Pule;Selogiri
3;Narti;Kel. Kaliancar;Kecamatan Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
> Narti|Kaliancar|||siap
= judul kolom 1
# one row says Desa and Kec. and has no number (08)
Nama;Desa;Kecamatan;HP
Sugeng;Pule;Selogiri;
;Desa Pule;Kec. Selogiri;
Wati;Desa Pule;Kec. Selogiri;
> Sugeng|Pule|||siap
> |Pule|||tolak
> Wati|Pule|||siap
= judul kolom 1
# a first row like a heading does not become one (08)
Nama;Alamat;
Sugeng;Desa Pule;Kec. Selogiri
Wati;Desa Kaliancar;Kec. Selogiri
> Sugeng||||ragu
> Wati|Kaliancar|||siap
= judul kolom 1
# the heading printed again on each page
No.;Nama Peserta;Desa;Kecamatan
1;Sugeng;Pule;Selogiri
No;NAMA PESERTA;DESA;KECAMATAN
2;Wati;Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 2
# a couple on one phone (10)
Nama;Desa;Kecamatan;HP
Ibu Rumah Contoh;Pule;Selogiri;081234567890
Bapak Rumah Contoh;Pule;Selogiri;081234567890
> Rumah Contoh|Pule|081234567890|P|siap
! di berkas: “Ibu Rumah Contoh”
> Rumah Contoh|Pule|081234567890|L|ragu
= judul kolom 1
# namesakes without a phone (10)
Nama;Desa;Kecamatan;HP
Suharti;Pule;Selogiri;
Suharti;Pule;Selogiri;
> Suharti|Pule|||siap
> Suharti|Pule|||ragu
= judul kolom 1
# namesakes of which one has a phone, and a whole row twice (10)
Nama;L/P;Desa;Kecamatan;HP
Suharti;P;Pule;Selogiri;081234567890
Suharti;P;Pule;Selogiri;
Suharti;P;Pule;Selogiri;081234567890
Suharti;;Pule;Selogiri;081234567890
> Suharti|Pule|081234567890|P|siap
> Suharti|Pule||P|ragu
> Suharti|Pule|081234567890|P|lewati
! sama dengan Suharti, orang ke-1
> Suharti|Pule|081234567890||ragu
= judul kolom 1
# letters in numbers (06)
Nama;Desa;Kecamatan;HP
Ani;Pule;Selogiri;O8120000O214
Budi;Pule;Selogiri;O812-OOOO-214
Cahyo;Pule;Selogiri;08l2 3456 789O
Dewi;Pule;Selogiri;WA 0812B0000214
Eko;Pule;Selogiri;WA081234567895
> Ani|Pule|081200000214||siap
! huruf di nomor HP dibaca sebagai angka
> Budi|Pule|08120000214||siap
! huruf di nomor HP dibaca sebagai angka
> Cahyo|Pule|081234567890||siap
! di berkas: ••••789O
> Dewi|Pule|||siap
! nomor HP tidak terbaca: ••••0214
> Eko|Pule|081234567895||siap
= judul kolom 1
# full-width digits, a land line, two numbers, words (06)
Nama;Desa;Kecamatan;HP
Ani;Pule;Selogiri;０８１２３４５６７８９０
Budi;Pule;Selogiri;0273-321456
Cahyo;Pule;Selogiri;081234567891 / 081234567892
Dewi;Pule;Selogiri;nunut anak
Eko;Pule;Selogiri;-
> Ani|Pule|081234567890||siap
> Budi|Pule|0273321456||siap
! nomor telepon rumah atau kantor
> Cahyo|Pule|081234567891||siap
! ada beberapa nomor HP
> Dewi|Pule|||siap
! nomor HP tidak terbaca: “nunut anak”
> Eko|Pule|||siap
= judul kolom 1
# every kind of apostrophe (07)
Nama;Desa;Kecamatan
Nur ‘Aini;Pule;Selogiri
NURʼAINI DEWI;Pule;Selogiri
Maʻruf;Pule;Selogiri
Jum`at;Kaliancar;Selogiri
Sa´diyah;Pule;Selogiri
Mu’minah;Pule;Selogiri
NUR ‘AISYAH;Pule;Selogiri
> Nur 'Aini|Pule|||siap
> Nur'aini Dewi|Pule|||siap
> Ma'ruf|Pule|||siap
> Jum'at|Kaliancar|||siap
> Sa'diyah|Pule|||siap
> Mu’minah|Pule|||siap
> Nur 'Aisyah|Pule|||siap
= judul kolom 1
# sub-headings inside the list (11)
No;Nama;Desa
;KECAMATAN SELOGIRI;
1;Sugeng;Pule
KECAMATAN SELOGIRI (lanjutan);;
2;Wati;Kaliancar
;KECAMATAN PRACIMANTORO (lanjutan);
3;Narti;Sumberagung
;Jumlah;3
> Sugeng|Pule|||siap
> Wati|Kaliancar|||siap
> Narti|Sumberagung|||siap
= judul kolom 1
= judul bagian 3
= jumlah 1
# ditto marks and blanks (05)
No;Nama;Desa;Kecamatan
1;Sugeng;Pule;Selogiri
2;Wati;"\""\";'' ''
3;Narti;sda;idem
4;Slamet;s.d.a.;,,
5;Tarno;;
6;Tukiyem;Kaliancar;-"-
7;Wagiman;;Wuryantoro
> Sugeng|Pule|||siap
> Wati|Pule|||siap
! desa atau kelurahan menurut baris di atasnya
! kecamatan menurut baris di atasnya
> Narti|Pule|||siap
> Slamet|Pule|||siap
> Tarno|Pule|||siap
! desa atau kelurahan menurut baris di atasnya
> Tukiyem|Kaliancar|||siap
> Wagiman||||siap
! desa belum diisi
= judul kolom 1
# a ditto mark without its quotes (05)
Nama;Desa;Kecamatan
Sugeng;Pule;Selogiri
Wati;";Selogiri
Narti;";Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
> Narti|Pule|||siap
= judul kolom 1
# names of places as clerks shorten them (09)
Nama;Desa;Kecamatan
Ani;Smberagung;Pracimantoro
Budi;Pokoh Kidul;Wonogri
Cahyo;Pule;Slogiri
> Ani|Sumberagung|||siap
! di berkas: “Smberagung”
> Budi|Pokohkidul|||siap
! di berkas: “Wonogri”
> Cahyo|Pule|||siap
! di berkas: “Slogiri”
= judul kolom 1
# parted by upright strokes (25)
No|Nama|Desa|Kecamatan
1|Sugeng|Pule|Selogiri
2|Wati|Pule|Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 1
# a NIK beside a name (47)
Nama;Desa;Kecamatan
Sugeng 3312010101800001;Pule;Selogiri
Wati;Pule;Selogiri
> Sugeng|Pule|||siap
! angka seperti NIK dibuang
> Wati|Pule|||siap
= judul kolom 1
# formulas that came to nothing (16)
Nama;Desa;Kecamatan;HP
Sugeng;Pule;Selogiri;#REF!
#N/A;Pule;Selogiri;081234567890
Wati;#REF!;Selogiri;
> Sugeng|Pule|||siap
! nomor HP tidak terbaca: “#REF!”
> |Pule|081234567890||tolak
> Wati||||ragu
= judul kolom 1
# a heading for each village
No;Nama;L/P
DESA PULE KECAMATAN SELOGIRI;;
1;Sugeng;L
2;Wati;P
Kelurahan Kaliancar;;
1;Narti;P
> Sugeng|Pule||L|siap
> Wati|Pule||P|siap
> Narti|Kaliancar||P|siap
= judul kolom 1
= judul bagian 2
# one village in the title
DAFTAR PSM DESA PULE
KECAMATAN SELOGIRI KABUPATEN WONOGIRI
Nama;HP
Sugeng;081234567890
Wati;
> Sugeng||081234567890||siap
> Wati||||siap
= kop 2
= judul kolom 1
# the address of the office is nobody's village
PEMERINTAH KABUPATEN WONOGIRI
Jl. Diponegoro Kelurahan Giriwono Kecamatan Wonogiri
Nama;HP
Sugeng;
> Sugeng||||siap
! desa belum diisi
= kop 2
= judul kolom 1
# groups of people
Nama;Desa;Kecamatan
A. PESERTA;;
Sugeng;Pule;Selogiri
B. PANITIA;;
Wati;Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 1
= judul bagian 2
# a note in the middle loses nobody below it
No;Nama;Desa;Kecamatan
1;Sugeng;Pule;Selogiri
;Catatan: yang di bawah ini susulan;;
2;Wati;Pule;Selogiri
3;Narti;Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
> Narti|Pule|||siap
= judul kolom 1
= catatan 1
# a note in the middle of a list without numbers
Nama;Desa;Kecamatan
Sugeng;Pule;Selogiri
*) susulan;;
Wati;Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 1
= catatan 1
# numbered notes at the end are nobody
No;Nama;Desa;Kecamatan
1;Sugeng;Pule;Selogiri
2;Wati;Pule;Selogiri
;Catatan;;
1;Bawa KTP;;
2;Datang tepat waktu;;
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 1
= catatan 3
# three who sign
Nama;Desa;Kecamatan;HP
Sugeng;Pule;Selogiri;
;;Wonogiri, 3 Desember 2026;
Mengetahui,;;;
Camat Selogiri;;Ketua IPSM;
BUDI SANTOSO, S.H.;;SITI;
NIP. 19660101 199001 1 001;;;
> Sugeng|Pule|||siap
= judul kolom 1
= tanda tangan 5
# who has an office in the village is no signature
Nama;Jabatan
Sugeng;Ketua RT
Wati;Sekretaris desa
Narti;Kepala dusun
> Sugeng||||siap
> Wati||||siap
> Narti||||siap
= judul kolom 1
# two lists side by side
No;Nama;Desa;;No;Nama;Desa
1;Sugeng;Pule;;3;Narti;Kaliancar
2;Wati;Pule;;;;
> Sugeng||||ragu
> Wati||||ragu
> Narti|Kaliancar|||siap
= judul kolom 2
# another list with other headings below the first
No;Nama;Desa;Kecamatan
1;Sugeng;Pule;Selogiri

DAFTAR CADANGAN
No;Nama;Kecamatan;Desa;HP
1;Wati;Selogiri;Pule;081234567890
> Sugeng|Pule|||siap
> Wati|Pule|081234567890||siap
= judul kolom 2
= judul bagian 1
# lines numbered ahead
No;Nama;Desa;Kecamatan
1;Sugeng;Pule;Selogiri
2;;;
3;;;
> Sugeng|Pule|||siap
= judul kolom 1
= nomor tanpa isi 2
# the numbers of the columns
No;Nama;Desa;Kecamatan
(1);(2);(3);(4)
1;Sugeng;Pule;Selogiri
> Sugeng|Pule|||siap
= judul kolom 1
= nomor tanpa isi 1
# men and women counted below
No;Nama;L/P;Desa;Kecamatan
1;Sugeng;L;Pule;Selogiri
;Laki-laki;1;;
;Perempuan;0;;
;TOTAL;1;;
> Sugeng|Pule||L|siap
= judul kolom 1
= jumlah 3
# names with what is not theirs
Nama;Desa;Kecamatan
1. Sugeng;Pule;Selogiri
Wati (alm);Pule;Selogiri
Sdr. Narti;Pule;Selogiri
Slamet *);Pule;Selogiri
Sri 2;Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
! di berkas: “Wati (alm)”
> Narti|Pule|||siap
! di berkas: “Sdr. Narti”
> Slamet|Pule|||siap
> |Pule|||tolak
= judul kolom 1
# two in one cell
Nama;Desa;Kecamatan
Sugeng, Wati Lestari;Pule;Selogiri
Narti & Slamet;Pule;Selogiri
Sugeng, S.Sos., M.Si;Pule;Selogiri
> |Pule|||tolak
> |Pule|||tolak
> Sugeng, S.Sos., M.Si.|Pule|||siap
= judul kolom 1
# participants whose part is Peserta
No;Nama;Keterangan;Unsur;Desa;Kecamatan
1;Sugeng;hadir;Peserta;Desa Pule;Selogiri
2;Wati;;Peserta;Desa Pule;Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
= judul kolom 1
# the village and the kecamatan in one cell
Nama;Alamat
Sugeng;Dk Krajan RT 01/02 Ds. Pule Kec. Selogiri
Wati;Pule - Selogiri
Narti;Pule RT 01 RW 02 Kec. Selogiri
Slamet;RT 01/02 Pule, Selogiri
> Sugeng|Pule|||siap
> Wati|Pule|||siap
> Narti|Pule|||siap
> Slamet|Pule|||siap
= judul kolom 1
# kecamatan only on the first row of each
Kecamatan;Desa;Nama
Selogiri;Pule;Sugeng
;Kaliancar;Wati
Wuryantoro;Sumberejo;Narti
;Sumberejo;Slamet
> Sugeng|Pule|||siap
> Wati|Kaliancar|||siap
> Narti|Sumberejo|||siap
> Slamet|Sumberejo|||siap
! kecamatan menurut baris di atasnya
= judul kolom 1
# a kecamatan before a name in two cells
Kecamatan;Nama
Kec. Selogiri;Sugeng
Kec. Pracimantoro;Wati
> Sugeng||||siap
> Wati||||siap
= judul kolom 1
# phones as people write them
Nama;Desa;Kecamatan;HP
Ani;Pule;Selogiri;'081234567890
Budi;Pule;Selogiri;0812.3456.7891(WA)
Cahyo;Pule;Selogiri;0812 3456 7893 a.n. Budi
Dewi;Pule;Selogiri;0812³4567890
> Ani|Pule|081234567890||siap
> Budi|Pule|081234567891||siap
> Cahyo|Pule|081234567893||siap
> Dewi|Pule|||siap
! nomor HP tidak terbaca: ••••7890
= judul kolom 1
# no headings, and the village first: all wait for their columns to be named
Desa Pule;Sugeng
Desa Kaliancar;Wati
> ||||tolak
> ||||tolak
# a total that stands under the names of others
No;Nama;HP
1;Sugeng;081234567890
;JUMLAH PESERTA : 1 ORANG;
> Sugeng||081234567890||siap
= judul kolom 1
= jumlah 1
# L and P in words and ticks that say neither
Nama;Jenis Kelamin;Desa;Kecamatan
Sugeng;Laki-laki;Pule;Selogiri
Wati;PEREMPUAN;Pule;Selogiri
Narti;?;Pule;Selogiri
> Sugeng|Pule||L|siap
> Wati|Pule||P|siap
> Narti|Pule|||siap
! di berkas: “?”
= judul kolom 1
# a first table that says less than the second
No;Nama;Desa
1;Sugeng;Pule
2;Wati;Kaliancar

No;Nama;Desa;HP
3;Narti;Kaliancar;081234567890
> Sugeng||||ragu
> Wati|Kaliancar|||siap
> Narti|Kaliancar|081234567890||siap
= judul kolom 2
# a village officer writes all in capitals with spaces between
N A M A;DESA;KEC.
SUGENG  RIYADI;P U L E;SELOGIRI
> Sugeng Riyadi|Pule|||siap
= judul kolom 1
"""


def _sent(text: str) -> Sent:
    lines, people, said, nobody = [], list[Person](), list[list[str]](), dict[str, int]()
    for line in text.splitlines():
        sign, _, rest = line.partition(" ")
        if sign == ">":
            name, village, phone, sex, state = rest.split("|")
            people.append((name, village, phone, sex, state))
            said.append([])
        elif sign == "!":
            said[-1].append(rest)
        elif sign == "=":
            kind, _, count = rest.rpartition(" ")
            nobody[kind] = int(count)
        else:
            lines.append(line)
    return Sent("\n".join(lines).encode(), people, said, nobody)


OFFICES = {title: _sent(text) for title, text in re.findall(r"^# (.+)\n((?:(?!# ).*\n)*)", KINDS, re.MULTILINE)}
