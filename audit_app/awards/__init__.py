"""Awards: from a submission to what is said of an award ever after.

Here stands what every step shares: the way (`stages.py`, pure), a step on what is held (`stepping.py`), why not
(`refusing.py`), the edition's rule (`rules.py`, pure) and its words (`explaining.py`), and what became of a submission
(`outcomes.py`). Each stage has a room:

- `submission/`: from an open audit to an assessor at work;
- `assessment/`: what an assessor judges, offline on the visit, and reports;
- `panel/`: who decides, the letter, the award and what follows it, and what the site says to that;
- `certificate/`: numbers, keys, the signed credential of a place, its badge and its paper.
"""
