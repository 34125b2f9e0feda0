{{ months_of_scope(ref('int_scope_months'), 'site') }}
