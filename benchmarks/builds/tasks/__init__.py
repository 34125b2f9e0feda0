"""What is measured in a process of its own, which takes its job as JSON on stdin."""
