"""What is measured, each in a process of its own that gets its job on stdin.

A contender imports nothing of ours but its job, unless it is ours: one runs in an
environment that has nothing else.
"""
