"""The statements by which one run of one form reaches raw, within one transaction.

New versions are copied to raw page by page as they arrive (`workspace.py`); what can
only be known once the whole list is there follows in the statements of `WRITE`.
`form_rows` is a view of the form's raw table for the length of the transaction, so
that every statement below is written out and none is put together from parts.
"""

from sqlalchemy import text

# What the sweep saw, what was fetched because it differs, and what could not be read.
# They vanish with the transaction, however it ends.
CREATE_WORK_TABLES = text("""
create temporary table swept (
    submission_id text primary key,
    edit_mark text not null,
    review_mark text not null
) on commit drop;

create temporary table differing (
    place bigint generated always as identity primary key,
    submission_id text not null unique
) on commit drop;

create temporary table arrived (
    submission_id text primary key,
    edit_mark text not null,
    review_mark text not null,
    root_id text,
    -- Of the version that it is; where nothing changed, of one that will not be.
    version_number integer not null,
    change_code text,
    is_reviewed boolean not null,
    -- First seen after a reviewer had refused it: it lands as it came, then refused.
    is_reviewed_since boolean not null,
    received_at timestamptz not null,
    review_state_code text not null,
    reviewed_at timestamptz,
    was_edited boolean not null,
    edited_at timestamptz,
    content_hash text not null
) on commit drop;

create temporary table contacts (
    submission_id text primary key,
    family_code text,
    contact jsonb not null
) on commit drop;

create temporary table refused (
    submission_id text,
    record_hash text not null,
    reason text not null,
    record text not null
) on commit drop;

create temporary table left_out (
    submission_id text
) on commit drop;

create temporary table gone (
    submission_id text primary key,
    root_id text,
    version_number integer not null
) on commit drop;

create temporary table change_times (
    root_id text not null,
    kind text not null,
    changed_at timestamptz not null
) on commit drop;
""")

SWEPT_FROM_ARRIVED = text("""
insert into swept (submission_id, edit_mark, review_mark)
select submission_id, edit_mark, review_mark from arrived
""")

# A record that cannot be read is still there: it must not look deleted.
SWEPT_FROM_REFUSED = text("""
insert into swept (submission_id, edit_mark, review_mark)
select distinct submission_id, '', '' from refused where submission_id is not null
on conflict (submission_id) do nothing
""")

# Nor what belongs to an erased family: the server has it, and raw never will.
SWEPT_FROM_LEFT_OUT = text("""
insert into swept (submission_id, edit_mark, review_mark)
select distinct submission_id, '', '' from left_out where submission_id is not null
on conflict (submission_id) do nothing
""")

COUNT_SWEPT = text("""
select
    (select count(*) from swept)
    + (select count(*) from refused where submission_id is null)
    + (select count(*) from left_out where submission_id is null)
""")

FIND_GONE = text("""
insert into gone (submission_id, root_id, version_number)
select known.submission_id, known.root_id, known.version_number + 1
from ops.submission_states as known
left join swept on known.submission_id = swept.submission_id
where known.form_id = :form_id and known.is_live and swept.submission_id is null
""")

COUNT_GONE = text("select count(*) from gone")

# Records that may be any of those that are gone.
COUNT_NAMELESS = text("select count(*) from refused where submission_id is null")

COUNT_LIVE = text("""
select count(*) from ops.submission_states where form_id = :form_id and is_live
""")

FIND_DIFFERING = text("""
insert into differing (submission_id)
select swept.submission_id
from swept
left join ops.submission_states as known
    on known.form_id = :form_id and swept.submission_id = known.submission_id
where
    swept.edit_mark <> ''  -- refused already
    and (
        known.submission_id is null
        or not known.is_live
        or known.edit_mark <> swept.edit_mark
        or known.review_mark <> swept.review_mark
    )
-- Kobo's ids are numbers: in their order a page of them is one range of its index.
order by length(swept.submission_id), swept.submission_id
""")

# A page at a time: the ids of a large form need not fit into our memory.
NEXT_DIFFERING = text("""
select differing.place, differing.submission_id
from differing
left join arrived on differing.submission_id = arrived.submission_id
where
    differing.place > :place
    and arrived.submission_id is null
    and not exists (
        select from refused where differing.submission_id = refused.submission_id
    )
order by differing.place
limit :row_count
""")

