"""What a project holds: its forms, its submissions, and what an edit makes of one."""
