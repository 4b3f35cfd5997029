"""An analysis -> what a page says of it: the answer, the figures behind it, the frames of its pictures.

One module a page, by the page's own name; `figure` holds what they share.
"""
