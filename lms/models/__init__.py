"""The tables: columns and constraints, no queries."""

from lms.models.audit import AuditEntry
from lms.models.certificates import (
    Certificate,
    CertificateEvent,
    DifferenceReport,
    Exemption,
    NumberBlock,
    NumberSeries,
    Office,
    Signer,
    SigningKey,
)
from lms.models.cohorts import Cohort, Membership
from lms.models.content import Blob, Course, CourseEditor, DraftFile, Edition, EditionFile, Publication, Reread
from lms.models.events import ActionPlan, Attendance, Meeting, Period, SurveyResponse, SurveyTicket
from lms.models.jobs import Job
from lms.models.learning import (
    Answer,
    Attempt,
    Enrolment,
    ExtraTry,
    Grading,
    Inquiry,
    InquiryReply,
    Reading,
    ReflectionReply,
    Ruling,
)
from lms.models.papers import PaperBatch, PaperCertificate
from lms.models.people import (
    Device,
    ErasureRequest,
    Joining,
    LimitCount,
    NoticeAgreement,
    OneTimeCode,
    Person,
    PersonChange,
)
from lms.models.roster import ImportBatch, ImportRow
from lms.models.signing import HandedSheet, SignedSheet, TrustedCertificate

__all__ = [
    "ActionPlan",
    "Answer",
    "Attempt",
    "Attendance",
    "AuditEntry",
    "Blob",
    "Certificate",
    "CertificateEvent",
    "Cohort",
    "Course",
    "CourseEditor",
    "Device",
    "DifferenceReport",
    "DraftFile",
    "Edition",
    "EditionFile",
    "Enrolment",
    "ErasureRequest",
    "Exemption",
    "ExtraTry",
    "Grading",
    "HandedSheet",
    "ImportBatch",
    "ImportRow",
    "Inquiry",
    "InquiryReply",
    "Job",
    "Joining",
    "LimitCount",
    "Meeting",
    "Membership",
    "NoticeAgreement",
    "NumberBlock",
    "NumberSeries",
    "Office",
    "OneTimeCode",
    "PaperBatch",
    "PaperCertificate",
    "Period",
    "Person",
    "PersonChange",
    "Publication",
    "Reading",
    "ReflectionReply",
    "Reread",
    "Ruling",
    "SignedSheet",
    "Signer",
    "SigningKey",
    "SurveyResponse",
    "SurveyTicket",
    "TrustedCertificate",
]
