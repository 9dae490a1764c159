"""Who may do what: every route, by everybody, against a table; a route that is not in it fails.

A word is the status for nobody, stranger, owner, other, trainer, other trainer, admin; one word holds for all.
“masuk” is the way to sign in (303 to /masuk); “+” means that the database changed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask, redirect
from werkzeug.routing import Map, Rule

from tests.conftest import COURSE, SLUG
from tests.scene import WHO, Kept, Scene, Watch, fingerprint, routes, token

ACCESS = {
    "GET /": "200",
    "GET /acara/<code>": "masuk 404 200 404 200 404 404",
    "GET /awal": "200",
    "POST /awal": "422",
    "POST /awal/buat": "422",
    "GET /belajar/<slug>": "200",
    "GET /belajar/<slug>/<path:identity>": "200",
    "POST /belajar/<slug>/<path:identity>": "masuk 303 303 303+ 303+ 303+ 303",
    "GET /cek": "200",
    "GET /cek/<token>": "200",
    "GET /cek/lapor": "301",
    "GET /cek/<token>/lapor": "301",
    "GET /cek/luring": "200",
    "GET /contoh/<slug>/<case_slug>/<path:identity>": "200",
    "GET /formulir/<attempt_id>": "masuk 404 200 404 404 404 404",
    "POST /formulir/<attempt_id>": "masuk 404 303+ 404 404 404 404",
    "GET /formulir/<attempt_id>/hasil": "masuk 404 200 404 404 404 404",
    "GET /formulir/<attempt_id>/periksa": "masuk 404 200 404 404 404 404",
    "GET /h/<letters>": "303",
    "GET /hadir": "200",
    "GET /hadir/<receipt>": "200",
    "POST /hadir/<receipt>": "masuk 403 303+ 403 403 403 403",
    "GET /huruf": "200",
    "POST /huruf": "303",
    "GET /ikut": "200",
    "GET /ikut/<code>": "200",
    "POST /ikut/<code>": "422 303+ 303 303+ 303+ 303+ 303+",
    "GET /istilah/<slug>": "200",
    "GET /kartu": "200",
    "POST /kartu": "422",
    "POST /kartu/masuk": "422",
    "GET /kelola/laporan": "301",
    "GET /kelola/permintaan": "301",
    "POST /kelola/permintaan/<id:request_id>": "masuk 403 403 403 403 403 303+",
    "GET /kelola": "masuk 403 403 403 403 403 200",
    "GET /kelola/angkatan": "masuk 403 403 403 403 403 200",
    "POST /kelola/angkatan/<code>/pelatih": "masuk 403 403 403 403 403 303+",
    "POST /kelola/angkatan/<code>/pelatih/<id:person_id>/lepas": "masuk 403 403 403 403 403 303+",
    "GET /kelola/catatan": "masuk 403 403 403 403 403 200",
    "GET /kelola/kantor": "masuk 403 403 403 403 403 200",
    "POST /kelola/kantor": "masuk 403 403 403 403 403 422",
    "GET /kelola/kantor/lambang": "masuk 403 403 403 403 403 404",
    "GET /cek/kertas": "301",
    "GET /cek/rekam/<record_seal>": "410",
    "GET /kelola/kertas": "301",
    "GET /kelola/kertas/<paper_batch>": "301",
    "GET /kelola/register": "masuk 403 403 403 403 403 200",
    "POST /kelola/register": "masuk 403 403 403 403 403 200",
    "POST /kelola/register.xlsx": "masuk 403 403 403 403 403 200+",
    "GET /kelola/nomor": "301",
    "GET /kelola/nomor/<kind>": "masuk 403 403 403 403 403 200",
    "POST /kelola/nomor/<kind>": "masuk 403 403 403 403 403 303+",
    "POST /kelola/nomor/<kind>/manual": "masuk 403 403 403 403 403 303+",
    "POST /kelola/nomor/<kind>/manual/<id:block_id>/hapus": "masuk 403 403 403 403 403 303+",
    "GET /kelola/penanda-tangan": "masuk 403 403 403 403 403 200",
    "POST /kelola/penanda-tangan": "masuk 403 403 403 403 403 422",
    "GET /kelola/penanda-tangan/<id:signer_id>": "masuk 403 403 403 403 403 200",
    "POST /kelola/penanda-tangan/<id:signer_id>": "masuk 403 403 403 403 403 422",
    "POST /kelola/penanda-tangan/<id:signer_id>/akhiri": "masuk 403 403 403 403 403 303+",
    "GET /kelola/rantai": "301",
    "POST /kelola/rantai": "masuk 403 403 403 403 403 422",
    "POST /kelola/rantai/<id:trust_id>/keluarkan": "masuk 403 403 403 403 403 303+",
    "GET /kelola/staf": "masuk 403 403 403 403 403 200",
    "POST /kelola/staf": "masuk 403 403 403 403 403 422",
    "GET /kelola/staf/<id:person_id>": "masuk 403 403 403 403 403 200",
    "POST /kelola/staf/<id:person_id>/berhenti": "masuk 403 403 403 403 403 303+",
    "POST /kelola/staf/<id:person_id>/hak": "masuk 403 403 403 403 403 303+",
    "POST /kelola/staf/<id:person_id>/kembali": "masuk 403 403 403 403 403 303",
    "POST /kelola/staf/<id:person_id>/sandi": "masuk 403 403 403 403 403 200+",
    "GET /kerja/<job_id>": "masuk 404 404 404 200 404 404",
    "POST /kerja/<job_id>": "masuk 404 404 404 303+ 404 404",
    "GET /keluar": "masuk 200 200 200 200 200 200",
    "POST /keluar": "masuk 303+ 303+ 303+ 303+ 303+ 303+",
    "GET /kuis/<attempt_id>": "masuk 404 200 404 404 404 404",
    "POST /kuis/<attempt_id>": "masuk 404 303+ 404 404 404 404",
    "GET /kuis/<attempt_id>/hasil": "masuk 404 200 404 404 404 404",
    "POST /kuis/<attempt_id>/jawaban": "401 404 200+ 404 404 404 404",
    "GET /kuis/<attempt_id>/periksa": "masuk 404 200 404 404 404 404",
    "GET /masuk": "200 303 303 303 303 303 303",
    "POST /masuk": "422+",
    "POST /masuk/hp": "422+",
    "POST /masuk/kode": "422+",
    "GET /masuk/tunjuk": "masuk",
    "POST /masuk/tunjuk": "303+ 303 303 303 303 303 303",
    "GET /masuk/tunjuk/keadaan": "200",
    "POST /masuk/tunjuk/masuk": "masuk",
    "GET /media/<blob>": "200",
    "GET /mulai-formulir/<slug>/<case_slug>/<path:identity>": "masuk 303 200 303 303 303 303",
    "POST /mulai-formulir/<slug>/<case_slug>/<path:identity>": "masuk 303 303 303 303 303 303",
    "GET /mulai-kuis/<slug>/<path:identity>": "masuk 303 200 200 200 200 303",
    "POST /mulai-kuis/<slug>/<path:identity>": "masuk 303 303 303+ 303+ 303+ 303",
    "GET /tanya/<slug>": "masuk 303 200 200 200 200 303",
    "POST /tanya/<slug>": "masuk 303 422 422 422 422 303",
    "GET /saya/pertanyaan": "masuk 200 200 200 200 200 200",
    "GET /pelatih/<code>/kotak": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/kotak/<id:inquiry_id>": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/soal": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/soal/<question_hash>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/soal/<question_hash>": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/soal/<question_hash>/lihat": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/soal/<question_hash>/nilai-ulang": "masuk 404 404 404 303 404 404",
    "GET /pelatih/kursus": "masuk 403 403 403 200 200 200",
    "GET /pelatih/kursus/<slug>": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/<slug>/sunting/<path:path>": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/sunting/<path:path>": "masuk 404 404 404 404 303+ 303+",
    "POST /pelatih/kursus/<slug>/pratinjau/<path:path>": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/isian": "masuk 404 404 404 404 400 400",
    "GET /pelatih/bantuan-menulis": "masuk 403 403 403 200 200 200",
    "POST /pelatih/kursus/<slug>/urut": "masuk 404 404 404 404 400 400",
    "GET /pelatih/kursus/<slug>/terbitkan": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/terbitkan": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/<slug>/terbitan": "301",
    "GET /pelatih/kursus/<slug>/terbitan/<id:number>": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/terbitan/<id:number>/kembali": "masuk 404 404 404 404 422 422",
    "GET /pelatih/kursus/<slug>/laporan/<path:path>": "301",
    "GET /pelatih/kursus/<slug>/berkas/<path:path>": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/<slug>/gambar": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/gambar": "masuk 404 404 404 404 303 303",
    "GET /pelatih/kursus/<slug>/gambar/<path:path>": "301",
    "POST /pelatih/kursus/<slug>/gambar/<path:path>": "masuk 404 404 404 404 422 422",
    "GET /pelatih/kursus/<slug>/atur": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/atur": "masuk 404 404 404 404 409 409",
    "GET /pelatih/kursus/<slug>/baru": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/baru": "masuk 404 404 404 404 422 422",
    "GET /pelatih/kursus/<slug>/bawa": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/bawa": "masuk 404 404 404 404 422 422",
    "GET /pelatih/kursus/<slug>/bawa/zip": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/<slug>/bawa/md/<path:path>": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/<slug>/soal": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/soal": "masuk 404 404 404 404 303+ 303+",
    "GET /pelatih/kursus/<slug>/soal/templat.xlsx": "masuk 404 404 404 404 200 200",
    "GET /pelatih/kursus/baru-dari-zip": "301",
    "POST /pelatih/kursus/baru-dari-zip": "masuk 403 403 403 422 422 422",
    "GET /pelatih/kursus/<slug>/nama/<path:path>": "masuk 404 404 404 404 200 200",
    "POST /pelatih/kursus/<slug>/nama/<path:path>": "masuk 404 404 404 404 303+ 303+",
    "GET /pelatih/kursus/baru": "301",
    "POST /pelatih/kursus/baru": "masuk 403 403 403 303+ 303+ 303+",
    "GET /pelatih": "masuk 403 403 403 200 200 200",
    "GET /pelatih/<code>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/acara": "301",
    "POST /pelatih/<code>/acara": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/petugas": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/petugas": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/petugas/<id:crew_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/petugas/<id:crew_id>": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/petugas/keluar": "masuk 404 404 404 303 404 404",
    "POST /pelatih/<code>/petugas/pesan": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/acara/isian": "301",
    "POST /pelatih/<code>/acara/isian": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/acara/pertemuan": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/acara/pertemuan": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/acara/pertemuan/<id:meeting_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/acara/pertemuan/<id:meeting_id>": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/hadir/daftar.pdf": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/hadir/<id:meeting_id>": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/hadir/<id:meeting_id>/daftar": "301",
    "POST /pelatih/<code>/hadir/<id:meeting_id>/daftar": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/hadir/<id:meeting_id>/kode": "401 404 404 404 200 404 404",
    "GET /pelatih/<code>/hadir/<id:meeting_id>/kode.svg": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/hadir/<id:meeting_id>/pindai": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/hadir/<id:meeting_id>/pindai": "401 404 404 404 200 404 404",
    "GET /pelatih/<code>/atur": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/atur": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/data": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/data": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/daftar.xlsx": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/ganda": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/ganda/<id:membership_id>/<id:other_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/ganda/<id:membership_id>/<id:other_id>/gabung": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/ganda/<id:membership_id>/<id:other_id>/pisah": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/impor": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/impor": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/impor/<batch_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/impor/<batch_id>/batal": "masuk 404 404 404 303 404 404",
    "POST /pelatih/<code>/impor/<batch_id>/kolom": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/impor/<batch_id>/laporan.xlsx": "masuk 404 404 404 200+ 404 404",
    "POST /pelatih/<code>/impor/<batch_id>/masukkan": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/impor/<batch_id>/pilih": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/undangan": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/undangan": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/undangan/poster.pdf": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/macet": "301",
    "POST /pelatih/<code>/macet": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/tes": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/tes": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/jangkauan": "masuk 403 403 403 200 200 200",
    "GET /pelatih/jangkauan/belum.xlsx": "masuk 403 403 403 200 200 200",
    "GET /pelatih/<code>/tes/<which>/narasumber": "301",
    "GET /pelatih/<code>/tes/<which>/soal": "301",
    "GET /pelatih/<code>/tes/peningkatan": "301",
    "POST /pelatih/<code>/tes/<which>": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/baru": "masuk 403 403 403 200 200 200",
    "POST /pelatih/baru": "masuk 403 403 403 303+ 303+ 303+",
    "GET /pelatih/<code>/anggota/<id:membership_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/angkatan": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/bantu": "masuk 404 404 404 200 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/data": "301",
    "POST /pelatih/<code>/anggota/<id:membership_id>/data": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/isi": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/isi": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/kartu": "301",
    "POST /pelatih/<code>/anggota/<id:membership_id>/kartu": "masuk 404 404 404 200+ 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/kartu/ganti": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/kesempatan": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/kode": "301",
    "POST /pelatih/<code>/anggota/<id:membership_id>/kode": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/nomor": "301",
    "POST /pelatih/<code>/anggota/<id:membership_id>/nomor": "masuk 404 404 404 200+ 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>/buka": "masuk 404 404 404 303 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>/catatan": "masuk 404 404 404 404 404 404",
    "GET /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>/isi": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>/isi": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/percobaan/<attempt_id>/terima": "masuk 404 404 404 303 404 404",
    "POST /pelatih/<code>/anggota/<id:membership_id>/tunjuk": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/catatan": "301",
    "POST /pelatih/<code>/kartu.pdf": "masuk 404 404 404 200+ 404 404",
    "GET /privasi": "200",
    "GET /saya": "masuk 200 200 200 200 200 200",
    "GET /saya/kartu": "masuk 200 200 200 200 200 200",
    "GET /saya/kartu.png": "masuk 200 200 200 200 200 200",
    "GET /saya/data": "masuk 200 200 200 200 200 200",
    "GET /saya/hapus": "masuk 200 200 200 200 200 200",
    "POST /saya/hapus": "masuk 303+ 303+ 303 303+ 303+ 303+",
    "POST /saya/hapus/batal": "masuk 303 303 303+ 303 303 303",
    "POST /saya/pemberitahuan": "masuk 303 303 303 303 303 303",
    "GET /saya/perbaiki": "masuk 200 200 200 200 200 200",
    "POST /saya/perbaiki": "masuk 303+ 303+ 303+ 303+ 303+ 303+",
    "POST /saya/unduh": "masuk 200+ 200+ 200+ 200+ 200+ 200+",
    "GET /saya/kartu/ganti": "masuk 200 200 200 200 200 200",
    "POST /saya/kartu/ganti": "masuk 303+ 303+ 303+ 303+ 303+ 303+",
    "GET /saya/masuk": "masuk 200 200 200 200 200 200",
    "POST /saya/perangkat/keluar": "masuk 303 303+ 303 303 303 303",
    "POST /saya/perangkat/<device_id>/keluar": "masuk 404 303+ 404 404 404 404",
    "GET /saya/pin": "masuk 200 200 200 403 403 403",
    "POST /saya/pin": "masuk 422 422 422 403 403 403",
    "POST /saya/pin/hapus": "masuk 303 303 303 303 303 303",
    "GET /saya/sandi": "masuk 403 403 403 200 403 403",
    "POST /saya/sandi": "masuk 403 403 403 422 403 403",
    "GET /sandi": "200",
    "POST /sandi": "422",
    "POST /sandi/baru": "422",
    "GET /sehat": "200",
    "GET /sertifikat/<certificate_id>": "masuk 404 200 404 200 404 404",
    "GET /sertifikat/<certificate_id>/pdf": "masuk 404 200 404 200 404 404",
    "GET /sertifikat/rekam": "301",
    "GET /sertifikat/ambil/<slug>": "masuk 303 200 303 303 303 303",
    "POST /sertifikat/ambil/<slug>": "masuk 303 303 303 303 303 303",
    "GET /siap": "200",
    "GET /static/<version>/<path:name>": "200",
    "GET /tes/<slug>/akhir": "masuk 303 200 200 303 303 303",
    "POST /tes/<slug>/akhir": "masuk 303 303 303+ 303 303 303",
    "GET /tes/<slug>/awal": "masuk 303 200 200 303 303 303",
    "POST /tes/<slug>/awal": "masuk 303 303 303+ 303 303 303",
    "GET /tes/hasil/<test_id>": "masuk 404 200 404 404 404 404",
    "GET /rtl/<code>": "masuk 404 200 404 404 404 404",
    "POST /rtl/<code>": "masuk 404 303+ 404 404 404 404",
    "GET /pelatih/<code>/rtl": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/rtl": "masuk 404 404 404 200 404 404",
    "GET /survei/<code>": "masuk 404 200 404 404 404 404",
    "POST /survei/<code>": "masuk 404 422 404 404 404 404",
    "GET /pelatih/<code>/survei": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/survei": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/laporan": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/laporan": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/laporan.docx": "masuk 404 404 404 409 404 404",
    "POST /pelatih/<code>/laporan.pdf": "masuk 404 404 404 409 404 404",
    "POST /pelatih/<code>/surat/<letter>.docx": "masuk 404 404 404 200+ 404 404",
    "POST /pelatih/<code>/surat/<letter>.pdf": "masuk 404 404 404 200+ 404 404",
    "POST /pelatih/<code>/semua.xlsx": "masuk 404 404 404 200+ 404 404",
    "POST /acara/<code>/nama": "masuk 404 303+ 404 404 404 404",
    "GET /pelatih/<code>/sertifikat": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/sertifikat": "masuk 404 404 404 422 404 404",
    "POST /pelatih/<code>/sertifikat/berkas.zip": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/sertifikat/cetak.pdf": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/sertifikat/isi": "301",
    "POST /pelatih/<code>/sertifikat/isi": "masuk 404 404 404 303+ 404 404",
    "POST /pelatih/<code>/sertifikat/cara": "masuk 404 404 404 303+ 404 404",
    "GET /pelatih/<code>/sertifikat/tte": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/sertifikat/tte": "masuk 404 404 404 422 404 404",
    "POST /pelatih/<code>/sertifikat/tte.zip": "masuk 404 404 404 409 404 404",
    "POST /pelatih/<code>/sertifikat/tte/basah": "masuk 404 404 404 303 404 404",
    "GET /pelatih/<code>/sertifikat/ulang": "301",
    "POST /pelatih/<code>/sertifikat/ulang": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/sertifikat/<sheet_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/sertifikat/<sheet_id>": "masuk 404 404 404 409 404 404",
    "POST /pelatih/<code>/sertifikat/syarat": "masuk 404 404 404 303 404 404",
    "POST /pelatih/<code>/sertifikat/cabut": "masuk 404 404 404 422 404 404",
    "POST /pelatih/<code>/sertifikat/kecuali": "masuk 404 404 404 422 404 404",
    "GET /pelatih/<code>/sertifikat/kecuali/<id:membership_id>": "masuk 404 404 404 200 404 404",
    "POST /pelatih/<code>/sertifikat/kecuali/<id:membership_id>": "masuk 404 404 404 303+ 404 404",
    "GET /token": "401 200 200 200 200 200 200",
}

SATU = hashlib.sha256((COURSE / "dasar/satu.md").read_bytes()).hexdigest()
MEMBER = "POST /pelatih/<code>/anggota/<id:membership_id>"
FORMS: Mapping[str, dict[str, str]] = {
    "POST /pelatih/kursus/<slug>/sunting/<path:path>": {"teks": "# Satu\n", "dasar": SATU},
    "POST /pelatih/kursus/<slug>/pratinjau/<path:path>": {"teks": "# Satu\n", "dasar": SATU},
    "POST /kelola/angkatan/<code>/pelatih": {"orang": "3", "alasan": "Pengganti"},
    "POST /kelola/nomor/<kind>": {"pola": "{urut}/{tahun}"},
    "POST /kelola/nomor/<kind>/manual": {"aksi": "catat", "dari": "9", "sampai": "9", "alasan": "Agenda"},
    "POST /kelola/penanda-tangan/<id:signer_id>/akhiri": {"terakhir": "2026-12-31"},
    "POST /kelola/rantai/<id:trust_id>/keluarkan": {"alasan": "Diganti penerbitnya."},
    "POST /pelatih/<code>/sertifikat/cara": {"cara": "tte"},
    "POST /pelatih/<code>/sertifikat/ulang": {"keadaan": "salah", "alasan": "Salah eja."},
    "POST /kelola/staf/<id:person_id>/hak": {"kursus": "1"},
    "POST /pelatih/<code>/kotak/<id:inquiry_id>": {"isi": "Sudah diperbaiki."},
    "POST /pelatih/<code>/soal/<question_hash>": {"putusan": "batal", "alasan": "Aturannya berubah"},
    "POST /pelatih/<code>/soal/<question_hash>/lihat": {"putusan": "batal", "alasan": "Aturannya berubah"},
    "POST /formulir/<attempt_id>": {"form_id": "f" * 16, "counter": "1", "aksi": "simpan", "q3": "Lelah"},
    "POST /kuis/<attempt_id>": {"form_id": "f" * 16, "counter": "1", "aksi": "pasti"},
    "POST /mulai-formulir/<slug>/<case_slug>/<path:identity>": {"ke": "1"},
    "POST /mulai-kuis/<slug>/<path:identity>": {"ke": "1"},
    f"{MEMBER}/data": {"nama": "Siti A", "desa": "33.12.01.2001"},
    f"{MEMBER}/kartu/ganti": {"seri": "1", "yakin": "ya"},
    f"{MEMBER}/percobaan/<attempt_id>/isi": {
        "form_id": "f" * 16,
        "counter": "9",
        "aksi": "pasti",
    },
    "POST /tes/<slug>/akhir": {"ke": "1"},
    "POST /pelatih/<code>/acara": {"aksi": "tutup", "yakin": "ya"},
    "POST /pelatih/<code>/acara/isian": {"kuota": "30"},
    "POST /pelatih/<code>/petugas": {"nama": "Drs. Wiyono", "peran": "narasumber"},
    "POST /pelatih/<code>/petugas/<id:crew_id>": {"nama": "Sulastri", "gelar_depan": "Dra."},
    "POST /pelatih/<code>/acara/pertemuan/<id:meeting_id>": {"aksi": "batal"},
    "POST /pelatih/<code>/atur": {"aksi": "arsipkan", "yakin": "ya"},
    "POST /pelatih/<code>/data": {"nama": "Bimtek II", "mulai": "7/12/2026", "selesai": "7/12/2026"},
    "POST /pelatih/<code>/tes": {"yakin": "ya"},
    "POST /rtl/<code>": {"bila-1": "ada lansia sakit", "maka-1": "menghubungi puskesmas"},
    "POST /pelatih/<code>/laporan": {"aksi": "buat"},
    "POST /pelatih/<code>/sertifikat/<sheet_id>": {"aksi": "cabut", "alasan": "Keliru orang."},
    "POST /pelatih/<code>/sertifikat/syarat": {"alasan": "Hanya tatap muka."},
    "POST /pelatih/<code>/sertifikat/kecuali/<id:membership_id>": {"aksi": "kecualikan", "alasan": "Diganti."},
    "POST /pelatih/<code>/survei": {"aksi": "buka"},
    "POST /pelatih/<code>/tes/<which>": {"aksi": "tahan"},
    "POST /pelatih/<code>/impor/<batch_id>/batal": {"yakin": "ya"},
    "POST /pelatih/<code>/impor/<batch_id>/kolom": {"kolom-0": "nama"},
    "POST /pelatih/<code>/ganda/<id:membership_id>/<id:other_id>/gabung": {"tetap": "1"},
    "POST /pelatih/kursus/<slug>/bawa": {"aksi": "lihat-zip"},
    "POST /pelatih/kursus/<slug>/soal": {
        "pelajaran": "dasar/satu.md",
        "bagian": "latihan",
        "aksi": "masukkan",
        "soal": "### Baru\n\nJawaban: 1\n",
        "dasar": SATU,
    },
    "POST /pelatih/kursus/<slug>/nama/<path:path>": {"aksi": "ganti", "folder": "dasar", "nama": "lain", "sama": "ya"},
    "POST /pelatih/kursus/baru": {"judul": "Kursus baru", "materi": "Satu", "pelajaran": "Awal"},
    "POST /pelatih/baru": {"kursus": SLUG, "nama": "Bimtek", "mulai": "2026-12-07", "selesai": "2026-12-08"},
    "POST /sertifikat/ambil/<slug>": {"nama": "Siti Aminah"},
    "POST /saya/hapus": {"sertifikat": "tetap"},
    "POST /saya/perbaiki": {"nama": "Nama Baru", "desa": "33.12.01.2001"},
    "POST /masuk": {"nama": "siapa", "sandi": "salah"},
    "POST /masuk/hp": {"hp": "0812 3456 7890", "pin": "739154"},
    "POST /masuk/kode": {"angka": "12345678"},
    "POST /saya/kartu/ganti": {"nomor": "1"},
}
JSON: Mapping[str, Any] = {
    "POST /kuis/<attempt_id>/jawaban": {"entries": [], "submit": True},
    "POST /pelatih/<code>/hadir/<id:meeting_id>/pindai": {"pindaian": []},
}

PARTS = 4
"""The table is gone through in so many tests, which processes share."""


def expected(entry: str) -> list[str]:
    """A word for each of the cast."""
    words = entry.split()
    return words * len(WHO) if len(words) == 1 else words


def without_entry(app: Flask, table: Mapping[str, str]) -> list[str]:
    """Routes that nobody decided about, and entries whose route is gone."""
    found = {f"{method} {rule.rule}" for method, rule in routes(app)}
    return sorted(found ^ set(table))


def differences(scene: Scene, table: Mapping[str, str]) -> Iterator[str]:
    """Every case that is not as the table says."""
    kept, watch = Kept(), Watch()
    for name, entry in table.items():
        words = expected(entry)
        assert len(words) == len(WHO), name
        for who, word in zip(WHO, words, strict=True):
            answer = _ask(scene, name, who)
            changed = watch.changed()
            if answer + "+" * changed != word:
                yield f"{name} by {who}: {answer}{'+' * changed}, expected {word}"
            if changed:
                kept.restore()
                watch.changed()


def _ask(scene: Scene, name: str, who: str) -> str:
    method, _, rule = name.partition(" ")
    client = scene.browser(who)
    client.lint = method == "POST"  # Pages opened by GET are read critically in the tests of each page.
    headers = {"Referer": "https://sinau.test/"}
    if name in JSON:
        headers["X-CSRFToken"] = token()
        response = client.open(scene.address(rule), method=method, json=JSON[name], headers=headers)
    else:
        data = {"csrf_token": token(), **FORMS.get(name, {})} if method != "GET" else None
        response = client.open(scene.address(rule), method=method, data=data, headers=headers)
    to_sign_in = response.status_code == 303 and re.match(r"/masuk($|\?ke=)", response.location)
    return "masuk" if to_sign_in else str(response.status_code)


def test_every_route_has_an_entry(app: Flask) -> None:
    assert without_entry(app, ACCESS) == []


def test_a_new_route_without_an_entry_is_red(app: Flask) -> None:
    planted = Rule("/terlupa", methods=["GET"])
    rules = [rule.empty() for rule in app.url_map.iter_rules()]
    app.url_map = Map([*rules, planted], converters=app.url_map.converters)
    assert without_entry(app, ACCESS) == ["GET /terlupa"]


@pytest.mark.walk
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_may_do_what_the_table_says_and_nothing_else(scene: Scene, part: int) -> None:
    assert list(differences(scene, dict(list(ACCESS.items())[part::PARTS]))) == []


def test_a_page_that_forgets_whose_it_is_is_red(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scene.app.view_functions, "certificates.show", lambda certificate_id: "")
    name = "GET /sertifikat/<certificate_id>"
    found = list(differences(scene, {name: ACCESS[name]}))
    assert [line.partition(":")[0].rpartition(" ")[2] for line in found] == [
        who for who in WHO if who not in ("owner", "trainer")
    ]


@pytest.mark.walk
@pytest.mark.parametrize("part", range(PARTS))
def test_other_methods_than_the_routes_own_are_refused(scene: Scene, part: int) -> None:
    before = fingerprint()
    client = scene.browser("owner")
    client.lint = False
    for rule in list(scene.app.url_map.iter_rules())[part::PARTS]:
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "KARTU"):
            response = client.open(scene.address(rule.rule), method=method, headers={"Referer": "https://sinau.test/"})
            assert response.status_code == 405, (method, rule.rule)
        options = client.open(scene.address(rule.rule), method="OPTIONS")
        assert options.status_code == 200
        assert not options.data
    assert fingerprint() == before


def astray(scene: Scene) -> list[tuple[str, str]]:
    """(rule, where it leads) of every page that is no more and leads an admin or the cohort's trainer nowhere."""
    found = []
    for rule in scene.app.url_map.iter_rules():
        if rule.endpoint.startswith("moved "):
            ends = []
            for who in ("trainer", "admin"):
                client = scene.browser(who)
                client.lint = False
                answer = client.get(scene.address(rule.rule), follow_redirects=True)
                ends.append((answer.status_code, answer.request.path))
            if 200 not in dict(ends):
                found.append((rule.rule, ends[0][1]))
    return found


def test_every_page_that_moved_leads_to_one_that_is_there(scene: Scene) -> None:
    assert astray(scene) == []


def test_a_page_that_moved_to_nowhere_is_red(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scene.app.view_functions, "moved /kelola/kertas", lambda: redirect("/tidak-ada", 301))
    assert astray(scene) == [("/kelola/kertas", "/tidak-ada")]
