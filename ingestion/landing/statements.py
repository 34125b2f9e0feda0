"""The statements by which one run of one form reaches raw, within one transaction.

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
    submission_id text not null
) on commit drop;

create temporary table arrived (
    submission_id text primary key,
    edit_mark text not null,
    review_mark text not null,
    root_id text,
    form_version_id text,
    form_version_name text,
    received_at timestamptz not null,
    review_state_code text not null,
    reviewed_at timestamptz,
    was_edited boolean not null,
    edited_at timestamptz,
    content_hash text not null,
    payload jsonb not null,
    answers jsonb not null,
    answer_problems jsonb not null,
    contact jsonb
) on commit drop;

create temporary table refused (
    submission_id text,
    record_hash text not null,
    reason text not null,
    record text not null
) on commit drop;

create temporary table changed (
    submission_id text primary key,
    root_id text,
    version_number integer not null,
    is_reviewed boolean not null,
    -- First seen after a reviewer had refused it: it lands as it came, then refused.
    is_reviewed_since boolean not null,
    change_code text not null
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

COUNT_SWEPT = text("""
select
    (select count(*) from swept)
    + (select count(*) from refused where submission_id is null)
""")

# Live rows of the form that the sweep did not see, and live rows altogether.
COUNT_GONE = text("""
select
    count(*) filter (where swept.submission_id is null) as gone_count,
    count(*) as live_count
from ops.submission_states as known
left join swept on known.submission_id = swept.submission_id
where known.form_id = :form_id and known.is_live
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
select place, submission_id from differing
where place > :place
order by place
limit :row_count
""")

# What each arrival is, seen from the version raw holds. The server may write an old
# submission anew when a reviewer decides (see `answers/reading.py`), which is no edit.
FIND_CHANGED = text("""
insert into changed (
    submission_id, root_id, version_number, is_reviewed, is_reviewed_since, change_code
)
with

compared as (
    select
        arrived.submission_id,
        arrived.root_id,
        coalesce(known.version_number, 0) + 1 as version_number,
        known.review_state_code is distinct from arrived.review_state_code
            as is_reviewed,
        known.submission_id is null
        and arrived.review_state_code in ('not_approved', 'on_hold')
        and coalesce(arrived.reviewed_at > arrived.received_at, false)
            as is_reviewed_since,
        case
            when known.submission_id is null then 'new'
            when not known.is_live then 'restored'
            when
                known.content_hash <> arrived.content_hash
                and (
                    known.edit_mark <> arrived.edit_mark
                    or known.review_state_code = arrived.review_state_code
                )
                then 'edited'
            when known.review_state_code <> arrived.review_state_code then 'reviewed'
        end as change_code
    from arrived
    left join ops.submission_states as known
        on known.form_id = :form_id and arrived.submission_id = known.submission_id

)

select
    submission_id, root_id, version_number, is_reviewed, is_reviewed_since, change_code
from compared
where change_code is not null
union all
select
    known.submission_id,
    known.root_id,
    known.version_number + 1 as version_number,
    false as is_reviewed,
    false as is_reviewed_since,
    'deleted' as change_code
from ops.submission_states as known
left join swept on known.submission_id = swept.submission_id
where known.form_id = :form_id and known.is_live and swept.submission_id is null
""")

# Temporary tables have no statistics until someone asks for them.
ANALYZE = text("analyze swept, arrived, changed, change_times, refused")

# Whatever was edited, be it before we first saw it: the history is asked about these.
ROOTS_WITH_A_PAST = text("""
select changed.root_id
from changed
left join arrived on changed.submission_id = arrived.submission_id
where
    changed.root_id is not null
    and (changed.change_code <> 'new' or arrived.was_edited)
    and arrived.edited_at is null  -- else it tells by itself
""")

# A time from before the last sweep, or not after the version that raw holds, is that of
# an earlier change, or of none: a deletion that failed. The entry about the change that
# we see now is lost, and the run's time stands in. Histories keep whole seconds.
FORGET_EARLIER_TIMES = text("""
delete from change_times
using changed, form_rows as previous
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
select change_code, count(*) as change_count from changed group by change_code
union all
select 'reviewed' as change_code, count(*) as change_count
from changed
where is_reviewed_since
""")

# A submission that shows up now but claims to be older than what the last sweep may
# have missed was dated back by its phone: we know of it since now, whatever it says.
# One that was edited before we first saw it is known, as it reads now, since the edit.
# One that was edited and reviewed is as it is now since the later of both; a review
# that was taken back left its time in the history only.
INSERT_ARRIVALS = text("""
insert into form_rows (
    form_id, submission_id, version_number, root_id, change_code,
    form_version_id, form_version_name, received_at, known_at,
    review_state_code, reviewed_at, content_hash,
    payload, answers, answer_problems, run_id, landed_at
)
select
    :form_id, arrived.submission_id, changed.version_number, arrived.root_id,
    changed.change_code, arrived.form_version_id, arrived.form_version_name,
    arrived.received_at,
    greatest(
        previous.known_at,
        case
            when changed.change_code = 'new'
                then case
                    when
                        arrived.received_at < cast(:believed_from as timestamptz)
                        then :seen_at
                    else greatest(
                        arrived.received_at, arrived.edited_at, edit.changed_at
                    )
                end
            when changed.change_code = 'edited'
                then greatest(
                    coalesce(arrived.edited_at, edit.changed_at, :seen_at),
                    case
                        when changed.is_reviewed
                            then coalesce(
                                arrived.reviewed_at, review.changed_at, :seen_at
                            )
                    end
                )
            when changed.change_code = 'reviewed'
                then coalesce(arrived.reviewed_at, review.changed_at, :seen_at)
            else :seen_at
        end
    ),
    case when changed.is_reviewed_since then 'none' else arrived.review_state_code end,
    case when not changed.is_reviewed_since then arrived.reviewed_at end,
    arrived.content_hash,
    arrived.payload, arrived.answers, arrived.answer_problems, :run_id, :landed_at
