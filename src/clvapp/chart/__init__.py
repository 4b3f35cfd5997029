"""A tidy frame -> an Altair chart, one function per chart. Nothing is computed beyond how it is drawn.

Each takes the frame, the reader's `Wording` and the `title`, which states the finding. Its message goes into the
chart's `description`, which browsers read out. So `st.vega_lite_chart` needs no `alt=`: given one, Streamlit writes
both texts, customers' figures included, into the log.

A colour means the same everywhere (`COLOURS`). Text takes its colour and font from the page, so one chart serves light
and dark pages. No chart touches process-wide state.
"""
