"""`python -m ingestion`: check the servers, land the forms, see how it went."""

from ingestion.command_line.app import app

if __name__ == "__main__":
    app()