from changed
inner join arrived on changed.submission_id = arrived.submission_id
left join change_times as edit
    on changed.root_id = edit.root_id and edit.kind = 'edited'
left join change_times as review
    on changed.root_id = review.root_id and review.kind = 'reviewed'
left join form_rows as previous
    on
        previous.form_id = :form_id
        and changed.submission_id = previous.submission_id
        and changed.version_number - 1 = previous.version_number
where changed.change_code <> 'deleted'
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
from changed
inner join arrived on changed.submission_id = arrived.submission_id
inner join form_rows as first
    on
        first.form_id = :form_id
        and changed.submission_id = first.submission_id
        and changed.version_number = first.version_number
where changed.is_reviewed_since
""")

INSERT_TOMBSTONES = text("""
insert into form_rows (
    form_id, submission_id, version_number, root_id, change_code,
    form_version_id, form_version_name, received_at, known_at,
    review_state_code, reviewed_at, content_hash,
    payload, answers, answer_problems, run_id, landed_at
)
select
    :form_id, changed.submission_id, changed.version_number, changed.root_id,
    'deleted', previous.form_version_id, previous.form_version_name,
    previous.received_at,
    greatest(previous.known_at, coalesce(deletion.changed_at, :seen_at)),
    previous.review_state_code, previous.reviewed_at, previous.content_hash,
    null, null, '[]', :run_id, :landed_at
from changed
inner join form_rows as previous
    on
        previous.form_id = :form_id
        and changed.submission_id = previous.submission_id
        and changed.version_number - 1 = previous.version_number
left join change_times as deletion
    on changed.root_id = deletion.root_id and deletion.kind = 'deleted'
where changed.change_code = 'deleted'
""")

UPSERT_CONTACTS = text("""
insert into pii.family_contacts (
    form_id, submission_id, family_code,
    contact_name, contact_phone, contact_address, signature_file, run_id, landed_at
)
select
    :form_id, arrived.submission_id, arrived.answers ->> 'family_code',
    arrived.contact ->> 'contact_name', arrived.contact ->> 'contact_phone',
    arrived.contact ->> 'contact_address', arrived.contact ->> 'signature_file',
    :run_id, :landed_at
from changed
inner join arrived on changed.submission_id = arrived.submission_id
where arrived.contact is not null and changed.change_code <> 'reviewed'
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
using changed
left join arrived on changed.submission_id = arrived.submission_id
where
    family_contacts.form_id = :form_id
    and family_contacts.submission_id = changed.submission_id
    and changed.change_code <> 'reviewed'
    and arrived.contact is null
""")

UPSERT_STATES = text("""
insert into ops.submission_states (
    form_id, submission_id, edit_mark, review_mark, root_id, version_number, is_live,
    content_hash, review_state_code, first_seen_run_id, last_seen_run_id
)
select
    :form_id, arrived.submission_id, arrived.edit_mark, arrived.review_mark,
    arrived.root_id,
    coalesce(changed.version_number + changed.is_reviewed_since::integer, 1), true,
    arrived.content_hash, arrived.review_state_code, :run_id, :run_id
from arrived
left join changed on arrived.submission_id = changed.submission_id
on conflict (form_id, submission_id) do update set
    edit_mark = excluded.edit_mark,
    review_mark = excluded.review_mark,
    root_id = excluded.root_id,
    -- Unchanged arrivals have no row in `changed` and keep their version.
    version_number = greatest(
        submission_states.version_number, excluded.version_number
    ),
    is_live = true,
    content_hash = excluded.content_hash,
    review_state_code = excluded.review_state_code
""")

MARK_SEEN = text("""
update ops.submission_states set last_seen_run_id = :run_id
from swept
where
    submission_states.form_id = :form_id
    and submission_states.submission_id = swept.submission_id
""")

MARK_DELETED = text("""
update ops.submission_states set
    is_live = false,
    version_number = changed.version_number
from changed
where
    submission_states.form_id = :form_id
    and submission_states.submission_id = changed.submission_id
    and changed.change_code = 'deleted'
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
        select count(*) from refused
        left join ops.submission_states as known
            on
                known.form_id = :form_id
                and refused.submission_id = known.submission_id
                and known.is_live
        where known.submission_id is null
    ) as rejected_count
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
    INSERT_ARRIVALS,
    INSERT_REVIEWS_OF_NEW,
    INSERT_TOMBSTONES,
    UPSERT_CONTACTS,
    DELETE_CONTACTS,
    UPSERT_STATES,
    MARK_SEEN,
    MARK_DELETED,
    UPSERT_REJECTS,
)
