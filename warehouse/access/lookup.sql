-- Who may read which rows, and what puts that on a table. Made anew, as it stands here, by
-- `python -m warehouse access apply` wherever it stands otherwise in the database.
--
-- A policy asks the view `readable`, which tells whoever asks of their own roles alone: it
-- reads the tables below as its owner, and `current_user` stays who asks. So no function
-- here has to run as its owner on behalf of a reader.

create table if not exists access.readers (
    role_name text primary key,
    kind_code text not null,
    reads_all_sites boolean not null,
    reads_totals boolean not null
);
create table if not exists access.reader_sites (
    role_name text references access.readers on delete cascade,
    site_code text,
    primary key (role_name, site_code)
);
create table if not exists access.reader_groups (
    role_name text references access.readers on delete cascade,
    peer_group_code text,
    primary key (role_name, peer_group_code)
);
create table if not exists access.people (
    login text,
    role_name text references access.readers on delete cascade,
    primary key (login, role_name)
);
create table if not exists access.sites (
    site_code text primary key,
    country_code text not null
);
create table if not exists access.cohort_sites (
    cohort_code text,
    site_code text,
    primary key (cohort_code, site_code)
);

-- What whoever asks may read, one row per layer: `share`, and `marts` with the releases. A
-- lead's sites do not count in marts, also where the same person is a liaison there.
create or replace view access.readable with (security_barrier) as
with

layers (layer_code, kind_codes) as (

    values
    ('share', array['analyst', 'lead', 'metabase']),
    ('marts', array['analyst', 'liaison'])

),

held as (

    select
        layers.layer_code,
        readers.role_name,
        readers.reads_all_sites,
        readers.reads_totals
    from access.readers as readers
    inner join layers on readers.kind_code = any(layers.kind_codes)
    inner join pg_catalog.pg_roles as roles on readers.role_name = roles.rolname
    where pg_catalog.pg_has_role(roles.oid, 'usage')

),

held_sites as (

    select distinct
        held.layer_code,
        reader_sites.site_code
    from held
    inner join access.reader_sites as reader_sites
        on held.role_name = reader_sites.role_name

)

select
    layers.layer_code,
    exists (
        select from held
        where held.layer_code = layers.layer_code and held.reads_all_sites
    ) as reads_all_sites,
    exists (
        select from held
        where
            held.layer_code = layers.layer_code
            and (held.reads_all_sites or held.reads_totals)
    ) as reads_totals,
    array(
        select held_sites.site_code from held_sites
        where held_sites.layer_code = layers.layer_code
    ) as site_codes,
    -- A total is one's own where all its sites are.
    array(
        select cohort_sites.cohort_code
        from access.cohort_sites as cohort_sites
        left join held_sites
            on
                cohort_sites.site_code = held_sites.site_code
                and held_sites.layer_code = layers.layer_code
        group by cohort_sites.cohort_code
        having bool_and(held_sites.site_code is not null)
    ) as cohort_codes,
    array(
        select sites.country_code
        from access.sites as sites
        left join held_sites
            on
                sites.site_code = held_sites.site_code
                and held_sites.layer_code = layers.layer_code
        group by sites.country_code
        having bool_and(held_sites.site_code is not null)
    ) as country_codes,
    array(
        select reader_groups.peer_group_code
        from held
        inner join access.reader_groups as reader_groups
            on held.role_name = reader_groups.role_name
        where held.layer_code = layers.layer_code
    ) as peer_group_codes
from layers;

-- Whether a table of marts only names what figures are about: sites, metrics, releases. What
-- reads `share` reads these too.
create or replace function access.is_list_of_names(relation regclass) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select
        namespace.nspname = 'marts'
        and class.relname like 'dim\_%'
        and not exists (
            select
            from pg_attribute as attribute
            where
                attribute.attrelid = relation
                and attribute.attname in ('family_key', 'peer_group_code')
                and not attribute.attisdropped
        )
    from pg_class as class
    inner join pg_namespace as namespace on class.relnamespace = namespace.oid
    where class.oid = relation
$$;

