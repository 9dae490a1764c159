"""What the survey of a bimtek asks, by the custom of the office: key of a question -> its words.

A key stays with its answers for ever; the words may be mended.
"""

SCALE = ("Kurang", "Cukup", "Baik", "Sangat baik")
READY = ("Belum siap", "Agak siap", "Siap", "Sangat siap")

ORGANISER = {
    "undangan": "Kejelasan undangan",
    "aplikasi": "Kemudahan masuk aplikasi",
    "materi": "Kesesuaian materi dengan tugas PSM",
    "bahan": "Bahan mudah dipahami",
    "jadwal": "Ketepatan jadwal",
    "ruang": "Ruang dan alat",
    "konsumsi": "Konsumsi",
    "panitia": "Keramahan panitia",
    "bantuan": "Bantuan saat ada kesulitan",
    "manfaat": "Manfaat keseluruhan",
}
SPEAKER = {
    "penguasaan": "Penguasaan materi",
    "urutan": "Urutan dan kejelasan",
    "contoh": "Contoh dari lapangan",
    "bahasa": "Bahasa yang dipakai",
    "waktu": "Pemakaian waktu",
    "menjawab": "Cara menjawab pertanyaan",
    "melibatkan": "Melibatkan peserta",
    "sikap": "Sikap",
}
ONLINE = {
    "huruf": "Huruf dan tombol jelas",
    "kuota": "Ringan di kuota",
    "soal": "Soal membantu belajar",
    "mandiri": "Bisa dipakai tanpa bantuan",
}
READINESS = {
    "sebelum": "Sebelum bimtek: saya siap mengisi formulir asesmen sendiri",
    "sesudah": "Sekarang: saya siap mengisi formulir asesmen sendiri",
}
WRITTEN = {
    "berguna": "Apa yang paling berguna?",
    "sulit": "Apa yang paling sulit?",
    "saran": "Apa saran Anda?",
}
