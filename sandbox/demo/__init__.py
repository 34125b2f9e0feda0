"""The demo: two pulls from form server to dashboards, watched, and their figures."""

from sandbox.demo.run import Demo, run_demo

__all__ = ["Demo", "run_demo"]
