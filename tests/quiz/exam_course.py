"""The small test course with both tests: two materi, 2 and 3 items of each drawn; and somebody sitting at one."""

from dataclasses import dataclass

from lms.course.folder import read_folder
from lms.course.questions.base import Value
from lms.db.engine import db
from lms.db.tables import Attempt, Membership
from lms.quiz import queries
from tests.conftest import COURSE, SLUG, Client
from tests.quiz.sitting import Sitting

PAGE = f"/belajar/{SLUG}"
PRE, POST = f"/tes/{SLUG}/awal", f"/tes/{SLUG}/akhir"
ASKED = 5
SECRETS = ("UMPAN-", "PENJELASAN-RAHASIA")


def pool(title: str, draw: int, count: int) -> str:
    """A pool whose items have aims in turn, feedback and an explanation that nobody may see too early."""
    items = "".join(
        f"\n### {title} {number}?\n\nTujuan: {1 + number % 2}\n\nPilihlah.\n\n"
        f"- [x] Betul {title} {number}\n  > UMPAN-{number}.\n- [ ] Keliru {title} {number}\n  > UMPAN-{number}x.\n\n"
        f"PENJELASAN-RAHASIA {number}.\n"
        for number in range(count)
    )
    return f"## Kuis: {title} (ambil {draw})\n{items}\n"


def exam_files(kind: str = "") -> dict[str, bytes]:
    """The course; `kind` goes into kursus.toml."""
    files = read_folder(COURSE)
    toml = files["kursus.toml"].decode().replace('["Mengenal semua jenis soal"]', '["Mengenal", "Menjawab"]')
    files["kursus.toml"] = (
        f'{toml}\n[[materi]]\njudul = "Lanjutan"\ntujuan = ["Satu", "Dua"]\npelajaran = ["lanjut/tiga.md"]\n'
        f'\n[tes]\nbank = "tes.md"\nlulus = 70\n{kind}'
    ).encode()
    files["lanjut/tiga.md"] = b"# Tiga\n\nTeks.\n\n## Dasar hukum\n\n- UU A\n\nDiperiksa: 24 November 2026\n"
    files["tes.md"] = (pool("Dasar", 2, 6) + pool("Lanjutan", 3, 7)).encode()
    return files


@dataclass
class ExamSitting(Sitting):
    """An attempt at a test, which hangs on a membership."""

    @property
    def facts(self) -> queries.AttemptFacts:
        db.session.rollback()
        person_id = (
            db.session.query(Membership.person_id)
            .join(Attempt, Attempt.membership_id == Membership.id)
            .filter(Attempt.id == self.id)
            .scalar()
        )
        found = queries.attempt_of(person_id, self.id)
        assert found is not None
        return found

    def score(self, right: int) -> "ExamSitting":
        """Send the whole sheet with so many right answers."""
        answers: dict[int, Value] = {
            number: self.right(number) if number <= right else self.wrong(number) for number in self.numbers
        }
        assert self.save(*(self.entry(*answer) for answer in answers.items()), submit=True).status_code == 200
        return self

    def result(self) -> str:
        return self.client.page(f"/tes/hasil/{self.id}")

    @property
    def asked(self) -> set[str]:
        return {item.question for item in self.facts.sheet.items}


def sit_exam(client: Client, address: str, ordinal: int = 1) -> ExamSitting:
    """Press the button of a start page."""
    response = client.send(address, ke=ordinal)
    assert response.location.startswith("/kuis/"), response.location
    return ExamSitting(client, response.location.removeprefix("/kuis/"))


def learn_all(client: Client) -> None:
    """Finish every lesson and pass every quiz."""
    for lesson in ("dasar/satu", "dasar/dua", "lanjut/tiga"):
        assert client.send(f"{PAGE}/{lesson}").status_code == 303
    for lesson in ("dasar/satu", "dasar/dua"):
        attempt = client.send(f"/mulai-kuis/{SLUG}/{lesson}", ke=1).location.removeprefix("/kuis/")
        assert Sitting(client, attempt).submit().status_code == 200


def visible_secrets(text: str) -> list[str]:
    """Words of key, feedback and explanation on a page."""
    return [word for word in SECRETS if word in text]
