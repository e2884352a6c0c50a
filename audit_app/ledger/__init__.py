"""Every change to the state of the system, in order, chained: the one door in.

`perform()` takes operations, `verify()` proves what was taken, `queries` tell what stands. `registers.py` is the rule,
`settling.py` keeps tables by it, `kinds.py` knows the verbs that capabilities register.
"""
