"""The tables that are not made by dbt: raw, ops and pii, declared once.

Raw holds every version of every submission: payloads are only ever added, and never
changed; the answers beside them are read anew when a field map changes. `ops` is what
an engineer looks at in the morning. `pii` has people's names in columns; they also
stand in raw's payloads, so raw is as closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import (
    ARRAY,
    DDL,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    event,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateSchema

from warehouse.comments import write_comments
from warehouse.errors import WarehouseSettingError
from warehouse.form_media import READ_FORM_MEDIA
from warehouse.migrations import bring_up_to_date
from warehouse.texts_to_review import READ_TEXTS

SCHEMAS = ("raw", "pii", "ops", "staging", "intermediate", "marts", "share")
# A number of our own, so that two processes do not create the tables at once.
CREATION_LOCK = 20_200_701

metadata = MetaData()

# Postgres' own way of making long values small takes as long as all else that landing
# does with a row. The newer way does not, but some servers are built without it; there
# the values stay as long as they are.
PACK_FAST = """
do $$
begin
    if exists (
        select from pg_settings
        where name = 'default_toast_compression' and 'lz4' = any(enumvals)
    ) then
        alter table {table} alter payload set compression lz4;
        alter table {table} alter answers set compression lz4;
    else
        alter table {table} alter payload set storage external;
        alter table {table} alter answers set storage external;
    end if;
