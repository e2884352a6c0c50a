"""Awards: from a submission to what is said of an award ever after.

What other capabilities may build on:

- `judge()` and the `Verdict` it gives (`rules.py`): what an edition's rule says of findings, and what is missing;
- `explain()` (`explaining.py`): the same in words.
"""
