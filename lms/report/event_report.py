"""The report of a bimtek in the order of the office.

It is made of the event, of its figures as they were gathered, and of its people by their membership: figures hold no
name, so that who was erased since is not named by a report either.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from lms.db.words import STATES
from lms.paper.document import Block, chapter, facts, picture, remark, section, signature, table, words, written
from lms.quiz.items import ENOUGH
from lms.report.annexes import Said, annexes
from lms.report.texts import ERASED, Figures, ReportedBimtek, ReportedPerson, drafts
from lms.web.dates import in_words, rentang, tanggal


def report(
    event: ReportedBimtek,
    figures: Figures,
    people: Mapping[int, ReportedPerson],
    texts: Mapping[str, str],
    made: date,
    *,
    said: Said = (),
    emblem: str = "",
) -> list[Block]:
    """The whole report, with lettered chapters; `emblem` is a PNG in base64."""
    told = drafts(event, figures) | {key: text for key, text in texts.items() if text}
    chapters: dict[str, list[Block]] = {
        "Dasar": written(told["dasar"]) or [words("–")],
        "Maksud dan tujuan": written(told["tujuan"]),
        "Waktu dan tempat": _when(event),
        "Jadwal dan narasumber": _programme(event),
        "Peserta": _participants(figures, people),
        "Kehadiran": _attendance(event, figures),
        "Hasil tes awal dan tes akhir": _tests(figures["tes"]),
        "Survei peserta": _survey(figures["survei"]),
        "Rencana tindak lanjut": _plans(figures["rtl"]),
        "Hambatan dan saran": [
            section("Hambatan"),
            *written(told["hambatan"]),
            section("Saran"),
            *written(told["saran"]),
        ],
        "Penutup": written(told["penutup"]),
    }
    lines = ["LAPORAN KEGIATAN", event.plan.name.upper()]
    blocks: list[Block] = [{"kind": "judul", "emblem": emblem, "head": [*event.head], "lines": lines}]
    for letter, (title, found) in zip("ABCDEFGHIJK", chapters.items(), strict=True):
        blocks += [chapter(f"{letter}. {title}"), *found]
    signer = event.signer
    place = f"{event.town + ', ' if event.town else ''}{tanggal(made)}"
    blocks.append(
        signature(place, signer.get("above", ["Ketua panitia,"]), signer.get("name", ""), signer.get("below", []))
    )
    return blocks + annexes(event, figures, people, said)


def _when(event: ReportedBimtek) -> list[Block]:
    plan = event.plan
    online = rentang(plan.online_from, plan.online_until or plan.online_from) if plan.online_from else ""
    return [
        facts(
            {
                "Kegiatan": plan.name,
                "Hari, tanggal": event.days,
                "Tempat": plan.place,
                "Belajar daring": online,
                "Beban belajar": event.hours,
                "Penyelenggara": event.organiser,
                "Panitia": "; ".join(plan.committee.splitlines()),
            }
        )
    ]


def _programme(event: ReportedBimtek) -> list[Block]:
    if not event.sessions:
        return [words("Jadwal pertemuan tidak dicatat.")]
    rows: list[list[str]] = []
    day = None
    for each in event.sessions:
        subject = f"{each.subject} (dibatalkan)" if each.cancelled_at else each.subject
        jp = str(each.jp) if each.jp and not each.cancelled_at else ""
        rows.append([tanggal(each.day) if each.day != day else "", each.hours, subject, each.speaker, jp])
        day = each.day
    rows.append(["", "", "Jumlah", "", str(sum(each.jp for each in event.held))])
    return [table({"Tanggal": 23, "Jam (WIB)": 16, "Materi": 36, "Narasumber": 28, "JP": 6}, rows, right=[4])]


def _participants(figures: Figures, people: Mapping[int, ReportedPerson]) -> list[Block]:
    mine = [people.get(each, ERASED) for each in figures["peserta"]]
    if not mine:
        return [words("Belum ada peserta.")]
    districts: dict[str, list[ReportedPerson]] = {}
    for each in mine:
        districts.setdefault(each.district or "Belum diisi", []).append(each)
    rows = [[name, *_heads(found)] for name, found in districts.items()]
    men, women, unknown, total = _heads(mine)
    places = len({(each.district, each.village) for each in mine if each.village})
    known = sum(name != "Belum diisi" for name in districts)
    told = (
        f"Peserta berjumlah {total} ({in_words(len(mine))}) orang dari {places} desa dan kelurahan di {known} kecamatan"
    )
    rows.append(["Jumlah", men, women, unknown, total])
    if unknown == total:
        heading = {"Kecamatan": 40, "Jumlah": 15}
        rows = [[row[0], row[-1]] for row in rows]
    else:
        told += f": {men} laki-laki dan {women} perempuan" + (f", {unknown} belum tercatat" if unknown != "0" else "")
        heading = {"Kecamatan": 40, "Laki-laki": 15, "Perempuan": 15, "Belum tercatat": 15, "Jumlah": 15}
    return [
        words(f"{told}. Daftarnya ada di Lampiran 1."),
        table(heading, rows, right=[*range(1, len(heading))]),
        *_reached(figures["jangkauan"]),
    ]


def _reached(reached: Figures) -> list[Block]:
    """How many villages of the kecamatan that people came from have somebody trained by now."""
    if not reached:
        return []
    trained, learning, without = (
        sum(len(found[state]) for found in reached.values()) for state in ("sudah", "sedang", "belum")
    )
    where = f"{trained + learning + without} desa dan kelurahan di {len(reached)} kecamatan asal peserta"
    told = f"Sampai hari laporan ini dibuat, {trained} dari {where} sudah punya PSM terlatih"
    return [words(f"{told}, {learning} sedang belajar, dan {without} belum ada. Daftarnya ada di Lampiran 6.")]


def _heads(people: Sequence[ReportedPerson]) -> list[str]:
    men, women = (sum(each.sex == sex for each in people) for sex in "LP")
    return [str(men), str(women), str(len(people) - men - women), str(len(people))]


def _attendance(event: ReportedBimtek, figures: Figures) -> list[Block]:
    came = figures["hadir"]
    shares = [Fraction(share) for share in came["persen"].values() if share is not None]
    if not event.held or not came["dicatat"]:
        return [words("Kehadiran tidak dicatat.")]
    rows = []
    for at, each in enumerate(event.held):
        states = [row[at] for row in came["orang"].values()]
        counts = [str(states.count(state)) for state in (*STATES, "")]
        rows.append([str(at + 1), f"{tanggal(each.day)}, {each.hours}: {each.subject}", *counts])
    heading = {
        "No.": 7,
        "Pertemuan": 43,
        "Hadir": 10,
        "Terlambat": 13,
        "Izin": 8,
        "Tidak hadir": 10,
        "Belum dicatat": 12,
    }
    told = f"Rata-rata kehadiran {came['rata']}% dari pertemuan yang berlangsung."
    if (asked := event.course.certificate.attendance) is not None:
        enough = sum(share >= asked for share in shares)
        told += f" Syarat kehadiran {asked}% dipenuhi {enough} dari {len(shares)} peserta."
    return [words(f"{told} Rekapnya ada di Lampiran 2."), table(heading, rows, right=[0, *range(2, 7)])]


def _tests(tests: Figures) -> list[Block]:
    if not tests["awal"] and not tests["akhir"]:
        return [words("Tes awal dan tes akhir tidak diadakan atau belum ada yang mengirim.")]
    rows = []
    for title, each in (("Tes awal", tests["awal"]), ("Tes akhir pertama", tests["akhir"])):
        rows.append([title, *([str(each["n"]), *each["nilai"]] if each else ["0", "–", "–", "–"])])
    heading = {"Tes": 36, "Orang (n)": 16, "Rata-rata": 16, "Terendah": 16, "Tertinggi": 16}
    blocks = [table(heading, rows, right=[1, 2, 3, 4])]
    if after := tests["akhir"]:
        told = f"{tests['lulus']} dari {after['n']} peserta lulus tes akhir ({tests['lulus_persen']})"
        blocks.append(words(f"{told}, dihitung dari nilai terbaik masing-masing."))
    for group in tests["kelompok"]:
        blocks += _group(group)
    if tests["kelompok"]:
        blocks += [
            picture(tests["svg"], "Nilai tiap orang dari tes awal ke tes akhir pertama; angkanya di Lampiran 3"),
            remark(
                "Satu garis satu orang; garis putus-putus menurun; garis tebal rata-rata. "
                "Gain = (akhir − awal) / (100 − awal). Gain rata-rata kelas dihitung dari rata-rata kelas "
                "(Hake, 1998), rata-rata gain perorangan dari gain tiap orang; keduanya berbeda. "
                "Mulai 0,70 tinggi; mulai 0,30 sedang; di bawahnya rendah."
            ),
        ]
    one = [(tests["hanya_awal"], "tes awal"), (tests["hanya_akhir"], "tes akhir")]
    if any(count for count, _ in one):
        told = " dan ".join(f"{count} orang hanya mengikuti {name}" for count, name in one if count)
        blocks.append(remark(f"Tidak masuk dalam gain: {told}."))
    return blocks


def _group(group: Figures) -> list[Block]:
    gains = f"gain rata-rata kelas {group['kelas']}{' (' + group['kata'] + ')' if group['kata'] else ''}"
    full = f" ({group['penuh']} lainnya sudah 100 pada tes awal)" if group["penuh"] else ""
    moved = f"{'turun' if group['turun'] else 'naik'} dari {group['awal']} menjadi {group['akhir']}"
    if group["awal"] == group["akhir"]:
        moved = f"tetap {group['awal']}"
    told = (
        f"{group['n']} orang mengikuti kedua tes, dengan tes awal {group['kapan']}. Rata-ratanya {moved}: {gains}, "
        f"rata-rata gain perorangan {group['perorangan']} dari {group['dihitung']} orang{full}."
    )
    blocks = [words(told)]
    if not group["kata"]:
        blocks.append(remark(f"Kurang dari {ENOUGH} orang: angka saja, tanpa kategori."))
    heading = {"Materi": 48, "Orang (n)": 13, "Awal": 12, "Akhir": 12, "Gain rata-rata kelas": 15}
    return [*blocks, table(heading, group["materi"], right=[1, 2, 3, 4])] if group["materi"] else blocks


def _survey(survey: Figures) -> list[Block]:
    sent = f"{survey['terkirim']} dari {survey['dari']} peserta mengirim survei tanpa nama."
    if not survey["ditutup"]:
        return [
            words("Survei belum ditutup, jadi hasilnya belum dibaca." if survey["dibuka"] else "Survei tidak diadakan.")
        ]
    if not survey["bagian"]:
        return [words(f"{sent} Jawabannya kurang dari lima, jadi nilainya tidak ditunjukkan.")]
    heading = {"Bagian": 55, "Indeks": 15, "Mutu": 30}
    blocks = [words(f"{sent} Nilai 1 sampai 4; indeks = rata-rata × 25."), table(heading, survey["bagian"], right=[1])]
    if survey["penyelenggaraan"]:
        rows = [row[:2] for row in survey["penyelenggaraan"]]
        blocks.append(table({"Penyelenggaraan": 70, "Rata-rata (1–4)": 30}, rows, right=[1]))
    if survey["kesiapan"]:
        blocks.append(table({"Kesiapan peserta": 70, "Rata-rata (1–4)": 30}, survey["kesiapan"], right=[1]))
    return [
        *blocks,
        remark("Mutu menurut Permenpan-RB 14/2017: A mulai 88,31; B mulai 76,61; C mulai 65,00; di bawahnya D."),
    ]


def _plans(plans: Figures) -> list[Block]:
    if not plans["rencana"]:
        return [words("Belum ada rencana tindak lanjut yang ditulis peserta.")]
    told = f"{plans['orang']} peserta menulis {plans['rencana']} rencana tindak lanjut"
    news = (
        f"Terlaksana {plans['ya']}, sebagian {plans['sebagian']}, belum {plans['belum']}; {plans['kabar']} belum "
        "dikabarkan. Kabarnya ditanyakan kepada peserta setelah tiga puluh hari."
    )
    return [words(f"{told}. {news}")]
