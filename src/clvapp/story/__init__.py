"""An analysis -> what a page says of it: the answer, the figures behind it, the frames of its pictures.

One module per page, under the page's own name; `forecast` adds what Customer value says of the forecast. `figure` holds
what they share.
"""
