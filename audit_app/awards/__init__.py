"""Awards: from a submission to what is said of an award ever after.

What other capabilities may build on:

- `judge()` and the `Verdict` it gives (`rules.py`): what an edition's rule says of findings, and what is missing;
- `explain()` (`explaining.py`): the same in words;
- `take()`, `refusal()` and `standing()` (`stages.py`): which step may follow, by whom, and how an award stands;
- `issue()`, `check_with_register()` and `check_without_register()` (`credential.py`): the signed credential of a place,
  and what may be said of one that is shown; `badge_svg()` and `badge_png()` (`badge.py`) carry it;
- `certificate()` (`certificate.py`): the paper.
"""
