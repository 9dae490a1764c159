"""The tables: columns and constraints, no queries."""

from lms.models.audit import AuditEntry
from lms.models.certificates import Certificate, CertificateEvent, NumberSeries, Office, Signer, SigningKey
from lms.models.cohorts import Cohort, Membership
from lms.models.content import Blob, Course, DraftFile, Edition, EditionFile, Publication, Reread
from lms.models.learning import Answer, Attempt, Enrolment, Grading, Reading, Ruling
from lms.models.people import Device, Joining, LimitCount, NoticeAgreement, OneTimeCode, Person

__all__ = [
    "Answer",
    "Attempt",
    "AuditEntry",
    "Blob",
    "Certificate",
    "CertificateEvent",
    "Cohort",
    "Course",
    "Device",
    "DraftFile",
    "Edition",
    "EditionFile",
    "Enrolment",
    "Grading",
    "Joining",
    "LimitCount",
    "Membership",
    "NoticeAgreement",
    "NumberSeries",
    "Office",
    "OneTimeCode",
    "Person",
    "Publication",
    "Reading",
    "Reread",
    "Ruling",
    "Signer",
    "SigningKey",
]