# Those of a page of a server's list of changes that the sweep saw and nothing brought.
STILL_DIFFERING = text("""
select differing.submission_id
from differing
left join arrived on differing.submission_id = arrived.submission_id
where
    differing.submission_id = any(cast(:submission_ids as text []))
    and arrived.submission_id is null
    and not exists (
        select from refused where differing.submission_id = refused.submission_id
    )
""")

# What the sweep listed and nothing brought.
COUNT_UNSENT = text("""
select count(*)
from differing
left join arrived on differing.submission_id = arrived.submission_id
left join refused on differing.submission_id = refused.submission_id
left join left_out on differing.submission_id = left_out.submission_id
where
    arrived.submission_id is null
    and refused.submission_id is null
    and left_out.submission_id is null
""")

NAME_VERSIONS = text("""
update form_rows set form_version_name = versions.form_version_name
from raw.forms__versions as versions
where
    form_rows.form_id = :form_id
    and form_rows.form_version_name is null
    and versions.form_id = form_rows.form_id
    and versions.form_version_id = form_rows.form_version_id
    and versions.form_version_name is not null
""")

# What raw holds of a page of arrivals.
FIND_KNOWN = text("""
select
    submission_id, version_number, is_live, edit_mark, content_hash, review_state_code
from ops.submission_states
where
    form_id = :form_id and submission_id = any(cast(:submission_ids as text []))
""")

# Temporary tables have no statistics until someone asks for them.
ANALYZE = text("analyze swept, arrived, contacts, gone, change_times, refused")

# Whatever was edited, be it before we first saw it: the history is asked about these,
# but for those that tell by themselves when it was.
ROOTS_WITH_A_PAST = text("""
select root_id
from arrived
where
    root_id is not null
    and change_code is not null
    and (change_code <> 'new' or was_edited)
    and edited_at is null
union
select root_id from gone where root_id is not null
""")

# A time from before the last sweep, or not after the version that raw holds, is that of
# an earlier change, or of none: a deletion that failed. The entry about the change that
# we see now is lost, and the run's time stands in. Histories keep whole seconds.
FORGET_EARLIER_TIMES = text("""
delete from change_times
using
    (
        select submission_id, root_id, version_number from arrived
        where change_code is not null
        union all
        select submission_id, root_id, version_number from gone
    ) as changed,
    form_rows as previous
where
    changed.root_id = change_times.root_id
    and previous.form_id = :form_id
    and previous.submission_id = changed.submission_id
    and previous.version_number = changed.version_number - 1
    and (
        change_times.changed_at <= previous.known_at
        or change_times.changed_at
        < date_trunc('second', cast(:last_swept_at as timestamptz))
    )
""")

COUNT_CHANGES = text("""
select change_code, count(*) as change_count
from arrived
where change_code is not null
group by change_code
union all
select 'deleted' as change_code, count(*) as change_count from gone
union all
select 'reviewed' as change_code, count(*) as change_count
from arrived
where is_reviewed_since
""")

# When what has a past became known; a first version without one has its time already.
DATE_CHANGES = text("""
update form_rows set known_at = dated.known_at
from
    (
        select
            arrived.submission_id,
            arrived.version_number,
            greatest(
                previous.known_at,
                case
                    when arrived.change_code = 'new'
                        then case
                            when
                                arrived.received_at
                                < cast(:believed_from as timestamptz)
                                or arrived.received_at > :believed_until
                                then :seen_at
                            else greatest(arrived.received_at, edit.changed_at)
                        end
                    when arrived.change_code = 'edited'
                        then greatest(
                            -- A file may come long after the last edit.
                            case
                                when
                                    previous.known_at < arrived.edited_at
                                    then arrived.edited_at
                                else coalesce(edit.changed_at, :seen_at)
                            end,
                            case
                                when arrived.is_reviewed
                                    -- Central takes a review back with the edit.
                                    then coalesce(
                                        arrived.reviewed_at,
                                        review.changed_at,
                                        arrived.edited_at,
                                        :seen_at
                                    )
                            end
                        )
                    when arrived.change_code = 'reviewed'
                        then coalesce(
                            arrived.reviewed_at, review.changed_at, :seen_at
                        )
                    else :seen_at
                end
            ) as known_at
        from arrived
        left join change_times as edit
            on arrived.root_id = edit.root_id and edit.kind = 'edited'
        left join change_times as review
            on arrived.root_id = review.root_id and review.kind = 'reviewed'
        left join form_rows as previous
            on
                previous.form_id = :form_id
                and arrived.submission_id = previous.submission_id
                and arrived.version_number - 1 = previous.version_number
        where
            arrived.change_code is not null
            and (arrived.change_code <> 'new' or edit.root_id is not null)
    ) as dated
where
    form_rows.form_id = :form_id
    and form_rows.submission_id = dated.submission_id
    and form_rows.version_number = dated.version_number
""")