-- Which rows of a table a reader may see, by the columns that it has: an expression for
-- its policy, and null where all rows are for everybody who may read the table.
create or replace function access.row_rule(relation regclass) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    schema_name text;
    table_name text;
    columns text[];
    layer text;
    parts text[] := '{}';
begin
    select namespace.nspname, class.relname into schema_name, table_name
    from pg_class as class
    inner join pg_namespace as namespace on class.relnamespace = namespace.oid
    where class.oid = relation;
    select array_agg(attribute.attname::text) into columns
    from pg_attribute as attribute
    where
        attribute.attrelid = relation
        and attribute.attnum > 0
        and not attribute.attisdropped;
    layer := case when schema_name = 'share' then 'share' else 'marts' end;
    if access.is_list_of_names(relation) then
        if 'site_code' <> all(columns) then
            return null;  -- of codes, months, countries
        end if;
        -- Its readers have their sites in one layer or in the other.
        foreach layer in array array['share', 'marts'] loop
            parts := parts
                || access.asked('reads_all_sites', layer)
                || access.held('site_code', 'site_codes', layer);
        end loop;
        return array_to_string(parts, ' or ');
    elsif columns && '{site_code,peer_group_code}' then
        if 'site_code' = any(columns) then
            parts := parts || access.held('site_code', 'site_codes', layer);
        end if;
        if 'peer_group_code' = any(columns) and layer = 'marts' then
            parts := parts || access.held('peer_group_code', 'peer_group_codes', layer);
        end if;
    elsif columns @> '{scope_type_code,scope_code}' then
        parts := array[
            '(scope_type_code = ''site'' and '
            || access.held('scope_code', 'site_codes', layer) || ')',
            '(scope_type_code <> ''site'' and '
            || access.asked('reads_totals', layer) || ')',
            '(scope_type_code = ''cohort'' and '
            || access.held('scope_code', 'cohort_codes', layer) || ')',
            '(scope_type_code = ''country'' and '
            || access.held('scope_code', 'country_codes', layer) || ')'
        ];
    elsif table_name like 'dim\_%' and not columns && '{family_key}' then
        return null;
    elsif table_name = 'release_information' then
        return null;
    elsif columns && '{cohort_code,country_code}' then
        if 'family_key' <> all(columns) then
            parts := parts || access.asked('reads_totals', layer);
        end if;
        if 'cohort_code' = any(columns) then
            parts := parts || access.held('cohort_code', 'cohort_codes', layer);
        else
            parts := parts || access.held('country_code', 'country_codes', layer);
        end if;
    end if;
    return array_to_string(access.asked('reads_all_sites', layer) || parts, ' or ');
end
$$;

