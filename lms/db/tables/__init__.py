"""The tables: columns and constraints, no queries."""

from lms.db.tables.audit import AuditEntry
from lms.db.tables.bimteks import ActionPlan, Attendance, Meeting, Period, SurveyResponse, SurveyTicket
from lms.db.tables.certificates import (
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
from lms.db.tables.cohorts import Cohort, Membership
from lms.db.tables.courses import Blob, Course, CourseEditor, DraftFile, Edition, EditionFile, Publication, Reread
from lms.db.tables.jobs import Job
from lms.db.tables.learning import (
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
from lms.db.tables.papers import PaperBatch, PaperCertificate
from lms.db.tables.people import (
    Device,
    ErasureRequest,
    Joining,
    LimitCount,
    NoticeAgreement,
    OneTimeCode,
    Person,
    PersonChange,
)
from lms.db.tables.roster import ImportBatch, ImportRow
from lms.db.tables.signing import HandedSheet, SignedSheet, TrustedCertificate
