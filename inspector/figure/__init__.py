"""The comparison figure that window and command line export: PNG, SVG and PDF from one drawing.

Nothing here is imported on the package's own import, so that
:func:`inspector.figure.application.ensure_gui_application` can say what Qt misses on this system.
"""