-- In brackets of its own a question is asked once per query, not once per row.
create or replace function access.asked(what text, layer text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select format(
        '(select readable.%I from access.readable where readable.layer_code = %L)',
        what, layer
    )
$$;

create or replace function access.held(
    column_name text, list_name text, layer text
) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select format(
        '%I = any (%s::text[])', column_name, access.asked(list_name, layer)
    )
$$;

-- Which of the readers' roles may read a table at all: liaisons those with groups, and
-- the lists that explain them.
create or replace function access.readers_of(relation regclass) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case
        when namespace.nspname = 'share' then array['reads_share']
        when access.is_list_of_names(relation)
            then array['reads_marts', 'reads_own_groups', 'reads_share']
        when
            namespace.nspname = 'marts'
            and (
                access.row_rule(relation) is null
                or exists (
                    select
                    from pg_attribute as attribute
                    where
                        attribute.attrelid = relation
                        and attribute.attname = 'peer_group_code'
                        and not attribute.attisdropped
                )
            )
            then array['reads_marts', 'reads_own_groups']
        else array['reads_marts']
    end
    from pg_class as class
    inner join pg_namespace as namespace on class.relnamespace = namespace.oid
    where class.oid = relation
$$;

-- Gives a table its readers and its rows' policy; returns whether anything was missing.
-- Called by the table's owner within the transaction that makes the table.
create or replace function access.protect(relation regclass) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    rule text := coalesce(access.row_rule(relation), 'true');
    readers text[] := access.readers_of(relation);
    kind "char" := (select relkind from pg_class where oid = relation);
    reader text;
    is_changed boolean := false;
begin
    if kind = 'v' then
        -- A view of share that says of itself to be a barrier reads as its owner: it has
        -- books of the pipeline, which no reader may read as a whole.
        if not exists (
            select from pg_class
            where
                oid = relation
                and (
                    'security_invoker=true' = any(reloptions)
                    or (
                        relnamespace = 'share'::regnamespace
                        and 'security_barrier=true' = any(reloptions)
                    )
                )
        ) then
            execute format('alter view %s set (security_invoker = true)', relation);
            is_changed := true;
        end if;
    elsif kind not in ('r', 'p') then
        raise exception '% can hide no rows from anybody', relation
            using hint = 'Make it a table or a view.';
    elsif not exists (
        select
        from pg_policy as policy
        inner join pg_class as class on policy.polrelid = class.oid
        where
            policy.polrelid = relation
            and policy.polname = 'own_rows'
            and class.relrowsecurity
            and obj_description(policy.oid, 'pg_policy') = rule
            and (
                select array_agg(roles.rolname::text order by roles.rolname)
                from pg_roles as roles
                where roles.oid = any(policy.polroles)
            ) = readers
    ) then
        execute format('alter table %s enable row level security', relation);
        execute format('drop policy if exists own_rows on %s', relation);
        execute format(
            'create policy own_rows on %s for select to %s using (%s)',
            relation, array_to_string(readers, ', '), rule
        );
        execute format('comment on policy own_rows on %s is %L', relation, rule);
        is_changed := true;
    end if;
    foreach reader in array array['reads_share', 'reads_marts', 'reads_own_groups'] loop
        if reader = any(readers)
            and not has_table_privilege(reader, relation, 'select')
        then
            execute format('grant select on %s to %I', relation, reader);
            is_changed := true;
        elsif reader <> all(readers)
            and has_table_privilege(reader, relation, 'select')
        then
            execute format('revoke all on %s from %I', relation, reader);
            is_changed := true;
        end if;
    end loop;
    return is_changed;
end
$$;

-- Every table and view that readers may read.
create or replace view access.protected_relations as
select
    class.oid::regclass as relation,
    namespace.nspname as schema_name,
    class.relname as table_name
from pg_catalog.pg_class as class
inner join pg_catalog.pg_namespace as namespace
    on class.relnamespace = namespace.oid
where
    class.relkind in ('r', 'p', 'v', 'm', 'f')
    and (
        namespace.nspname in ('marts', 'share')
        or namespace.nspname like 'release\_%'
    );

-- Who changed, agreed to or published what, newest first.
create or replace view ops.audit_trail with (security_invoker) as
select
    changes.changed_at as happened_at,
    changes.changed_by as person,
    'access' as what_code,
    changes.role_name || ' ' || changes.change as what
from ops.access_changes as changes
union all
select
    approvals.approved_at,
    approvals.approved_by,
    'approval of ' || approvals.approval_code,
    approvals.subject
from ops.approvals as approvals
union all
select
    (corrections.answers ->> 'approved_at')::timestamptz,
    corrections.answers ->> 'approved_by_code',
    'correction ' || (corrections.answers ->> 'status_code'),
    'correction ' || (corrections.answers ->> 'correction_ref')
from raw.forms__corrections as corrections
where corrections.answers ->> 'approved_at' is not null
union all
select
    releases.frozen_at,
    releases.frozen_by,
    'release frozen',
    'release ' || releases.release_code
from ops.frozen_releases as releases
union all
-- Of the family no more than the receipt has: nothing.
select
    erasures.erased_at,
    erasures.approved_by,
    'erasure',
    'erasure ' || erasures.erasure_id || ', asked for by ' || erasures.requested_by
from ops.erasures as erasures
union all
select
    alerts.closed_at,
    alerts.closed_by,
    'alert closed',
    'alert ' || alerts.alert_id || ': ' || alerts.close_reason
from ops.alerts as alerts
where alerts.closed_by is not null
order by happened_at desc;
