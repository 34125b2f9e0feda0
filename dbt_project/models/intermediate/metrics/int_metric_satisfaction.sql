{{ score_metric(ref('int_metric_panels'), 'satisfaction', 'M58') }}
