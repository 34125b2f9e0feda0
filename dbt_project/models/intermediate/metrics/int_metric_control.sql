{{ score_metric(ref('int_metric_panels'), 'control', 'M60') }}