# Until it was refused, a submission counted; a release of that time must show it so,
# even if we first saw it afterwards. An approval changes nothing that counts.
INSERT_REVIEWS_OF_NEW = text("""
insert into form_rows (
    form_id, submission_id, version_number, root_id, change_code,
    form_version_id, form_version_name, received_at, known_at,
    review_state_code, reviewed_at, content_hash,
    payload, answers, answer_problems, run_id, landed_at
)
select
    first.form_id, first.submission_id, first.version_number + 1, first.root_id,
    'reviewed', first.form_version_id, first.form_version_name, first.received_at,
    greatest(first.known_at, arrived.reviewed_at),
    arrived.review_state_code, arrived.reviewed_at, first.content_hash,
    first.payload, first.answers, first.answer_problems, :run_id, :landed_at
from arrived
inner join form_rows as first
    on
        first.form_id = :form_id
        and arrived.submission_id = first.submission_id
        and arrived.version_number = first.version_number
where arrived.is_reviewed_since
""")

INSERT_TOMBSTONES = text("""
insert into form_rows (
    form_id, submission_id, version_number, root_id, change_code,
    form_version_id, form_version_name, received_at, known_at,
    review_state_code, reviewed_at, content_hash,
    payload, answers, answer_problems, run_id, landed_at
)
select
    :form_id, gone.submission_id, gone.version_number, gone.root_id,
    'deleted', previous.form_version_id, previous.form_version_name,
    previous.received_at,
    greatest(previous.known_at, coalesce(deletion.changed_at, :seen_at)),
    previous.review_state_code, previous.reviewed_at, previous.content_hash,
    null, null, '[]', :run_id, :landed_at
from gone
inner join form_rows as previous
    on
        previous.form_id = :form_id
        and gone.submission_id = previous.submission_id
        and gone.version_number - 1 = previous.version_number
left join change_times as deletion
    on gone.root_id = deletion.root_id and deletion.kind = 'deleted'
""")

UPSERT_CONTACTS = text("""
insert into pii.family_contacts (
    form_id, submission_id, family_code,
    contact_name, contact_phone, contact_address, signature_file, run_id, landed_at
)
select
    :form_id, contacts.submission_id, contacts.family_code,
    contacts.contact ->> 'contact_name', contacts.contact ->> 'contact_phone',
    contacts.contact ->> 'contact_address', contacts.contact ->> 'signature_file',
    :run_id, :landed_at
from contacts
on conflict (form_id, submission_id) do update set
    family_code = excluded.family_code,
    contact_name = excluded.contact_name,
    contact_phone = excluded.contact_phone,
    contact_address = excluded.contact_address,
    signature_file = excluded.signature_file,
    run_id = excluded.run_id,
    landed_at = excluded.landed_at
""")

# Nobody needs the phone number of a submission that is gone, or that an edit took out.
DELETE_CONTACTS = text("""
delete from pii.family_contacts
using
    (
        select arrived.submission_id
        from arrived
        left join contacts on arrived.submission_id = contacts.submission_id
        where
            arrived.change_code in ('edited', 'restored')
            and contacts.submission_id is null
        union all
        select gone.submission_id from gone
    ) as bare
where
    family_contacts.form_id = :form_id
    and family_contacts.submission_id = bare.submission_id
""")

