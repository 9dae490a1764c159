"""Questions as people type them in a word processor: "1. …  a. …  b. …  Kunci: B", read line by line.

Nobody writes this by a rule, so whatever is not understood is said with its line, and a question that lacks its key
comes in all the same: the checker and its author see it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from lms.authoring.intake import draft
from lms.authoring.intake.draft import FREE, YES_NO, NewQuestion, Option, bare, ordered_letters
from lms.course.problems import Notes
from lms.course.questions.base import quoted
from lms.web.plain import normalised

QUESTION = re.compile(r"(?:(?:soal|no|nomor)[ .]{0,2})?([0-9]{1,3}) ?([.):])(?![0-9]) ?(.*)", re.IGNORECASE)
CHOICE = re.compile(r"(\*{1,3} ?|[✓✔√] ?|)(\[[ xXvV]?\] ?)?\(?([a-hA-H]) ?[.)](?!\w\.) ?(.*)")
BULLET = re.compile(r"[-–•▪◦●○·\uf0b7\uf0a7] ?(\[[ xXvV]?\])? ?(.*)")
KEY = re.compile(r"(?:kunci(?: jawaban)?(?: soal)?|jawaban(?: benar)?|jawab|jwb)(?: ?[:=] ?| |$)(.*)", re.IGNORECASE)
WHY = re.compile(r"(?:pembahasan|penjelasan|alasan|keterangan) ?[:=] ?(.*)", re.IGNORECASE)
FEEDBACK = re.compile(r"(?:umpan balik ?[:=]|>) ?(.*)", re.IGNORECASE)
INLINE = re.compile(r"\t(?=\(?[b-hB-H] ?[.)])|[\t ](?=kunci(?: jawaban)? ?[:=])", re.IGNORECASE)
WIDE = re.compile(r"[ \t\xa0]{2,}|\t")
LISTED_KEY = re.compile(r"([0-9]{1,3}) ?[.):=-]? ?\(?([a-hA-H](?: ?(?:,|/|&|dan) ?[a-hA-H])*)\)?(?![^\W_])")
SAID_RIGHT = re.compile(r" ?[(\[](?:benar|kunci|jawaban benar)[)\]]$", re.IGNORECASE)
STATEMENT = re.compile(r"\([0-9ivx]{1,4}\) ")
TRUE_OR_FALSE = re.compile(r"b[/-]s|benar(?:atau|/)salah", re.IGNORECASE)
TICKS = "✓✔√"
TICKED = tuple("xXvV")
LETTERS = ascii_uppercase
FARTHEST_GAP = 3
LONGEST_KEY = 200


@dataclass(slots=True)
class QuestionFound:
    """A question while its lines come in; `text` and `why` are paragraphs, each in its wrapped lines.

    `options` are those with letters, in the order they came.
    """

    line: int
    number: int | None
    text: list[list[str]]
    options: dict[str, Option] = field(default_factory=dict)
    bullets: list[Option] = field(default_factory=list)
    key: str = ""
    why: list[list[str]] = field(default_factory=list)
    last: str = "text"
    """Where a wrapped line belongs: text, option, feedback, key or why."""

    @property
    def is_closed(self) -> bool:
        """Whether all a question needs was there, so that what follows a blank line is something else."""
        return bool(self.options or self.key or self.why)

    @property
    def name(self) -> str:
        """The question as a message names it."""
        return f"soal nomor {self.number}" if self.number is not None else f"soal {quoted(_joined(self.text))}"

    def extend_option(self, text: str = "", right: bool = False, feedback: str = "") -> None:
        """Say more of the last choice."""
        letter, last = self.options.popitem()
        self.options[letter] = Option(_more(last.text, text), last.right or right, _more(last.feedback, feedback))


def read_numbered(source: str) -> draft.ReadQuestions:
    """Every question of a pasted text; what was not understood is in the problems."""
    reader = _Reader(Notes("teks"))
    for number, line in _lines(normalised(draft.cut(source, reader.notes))):
        reader.take(number, line)
    return reader.finish()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with single spaces; choices and keys that share a line get one each."""
    for number, line in enumerate(text.split("\n"), 1):
        wide = WIDE.sub("\t", line.replace("\v", " ").strip())
        for part in INLINE.split(wide):
            yield number, draft.plain(part)


