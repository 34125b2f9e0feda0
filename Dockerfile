# One image for every Airflow service: Airflow, dbt and our code from one lock.
FROM python:3.11.14-slim-bookworm

ENV AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/warehouse/dags \
    DO_NOT_TRACK=1 \
    PYTHONPATH=/opt/warehouse \
    PYTHONUNBUFFERED=1

# The folders exist with their owner before a volume is mounted over them, or the volume
# would belong to root.
RUN groupadd --gid 50000 airflow \
    && useradd --uid 50000 --gid airflow --create-home airflow \
    && install --directory --owner=airflow --group=airflow --mode=0750 \
        "$AIRFLOW_HOME" "$AIRFLOW_HOME/logs" "$AIRFLOW_HOME/secrets" \
        /opt/warehouse \
    && install --directory --owner=airflow --group=airflow --mode=0755 \
        /var/lib/journal /var/lib/journal/site \
    && install --directory --owner=airflow --group=airflow --mode=0700 \
        /var/lib/journal/attachments /var/lib/journal/backups /var/lib/journal/reports \
        /var/lib/journal/sites_of_leads

WORKDIR /opt/warehouse

# Before the code, so that a change of the code does not install everything again.
# Every package is checked against the hash in the lock.
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        --compile --requirement requirements.txt

COPY --chown=airflow:airflow alerts alerts
COPY --chown=airflow:airflow dags dags
COPY --chown=airflow:airflow dashboards dashboards
COPY --chown=airflow:airflow dbt_project dbt_project
COPY --chown=airflow:airflow ingestion ingestion
COPY --chown=airflow:airflow pages pages
COPY --chown=airflow:airflow reports reports
COPY --chown=airflow:airflow warehouse warehouse
COPY --chown=airflow:airflow warehouse_docs warehouse_docs

# By its number: an orchestrator that must not run root cannot look names up.
USER 50000:50000

CMD ["airflow", "version"]