UPSERT_STATES = text("""
insert into ops.submission_states (
    form_id, submission_id, edit_mark, review_mark, root_id, version_number, is_live,
    content_hash, review_state_code, first_seen_run_id
)
select
    :form_id, submission_id, edit_mark, review_mark, root_id,
    case
        when change_code is null then version_number - 1
        else version_number + is_reviewed_since::integer
    end,
    true, content_hash, review_state_code, :run_id
from arrived
on conflict (form_id, submission_id) do update set
    edit_mark = excluded.edit_mark,
    review_mark = excluded.review_mark,
    root_id = excluded.root_id,
    version_number = excluded.version_number,
    is_live = true,
    content_hash = excluded.content_hash,
    review_state_code = excluded.review_state_code,
    last_seen_run_id = null
where
    not submission_states.is_live
    or submission_states.version_number <> excluded.version_number
    or submission_states.edit_mark <> excluded.edit_mark
    or submission_states.review_mark <> excluded.review_mark
    or submission_states.content_hash <> excluded.content_hash
""")

MARK_DELETED = text("""
update ops.submission_states set
    is_live = false,
    version_number = gone.version_number,
    last_seen_run_id = :last_run_id
from gone
where
    submission_states.form_id = :form_id
    and submission_states.submission_id = gone.submission_id
""")

UPSERT_REJECTS = text("""
insert into ops.rejected_records (
    form_id, record_hash, submission_id, reason, record,
    first_seen_run_id, last_seen_run_id
)
select distinct on (refused.record_hash)
    :form_id, refused.record_hash, refused.submission_id, refused.reason,
    refused.record, cast(:run_id as uuid), cast(:run_id as uuid)
from refused
on conflict (form_id, record_hash) do update set
    reason = excluded.reason,
    last_seen_run_id = excluded.last_seen_run_id
""")

# Rejected records whose submission is not live from an earlier, readable version.
COUNT_OUTCOME = text("""
select
    (
        select count(*) from ops.submission_states
        where form_id = :form_id and is_live
    ) as live_count,
    (
        -- One without an id is one of its own; the same one may be refused twice.
        select
            count(distinct refused.submission_id)
            + count(*) filter (where refused.submission_id is null)
        from refused
        left join ops.submission_states as known
            on
                known.form_id = :form_id
                and refused.submission_id = known.submission_id
                and known.is_live
        where known.submission_id is null
    ) as rejected_count,
    (
        select
            count(distinct left_out.submission_id)
            + count(*) filter (where left_out.submission_id is null)
        from left_out
        left join ops.submission_states as known
            on
                known.form_id = :form_id
                and left_out.submission_id = known.submission_id
                and known.is_live
        where known.submission_id is null
    ) as left_out_count
""")

# What a form server still had of erased families when it was asked last.
FORGET_GONE_LEFTOVERS = text("""
delete from pii.erasure_leftovers
where
    form_id = :form_id
    and submission_id not in (
        select swept.submission_id from swept
        where swept.submission_id is not null
    )
""")
FORGET_MENDED_LEFTOVERS = text("""
delete from pii.erasure_leftovers
where
    form_id = :form_id
    and what_code = 'mention'
    and submission_id in (
        select arrived.submission_id from arrived
        where arrived.change_code in ('edited', 'restored')
    )
    and submission_id <> all(cast(:redacted as text []))
""")

# Well-formed codes only, a registered site's and four digits: a mistyped one would give
# a family a second key.
ASSIGN_FAMILY_KEYS = text("""
insert into pii.family_keys (family_code)
select distinct latest.answers ->> 'family_code'
from ops.submission_states as known
inner join form_rows as latest
    on
        known.form_id = latest.form_id
        and known.submission_id = latest.submission_id
        and known.version_number = latest.version_number
where
    known.form_id = :form_id
    and known.is_live
    and latest.answers ->> 'family_code' ~ '-[0-9]{4}$'
    and left(latest.answers ->> 'family_code', -5)
    = any(cast(:site_codes as text []))
on conflict (family_code) do nothing
""")

HAS_SUBMISSIONS = text("""
select exists (select from ops.submission_states where form_id = :form_id)
""")

# In this order: what is gone from raw's point of view is needed until states change.
WRITE = (
    ANALYZE,
    FORGET_EARLIER_TIMES,
    DATE_CHANGES,
    INSERT_REVIEWS_OF_NEW,
    INSERT_TOMBSTONES,
    UPSERT_CONTACTS,
    DELETE_CONTACTS,
    UPSERT_STATES,
    MARK_DELETED,
    UPSERT_REJECTS,
)