class _Reader:
    """Takes one line after the other and knows what it belongs to."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._found: list[QuestionFound] = []
        self._loose: list[tuple[int, str]] = []
        self._numbers: dict[int, list[QuestionFound]] = {}
        self._keys: dict[int, tuple[int, str]] = {}
        self._after_blank = True
        self._in_keys = False
        self._sign = ""

    def take(self, number: int, line: str) -> None:
        """One line; an empty one ends what goes on."""
        if not line:
            self._after_blank = True
            return
        if not (self._in_keys and self._listed(number, line)):
            self._in_keys = False
            self._line(number, line)
        self._after_blank = False

    def finish(self) -> draft.ReadQuestions:
        """All questions with their keys."""
        self._take_back_heading()
        self._say_loose()
        for number, (line, key) in self._keys.items():
            meant = self._numbers.get(number, [])
            if len(meant) == 1 and not meant[0].key:
                meant[0].key = key
            elif not meant:
                self.notes.warn(line, f"kunci nomor {number} tidak punya soal; periksa nomornya")
            elif len(meant) > 1:
                said = f"nomor {number} ada {len(meant)} kali"
                self.notes.warn(line, f"{said}, jadi kuncinya tidak dipasang; tandai sendiri")
        questions = [_Maker(found, self.notes).question() for found in self._found]
        nothing = 'tidak ada soal di sini; tulis seperti "1. Pertanyaan", lalu "a. …", "b. …", "Kunci: B"'
        return draft.finished(questions, self.notes, nothing)

    def _line(self, number: int, line: str) -> None:
        now = self._found[-1] if self._found else None
        question, choice, key, why = (each.match(line) for each in (QUESTION, CHOICE, KEY, WHY))
        feedback, bullet = FEEDBACK.match(line), BULLET.match(line)
        if question and self._opens(question, now):
            self._open(QuestionFound(number, int(question[1]), [[question[3]]] if question[3] else []))
            self._sign = self._sign or question[2]
        elif choice and self._is_next(choice[3], now):
            self._choose(choice)
        elif key and self._is_key(key, line):
            self._key(number, key[1])
        elif now and why:
            now.why.append([why[1]])
            now.last = "why"
        elif now and feedback and now.options and now.last in ("option", "feedback"):
            now.extend_option(feedback=feedback[1])
            now.last = "feedback"
        elif now and bullet and bullet[2] and not now.is_closed:
            now.bullets.append(Option(bullet[2], (bullet[1] or "")[1:2] in TICKED))
            now.text.append([line])
        else:
            self._goes_on(number, line, now)

    def _opens(self, match: re.Match[str], now: QuestionFound | None) -> bool:
        """Whether a number starts a question: the first, the next one, or any once the one above is complete."""
        if now is None or not self._sign:
            return True
        if match[2] != self._sign and match[0][:1].isdigit():
            return False
        return int(match[1]) == (now.number or 0) + 1 or now.is_closed

    def _open(self, found: QuestionFound) -> None:
        self._take_back_heading()
        self._say_loose()
        self._found.append(found)
        if found.number is not None:
            self._numbers.setdefault(found.number, []).append(found)

    def _take_back_heading(self) -> None:
        """A title over "A. Pilihan ganda" looked like a question with one choice."""
        last = self._found[-1] if self._found else None
        if last and last.number is None and len(last.options) == 1 and not last.key:
            self._found.pop()
            self._loose.insert(0, (last.line, _joined(last.text)))

    def _is_next(self, letter: str, now: QuestionFound | None) -> bool:
        """Whether this letter goes on with the choices above, or starts those of a question without a number."""
        at = LETTERS.index(letter.upper())
        if now is None or (self._loose and now.is_closed):
            return at == 0 and bool(self._loose)
        if not now.options:
            return at <= 1
        # Two columns bring a, c, b, d.
        return letter.upper() not in now.options and at - LETTERS.index(max(now.options)) <= FARTHEST_GAP

    def _choose(self, match: re.Match[str]) -> None:
        if self._loose:
            above = self._last_loose()
            self._open(QuestionFound(above[0][0], None, [[text for _, text in above]]))
        now = self._found[-1]
        text, right = _without_mark(match[4])
        right = right or bool(match[1].strip()) or (match[2] or "")[1:2] in TICKED
        now.options[match[3].upper()] = Option(text, right)
        now.last = "option"

    def _last_loose(self) -> list[tuple[int, str]]:
        """The lines just above, up to an empty one."""
        at = len(self._loose) - 1
        while at and self._loose[at - 1][0] == self._loose[at][0] - 1:
            at -= 1
        above, self._loose = self._loose[at:], self._loose[:at]
        return above

    def _is_key(self, match: re.Match[str], line: str) -> bool:
        """A colon says so; without one only letters, pairs or nothing may follow."""
        said = match[1].strip()
        with_colon = line[: len(line) - len(match[1])].rstrip().endswith((":", "="))
        return with_colon or not said or bool(ordered_letters(said)) or not _left_of_pairs(said)

    def _key(self, number: int, said: str) -> None:
        pairs = LISTED_KEY.findall(said)
        if pairs and not _left_of_pairs(said):
            self._in_keys = self._listed(number, said)
        elif not said:
            self._in_keys = True
        elif self._found:
            now = self._found[-1]
            if now.key:
                self.notes.warn(number, f"{now.name} punya dua kunci; yang pertama dipakai")
            else:
                now.key = said
            now.last = "key"
        else:
            self._loose.append((number, said))

    def _listed(self, number: int, line: str) -> bool:
        """Whether the line belongs to the list of keys; its keys are kept."""
        pairs = LISTED_KEY.findall(line)
        if pairs and not _left_of_pairs(line):
            for at, key in pairs:
                self._keys.setdefault(int(at), (number, key))
            return True
        written = QUESTION.match(line)
        if written and len(written[3]) <= LONGEST_KEY and int(written[1]) in self._numbers:
            self._keys.setdefault(int(written[1]), (number, written[3]))
            return True
        last = self._found[-1] if self._found else None
        if last and not last.key and (ordered_letters(line) or not (last.options or written)):
            last.key, last.last = line, "key"
            return True
        return False

    def _goes_on(self, number: int, line: str, now: QuestionFound | None) -> None:
        """A wrapped line, another paragraph, or something that belongs to no question."""
        if now is None or self._loose or (self._after_blank and now.is_closed and now.last != "why"):
            self._loose.append((number, line))
        elif now.last == "option":
            now.extend_option(*_without_mark(line))
        elif now.last == "feedback":
            now.extend_option(feedback=line)
        elif now.last == "key" and not ordered_letters(now.key) and bare(now.key) not in (*FREE, *YES_NO):
            now.key = _more(now.key, line)
        else:
            now.last = "why" if now.last == "key" else now.last
            texts = now.why if now.last == "why" else now.text
            # A numbered statement or a bullet inside a question keeps its line.
            if self._after_blank or not texts or any(each.match(line) for each in (QUESTION, BULLET, STATEMENT)):
                texts.append([line])
            else:
                texts[-1].append(line)

    def _say_loose(self) -> None:
        if self._loose:
            number, first = self._loose[0]
            more = f" dan {len(self._loose) - 1} baris sesudahnya" if len(self._loose) > 1 else ""
            text = f"baris {quoted(first)}{more} tidak termasuk soal mana pun dan tidak ikut"
            self.notes.warn(number, f"{text}; beri nomor soal bila seharusnya ikut")
        self._loose = []


def _more(text: str, line: str) -> str:
    """The text with a further line; what is too long already will be refused and grows no more."""
    return text if len(text) > draft.LONGEST_TEXT else f"{text} {line}".strip()


def _left_of_pairs(text: str) -> str:
    """Return what is left of a list of keys once every pair is taken out."""
    return LISTED_KEY.sub("", text).strip(" ,;|.")


def _without_mark(text: str) -> tuple[str, bool]:
    """A choice without the star, tick or word that says it is right."""
    said = SAID_RIGHT.sub("", text).strip()
    right = said != text.strip() or said.endswith(("*", *TICKS)) or said.startswith(tuple(TICKS))
    right = right or (said.startswith("**") and "**" in said[2:])
    return (said.replace("**", "").strip(f"*{TICKS} ") if right else said), right


def _joined(texts: Sequence[Sequence[str]]) -> str:
    """The paragraphs, their wrapped lines put together."""
    joined = (" ".join(lines) for lines in texts)
    return "\n".join(line.strip("* ") if line.startswith("**") and line.endswith("**") else line for line in joined)


class _Maker:
    """Makes the question of what was found, once all keys are known."""

    def __init__(self, found: QuestionFound, notes: Notes) -> None:
        self._found, self._notes = found, notes
        self._key = draft.plain(found.key)
        self._bare = bare(self._key)

    def question(self) -> NewQuestion:
        """The question; a key that is missing or not understood is noted."""
        found = self._found
        listed = dict(zip(LETTERS, found.bullets, strict=False))
        fits = len(listed) > 1 and draft.letters_of(self._key, listed)
        if not found.options and (fits or any(each.right for each in found.bullets)):
            marked = {option.text for option in listed.values()}
            found.text = [text for text in found.text if not _is_bullet_of(text, marked)]
            found.options = listed
        text = _joined(found.text)
        if not text:
            self._warn("tidak punya pertanyaan; tulis kalimatnya di belakang nomor")
        title, prompt = draft.titled(text, "" if text else f"Soal {found.number or ''}")
        made = self._answers(text)
        return replace(made, title=title, prompt=prompt, explanation=_joined(found.why), line=found.line)

    def _answers(self, text: str) -> NewQuestion:
        if self._found.options:
            return self._choice(text)
        if self._bare in FREE:
            return NewQuestion(kind="bebas")
        if self._bare in YES_NO and (len(self._bare) > 1 or TRUE_OR_FALSE.search("".join(text.split()))):
            return NewQuestion(kind="pilihan", options=draft.yes_or_no(YES_NO[self._bare]))
        accepted = draft.accepted_in(self._key)
        if not accepted:
            self._warn('tidak punya pilihan dan kunci; tulis "a. …", "b. …" dan "Kunci: …" di bawahnya')
        elif ordered_letters(self._key):
            self._warn(f"kuncinya {quoted(self._key)}, tetapi tidak punya pilihan; periksa tulisannya")
        return NewQuestion(kind="isian", accepted=accepted)

    def _choice(self, text: str) -> NewQuestion:
        options = dict(sorted(self._found.options.items()))
        missing = [letter for letter in LETTERS[: LETTERS.index(max(options))] if letter not in options]
        if missing:
            self._warn(f"tidak punya pilihan {', '.join(missing).lower()}; periksa apakah ada yang terlewat")
        if not all(option.text for option in options.values()):
            self._warn("punya pilihan kosong; pilihan itu tidak ikut")
        order = ordered_letters(self._key)
        if "urut" in text.casefold() and len(order) == len(options) > 1 and set(order) == options.keys():
            return NewQuestion(kind="urutan", steps=tuple(options[letter].text for letter in order))
        right = self._right(options)
        kept = [replace(option, right=letter in right) for letter, option in options.items() if option.text]
        if len(kept) < 2:
            self._warn("hanya punya satu pilihan; tambahkan pilihan lain")
        return NewQuestion(kind="pilihan" if kept else "isian", options=tuple(kept))

    def _right(self, options: Mapping[str, Option]) -> set[str]:
        """The letters of the right choices, by key or by their marks."""
        marked = {letter for letter, option in options.items() if option.right}
        keyed = draft.right_letters(self._key, {letter: option.text for letter, option in options.items()})
        if self._key and not keyed:
            self._warn(f"kuncinya {quoted(self._key)} tidak ada di antara pilihannya; tandai sendiri yang benar")
        elif not self._key and not marked:
            self._warn('belum punya kunci; tambahkan "Kunci: B" atau tandai pilihan yang benar dengan *')
        elif keyed and marked and keyed != marked:
            self._warn("ditandai berbeda dari kuncinya; kuncinya yang dipakai")
        return keyed or marked

    def _warn(self, text: str) -> None:
        self._notes.warn(self._found.line, f"{self._found.name} {text}")


def _is_bullet_of(text: Sequence[str], marked: set[str]) -> bool:
    match = BULLET.match(text[0])
    return len(text) == 1 and bool(match and match[2] in marked)
