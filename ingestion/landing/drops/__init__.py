"""Files that a person hands over: checked, put into their folder, landed."""