end $$
"""


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null)


def _instant(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=null)


def _made_at(name: str) -> Column[object]:
    return Column(
        name, DateTime(timezone=True), nullable=False, server_default=func.now()
    )


def _json(name: str, *, null: bool = False) -> Column[object]:
    # Python's None must become SQL null, never the JSON value null.
    return Column(name, JSONB(none_as_null=True), nullable=null)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _submissions(name: str, of_what: str) -> Table:
    """Declare a raw table: one row per version of a submission."""
    table = Table(
        name,
        metadata,
        _text("form_id", key=True),
        _text("submission_id", key=True),
        Column("version_number", Integer, primary_key=True, autoincrement=False),
        _text("root_id", null=True),
        _text("change_code"),
        _text("form_version_id", null=True),
        _text("form_version_name", null=True),
        _instant("received_at"),
        _instant("known_at"),
        _text("review_state_code"),
        _instant("reviewed_at", null=True),
        _text("content_hash"),
        # As it came, letter by letter: `jsonb` sorts it, drops what stands twice in it
        # and takes much longer to write.
        Column("payload", JSON(none_as_null=True)),
        _json("answers", null=True),
        _json("answer_problems"),
        Column("run_id", Uuid, nullable=False),
        _instant("landed_at"),
        Index(f"{name}_run_id", "run_id"),
        comment=f"One row per version of {of_what}. As closed as pii.",
        schema="raw",
    )
    pack_fast = DDL(PACK_FAST.format(table=table.fullname))  # type: ignore[no-untyped-call]  # SQLAlchemy 2.1 leaves it untyped
    event.listen(table, "after_create", pack_fast)
    return table


# Role of a form -> its raw table, whatever kind of server it comes from.
SUBMISSIONS = {
    "enrolment": _submissions("forms__enrolments", "an enrolment submission"),
    "journal": _submissions("forms__journals", "a family-journal submission"),
    "peer_meeting": _submissions("forms__peer_meetings", "a peer-meeting submission"),
    "investment": _submissions("forms__investments", "an investment submission"),
    "exit": _submissions("forms__exits", "an exit or move submission"),
    "journal_payments": _submissions(
        "forms__journal_payments", "a line in the payment register"
    ),
    "corrections": _submissions(
        "forms__corrections", "a line in the corrections register"
    ),
}

form_versions = Table(
    "forms__versions",
    metadata,
    _text("form_id", key=True),
    _text("form_version_id", key=True),
    _text("form_version_name", null=True),
    Column("version_number", Integer, nullable=False),
    _instant("deployed_at", null=True),
    _json("definition"),
    # In the same words whatever server it is from: path, type, repeat_path, labels,
    # list_name, choices.
    _json("questions"),
    Column("run_id", Uuid, nullable=False),
    _instant("landed_at"),
    comment="One row per deployed version of a form.",
    schema="raw",
)

registry_sites = Table(
    "registry__sites",
    metadata,
    _text("site_code", key=True),
    _text("site_name"),
    _text("country_code"),
    _text("currency_code"),
    _text("timezone"),
    _json("languages"),
    _made_at("landed_at"),
    comment="One row per site of the registry, as landed last.",
    schema="raw",
)

registry_cohorts = Table(
    "registry__cohorts",
    metadata,
    _text("cohort_code", key=True),
    _json("site_codes"),
    Column("recruited_from_month", Date, nullable=False),
    Column("recruited_to_month", Date, nullable=False),
    Column("launch_month", Date, nullable=False),
    Column("analysis_end_month", Date, nullable=False),
    Column("extension_end_month", Date),
    _made_at("landed_at"),
    comment="One row per cohort of the registry, as landed last.",
    schema="raw",
)

registry_forms = Table(
    "registry__forms",
    metadata,
    _text("form_id", key=True),
    _text("role_code"),
    _text("server_name"),
    _json("site_codes"),
    # Where a person sees one of its records, {submission_id} standing for which.
    _text("record_url", null=True),
    _made_at("landed_at"),
    comment="One row per form of the registry, as landed last.",
    schema="raw",
)

registry_sharing = Table(
    "registry__sharing",
    metadata,
    _text("audience_code", key=True),
    Column("least_family_count", Integer, nullable=False),
    Column("is_audience_of_share", Boolean, nullable=False),
    _made_at("landed_at"),
    comment="One row per audience of the registry: who may see figures of how few.",
    schema="raw",
)

family_keys = Table(
    "family_keys",
    metadata,
    _text("family_code", key=True),
    Column(
        "family_key",
        Text,
        nullable=False,
        unique=True,
        server_default=text("gen_random_uuid()::text"),
    ),
    _made_at("assigned_at"),
    comment="One row per family code that ever enrolled, with its random key.",
    schema="pii",
)

family_contacts = Table(
    "family_contacts",
    metadata,
    _text("form_id", key=True),
    _text("submission_id", key=True),
    _text("family_code", null=True),
    _text("contact_name", null=True),
    _text("contact_phone", null=True),
    _text("contact_address", null=True),
    _text("signature_file", null=True),
    Column("run_id", Uuid, nullable=False),
    _instant("landed_at"),
    comment="One row per enrolment: how to reach the family.",
    schema="pii",
)

text_reviews = Table(
    "text_reviews",
    metadata,
    _text("form_id", key=True),
    _text("root_id", key=True),
    _text("field_name", key=True),
    # Of all that the record said in free words when it was read: once it says something
    # else, the review holds no more.
    Column("free_texts_hash", Uuid, nullable=False),
    _text("decision_code"),  # approved | withheld
    # The words that are let out, which need not be all; null where they are withheld.
    _text("approved_words", null=True),
    _text("reviewed_by"),
    _instant("reviewed_at"),
    comment="One row per text of a family that a person has decided about.",
    schema="pii",
)

submission_states = Table(
    "submission_states",
    metadata,
    _text("form_id", key=True),
    _text("submission_id", key=True),
    _text("edit_mark"),
    _text("review_mark"),
    _text("root_id", null=True),
    Column("version_number", Integer, nullable=False),
    Column("is_live", Boolean, nullable=False),
    _text("content_hash"),
    _text("review_state_code"),
    Column("first_seen_run_id", Uuid, nullable=False),
    # Of one that is gone. A live one was seen by the form's last good run: to write
    # that into every row would make a sync without news as dear as a first load.
    Column("last_seen_run_id", Uuid),
    comment="One row per submission that was ever seen: what a sweep compares with.",
    schema="ops",
)

sync_runs = Table(
    "sync_runs",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    _text("form_id"),
    _text("role_code"),
    _text("server_name"),
    _text("status_code"),  # running | succeeded | failed | died
    # land | remap: the second reads what has landed anew and asks no server.
    Column("kind_code", Text, nullable=False, server_default=text("'land'")),
    _text("failure_code", null=True),  # the `kind` of an error of `ingestion.errors`
    Column("is_full", Boolean, nullable=False),
    _instant("started_at"),
    _instant("ended_at", null=True),
    # By the server's clock, or ours where it has none, when the sweep began: what
    # arrived later is not in it.
    _instant("swept_at", null=True),
    # Of the map the answers were read with; another map means reading them again.
    _text("field_map_hash", null=True),
    _text("message", null=True),
    # Which run was the later: a clock may be set back between two of them.
    Column("run_number", BigInteger, Identity(always=True), nullable=False),
    Index("sync_runs_run_number", "form_id", "run_number"),
    comment="One row per run of ingestion and form.",
    schema="ops",
)

reconciliations = Table(
    "reconciliations",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    _text("form_id"),
    _count("server_count"),
    _count("live_count"),
    _count("new_count"),
    _count("edited_count"),
    _count("reviewed_count"),
    _count("deleted_count"),
    _count("restored_count"),
    _count("rejected_count"),
    _count("left_out_count"),
    _count("unmapped_question_count"),
    _count("difference_count"),
    _made_at("checked_at"),
    comment="One row per run that swept a form: the server's count against ours.",
    schema="ops",
)

unmapped_questions = Table(
    "unmapped_questions",
    metadata,
    _text("form_id", key=True),
    _text("form_version_id", key=True),  # empty where a submission names no version
    _text("question_path", key=True),
    _text("problem_code"),  # unmapped | type_changed
    _text("question_type", null=True),
    _text("previous_question_type", null=True),
    Column("first_seen_run_id", Uuid, nullable=False),
    _made_at("first_seen_at"),
    comment="One row per form version and question without a place in its map.",
    schema="ops",
)

rejected_records = Table(
    "rejected_records",
    metadata,
    _text("form_id", key=True),
    _text("record_hash", key=True),
    _text("submission_id", null=True),
    _text("reason"),
    _text("record"),
    Column("first_seen_run_id", Uuid, nullable=False),
    Column("last_seen_run_id", Uuid, nullable=False),
    _made_at("first_seen_at"),
    comment="One row per record that could not be stored. As closed as raw.",
    schema="ops",
)

attachments = Table(
    "attachments",
    metadata,
    _text("form_id", key=True),
    _text("submission_id", key=True),
    _text("attachment_key", key=True),
    # Of the submission's version that the row was last compared with.
    Column("version_number", Integer, nullable=False),
    _text("file_name"),
    _text("question_path", null=True),
    _text("media_type", null=True),
    Column("size_bytes", BigInteger),
    _text("sha256", null=True),
    # Below the folder or bucket of the setting. Where the status is not `stored`, the
    # file may be there and is to be removed.
    _text("stored_path", null=True),
    # waiting | stored | missing | too_large | refused_type | failed | deleted
    _text("status_code"),
    _text("reason", null=True),
    _count("attempt_count"),
    _instant("first_seen_at"),
    _instant("fetched_at", null=True),
    Column("run_id", Uuid, nullable=False),
    Index("attachments_status_code", "form_id", "status_code"),
    Index("attachments_stored_path", "stored_path"),
    comment=(
        "One row per file of a submission. Photos, signatures and voices identify "
        "people, and file names may too: open to nobody who may not read raw."
    ),
    schema="ops",
)

dbt_results = Table(
    "dbt_results",
    metadata,
    Column("result_id", BigInteger, Identity(always=True), primary_key=True),
    Column("run_id", Uuid, nullable=False, index=True),
    _text("node"),
    _text("status_code"),
    Column("seconds", Numeric(12, 3), nullable=False),
    Column("row_count", BigInteger),
    _text("message", null=True),
    _instant("ended_at"),
    comment="One row per node and run of dbt.",
    schema="ops",
)

builds = Table(
    "builds",
    metadata,
    Column("build_id", BigInteger, Identity(always=True), primary_key=True),
    _text("status_code"),  # running | succeeded | failed
    # Why every model was built from nothing; null where only what was touched was.
    _text("full_refresh_reason", null=True),
    # Of what a normal build takes for unchanged; see `warehouse.increments`.
    _json("fingerprint"),
    Column("touched_family_count", BigInteger),
    _made_at("started_at"),
    _instant("ended_at", null=True),
    comment="One row per build of the whole project.",
    schema="ops",
)

build_runs = Table(
    "build_runs",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    # When the first good build ended that had been told of the run when it began.
    _instant("built_at", null=True),
    Index("build_runs_pending", "run_id", postgresql_where=text("built_at is null")),
    comment="One row per run of ingestion that a build was told of.",
    schema="ops",
)

built_families = Table(
    "built_families",
    metadata,
    _text("release_code", key=True),
    _text("family_key", key=True),
    # Of all that the family's months rest on beside its journals.
    _text("state_hash"),
    # Of the first month whose journal was not yet due.
    Column("next_due_date", Date),
    comment="One row per release and family, as of the last good build.",
    schema="ops",
)

frozen_releases = Table(
    "frozen_releases",
    metadata,
    _text("release_code", key=True),
    _text("schema_name"),
    _instant("known_as_of"),
    Column("start_month", Date, nullable=False),
    Column("end_month", Date, nullable=False),
    _text("git_commit", null=True),
    _text("project_version"),
    # Of `release_information` itself: who alters a row there has to alter this too.
    _text("information_hash"),
    _instant("frozen_at"),
    _text("frozen_by", null=True),
    comment="One row per release that `make release` has frozen.",
    schema="ops",
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", BigInteger, Identity(always=True), primary_key=True),
    # What is wrong and where: at most one open alert has it.
    _text("cause_id"),
    _text("kind_code"),
    _text("place"),
    _text("site_code", null=True),
    _text("severity_code"),  # error | warning
    _text("summary"),
    _text("what_to_do"),
    _count("seen_count"),
    _instant("opened_at"),
    _instant("last_seen_at"),
    _instant("closed_at", null=True),
    # Of one that a person has closed; null of those that were found mended.
    _text("closed_by", null=True),
    _text("close_reason", null=True),
    Index(
        "alerts_open_cause",
        "cause_id",
        unique=True,
        postgresql_where=text("closed_at is null"),
    ),
    comment="One row per thing that was wrong and that somebody was to hear of.",
    schema="ops",
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("alert_id", BigInteger, primary_key=True, autoincrement=False),
    _text("receiver_name", key=True),
    _text("event_code", key=True),  # opened | closed
    _count("attempt_count"),
    _instant("sent_at", null=True),
    _text("failure", null=True),
    comment="One row per alert, receiver and what was to be told.",
    schema="ops",
)

alert_digests = Table(
    "alert_digests",
    metadata,
    _text("receiver_name", key=True),
    Column("week_start", Date, primary_key=True),
    _instant("sent_at"),
    comment="One row per receiver and week whose digest was sent.",
    schema="ops",
)

erasure_secrets = Table(
    "erasure_secrets",
    metadata,
    Column("secret_id", Integer, primary_key=True, autoincrement=False),
    _text("secret"),
    _made_at("made_at"),
    comment="One row: the key under which erased families are remembered. Never shown.",
    schema="pii",
)

erasure_requests = Table(
    "erasure_requests",
    metadata,
    Column("request_id", BigInteger, Identity(always=True), primary_key=True),
    _text("family_code"),
    _text("reason"),
    _text("requested_by"),
    _made_at("requested_at"),
    comment="One row per family that waits to be erased; the row goes with the family.",
    schema="pii",
)

erasure_leftovers = Table(
    "erasure_leftovers",
    metadata,
    _text("form_id", key=True),
    _text("submission_id", key=True),
    Column("erasure_id", BigInteger, nullable=False),
    _text("what_code"),  # record | mention
    _text("record_url", null=True),
    _made_at("noted_at"),
    comment=(
        "One row per record that a form server or file still has and that is an erased "
        "family's, or names it. The row goes when a landing finds it no more."
    ),
    schema="pii",
)

erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", BigInteger, primary_key=True, autoincrement=False),
    # Keyed, so that who reads this table cannot try all codes.
    _text("family_hash"),
    _instant("erased_at"),
    _text("requested_by"),
    _text("approved_by"),
    _text("reason"),
    _json("receipt"),
    # Over the receipt and the hash of the one before it.
    _text("receipt_hash"),
    Index("erasures_family_hash", "family_hash"),
    comment="One row per family that was erased: what, where, how many, and why.",
    schema="ops",
)

erasure_blocks = Table(
    "erasure_blocks",
    metadata,
    _text("block_hash", key=True),
    _text("kind_code"),  # family | code | submission | root
    Column("erasure_id", BigInteger, nullable=False),
    _made_at("made_at"),
    comment="One row per family or record that landing leaves out, by a keyed hash.",
    schema="ops",
)

erasure_files = Table(
    "erasure_files",
    metadata,
    Column("erasure_id", BigInteger, primary_key=True, autoincrement=False),
    _text("store_code", key=True),  # attachments | pages
    _text("path", key=True),
    _made_at("noted_at"),
    comment="One row per file of an erased family that is still to be removed.",
    schema="pii",
)

release_erasures = Table(
    "release_erasures",
    metadata,
    _text("release_code", key=True),
    Column("erasure_id", BigInteger, primary_key=True, autoincrement=False),
    _text("table_name", key=True),
    Column("row_count_before", BigInteger, nullable=False),
    Column("row_count_after", BigInteger, nullable=False),
    _text("content_hash_before"),
    _text("content_hash_after"),
    comment="One row per frozen table that an erasure took rows from.",
    schema="ops",
)

exports = Table(
    "exports",
    metadata,
    Column("export_id", BigInteger, Identity(always=True), primary_key=True),
    _text("exported_by"),
    _made_at("exported_at"),
    _json("table_names"),
    _text("format_code"),  # parquet | csv
    Column("row_count", BigInteger, nullable=False),
    Column("family_count", BigInteger, nullable=False),
    Column("smallest_class_count", BigInteger),
    Column("threshold", Integer, nullable=False),
    _json("changes"),
    _json("file_hashes"),
    comment="One row per export for analysts: who took what, when, how many rows.",
    schema="ops",
)

# A role that may read marts may write nothing, but what it took away it has to note.
NOTE_EXPORT = """
create or replace function ops.note_export(note jsonb) returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    insert into ops.exports (
        exported_by, table_names, format_code, row_count, family_count,
        smallest_class_count, threshold, changes, file_hashes
    )
    values (
        session_user, note -> 'table_names', note ->> 'format_code',
        (note ->> 'row_count')::bigint, (note ->> 'family_count')::bigint,
        (note ->> 'smallest_class_count')::bigint, (note ->> 'threshold')::integer,
        note -> 'changes', note -> 'file_hashes'
    )
    returning exports.export_id;
