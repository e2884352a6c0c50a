"""Invented people and audits that look like life. Only in demo mode.

`cast.toml` says who there is, `places.toml` what is particular about each setting, `words-*.toml` what people say about
each criterion and `sectors.toml` where a sector says it otherwise. `life.py` makes months of work out of them, and
`phones.py` hands it in as phones do, through the one door.
"""
