"""What a Metabase holds, said in our own words: keys instead of its numbers."""
