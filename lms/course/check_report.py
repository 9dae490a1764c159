"""What the checker found, as the values `lms check --json` prints."""

from typing import Any

from lms.course.check import CourseReport
from lms.course.lesson import Lesson, Pool
from lms.course.questions.base import Question


def as_json(report: CourseReport) -> dict[str, Any]:
    """Problems, and every lesson with its pools and questions; nothing in it tells which choice is right."""
    return {
        "problems": [
            {"path": problem.path, "line": problem.line, "level": problem.level, "text": problem.text}
            for problem in report.problems
        ],
        "lessons": [_lesson(lesson) for lesson in report.lessons.values()],
    }


def _lesson(lesson: Lesson) -> dict[str, Any]:
    return {
        "path": lesson.path,
        "title": lesson.title,
        "words": lesson.words,
        "pools": [_pool(pool) for pool in lesson.pools],
    }


def _pool(pool: Pool) -> dict[str, Any]:
    questions = [_question(question) for question in pool.questions]
    return {"kind": pool.kind, "name": pool.name, "draw": pool.draw, "questions": questions}


def _question(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "line": question.line,
        "choices": question.choices,
        "right": question.right,
    }
