"""Make built pages light: one style sheet, one script, only what some page uses."""

from analysis.publish.light.site import Light, lighten

__all__ = ["Light", "lighten"]
