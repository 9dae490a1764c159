"""The kinds of question. A new kind is one class here and one template partial."""

from lms.course.questions.arranging import Matching, Ordering
from lms.course.questions.base import Block, Question, common
from lms.course.questions.choice import MultipleChoice, SingleChoice
from lms.course.questions.written import Reflection, ShortAnswer

KINDS: dict[str, type[Question]] = {
    kind.kind: kind for kind in (SingleChoice, MultipleChoice, ShortAnswer, Ordering, Matching, Reflection)
}

MARKS = {kind.mark: kind for kind in reversed(KINDS.values())}
"""The first kind with a mark reads for all that share it."""


def read_question(block: Block) -> Question:
    """The question of a block; faults are noted in the block, and there is always a question."""
    marked = [
        (at, kind)
        for at, line in enumerate(block.body)
        if line.text and not line.code
        for mark, kind in MARKS.items()
        if mark.match(line.text)
    ]
    if not marked:
        remedy = 'tulis pilihan "- [x]" dan "- [ ]", atau satu baris "Jawaban: …", "Urutkan:" atau "Jodohkan:"'
        block.notes.galat(block.line, f"{block.name} tidak punya jawaban benar; {remedy}")
        return SingleChoice(options=(), line=block.line, **common(block, len(block.body), []))
    first, kind = marked[0]
    for at, other in marked[1:]:
        if other is not kind or kind is not SingleChoice:
            text = f"{block.name} memakai lebih dari satu cara menjawab; pilih satu, atau pisahkan menjadi dua soal"
            block.notes.galat(block.body[at].number, text)
            break
    return kind.read(block, first)
