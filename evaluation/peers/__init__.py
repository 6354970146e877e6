"""Search libraries that a reader may know, set up as their guides say, over the same texts and vectors: for comparing speed only.

They are no part of the program. ``pip install -e '.[peers]'`` installs them; what is missing is skipped.
"""
