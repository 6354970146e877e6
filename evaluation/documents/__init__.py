"""How well documents are understood: drafts of originals against records written by hand."""
