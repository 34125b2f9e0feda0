"""From form tools to raw: plain Python that knows neither Airflow nor dbt."""
