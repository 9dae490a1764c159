"""The desk of a course: editor, preview, problems, publishing, pictures, bringing in and taking out.

Everything here serves those who write courses; a participant meets nothing of it. No other room uses this one. It
rests on `course` for the format and the drafts, on `cohort` for whom a publication touches, and on `learn` and `quiz`
to show a draft as it will be read.
"""