end;
revoke all on function ops.note_export(jsonb) from public;
"""
event.listen(exports, "after_create", DDL(NOTE_EXPORT))  # type: ignore[no-untyped-call]  # SQLAlchemy 2.1 leaves it untyped


access_changes = Table(
    "access_changes",
    metadata,
    Column("change_id", BigInteger, Identity(always=True), primary_key=True),
    _text("role_name"),
    _text("change"),
    Column("changed_by", Text, nullable=False, server_default=text("session_user")),
    _made_at("changed_at"),
    comment="One row per change of who may read or do what.",
    schema="ops",
)

query_log = Table(
    "query_log",
    metadata,
    # Postgres' own names of a session and of a line in its log.
    _text("session_id", key=True),
    Column("line_number", BigInteger, primary_key=True, autoincrement=False),
    _text("role_name"),
    _text("database_name"),
    _instant("logged_at"),
    Column("relations", ARRAY(Text), nullable=False),
    # Every literal in it stands as a question mark: it may be an answer of a family.
    _text("statement"),
    Column("milliseconds", Numeric(14, 3)),
    _text("error_code", null=True),
    Index("query_log_logged_at", "logged_at"),
    comment="One row per statement of a reader, from the server's log.",
    schema="ops",
)

approvals = Table(
    "approvals",
    metadata,
    Column("approval_id", BigInteger, Identity(always=True), primary_key=True),
    _text("approval_code"),  # deletions
    _text("subject"),
    _text("approved_by"),
    Column("run_id", Uuid),
    _made_at("approved_at"),
    comment="One row per act that waited for a person, and who agreed to it.",
    schema="ops",
)

event.listen(metadata, "after_create", DDL(READ_FORM_MEDIA))  # type: ignore[no-untyped-call]  # as above
event.listen(metadata, "after_create", DDL(READ_TEXTS))  # type: ignore[no-untyped-call]  # as above


def create_all(engine: Engine) -> None:
    """Create every schema and table, or bring those of an earlier version up to date.

    Raises:
        MigrationError: The tables are of a newer version than the code.
        WarehouseSettingError: One is missing or of an earlier version, and the login
            may not make it so.
    """
    with _said_whose_it_is(engine), engine.begin() as connection:
        connection.execute(text(f"select pg_advisory_xact_lock({CREATION_LOCK})"))
        # Asked first: to create what there is takes the right to create it.
        there = set(inspect(connection).get_schema_names())
        for schema in SCHEMAS:
            if schema not in there:
                connection.execute(CreateSchema(schema))
        bring_up_to_date(connection, metadata)
        write_comments(connection, metadata)


@contextmanager
def _said_whose_it_is(engine: Engine) -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise WarehouseSettingError(
            f"The warehouse lacks tables that {engine.url.username} may not make "
            f"({error.orig.diag.message_primary}): run `python -m warehouse access "
            "apply` as its administrator."
        ) from error
