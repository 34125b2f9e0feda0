"""What an OData request asks for, before any row is looked at."""
