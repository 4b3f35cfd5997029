"""One function a chart: a tidy frame in, an Altair chart out, nothing computed beyond how it is drawn.

Each takes the frame, the reader's `Words` and the `title` that states the finding, and carries its message in
its `description`, which browsers read out. So `st.vega_lite_chart` needs no `alt=`; with one, Streamlit writes both
texts, customers' figures among them, into the log.

A colour means the same everywhere (`COLOURS`). Text takes its colour and font from the page, so that one
chart serves light and dark, and nothing process-wide is touched.
"""
