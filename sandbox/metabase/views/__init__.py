"""Answers, a module for each kind of thing that Metabase keeps."""
