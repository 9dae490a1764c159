"""The work that child processes do: what it is called -> the function that does it there."""

ENTRY_POINTS = {
    "bound": "lms.paper.binding:bound",
    "document": "lms.paper.word:document",
    "for_emblem": "lms.people.emblem:for_emblem",
    "for_lesson": "lms.course.redraw:for_lesson",
    "judge": "lms.roster.people:judge",
    "long_pdf": "lms.paper.typesetting:long_pdf",
    "pdf_files": "lms.paper.typesetting:pdf_files",
    "read_papers": "lms.certificate.paper_reading:read_papers",
    "read_roster": "lms.roster.reading:read_roster",
    "rows_of": "lms.authoring.intake.sheet:rows_of",
    "workbook": "lms.paper.spreadsheet:workbook",
}
