"""`python -m bench` measures all but what takes long; `python -m bench NAME…` some, also that."""

import os
import sys
import time

from . import answering, deciding, feel, paper, photo, push, register, scale, streams, weight, wire
from .figures import show

MEASURES = {
    "push": push.measure,
    "streams": streams.measure,
    "answering": answering.measure,
    "wire": wire.measure,
    "feel": feel.measure,
    "photo": photo.measure,
    "paper": paper.measure,
    "register": register.measure,
    "deciding": deciding.measure,
    "weight": weight.measure,
}
LONG = {"scale": scale.measure}  # only by name


def main(names: list[str]) -> None:
    """Print the tables; at the end say what misses its goal, if anything does."""
    known = MEASURES | LONG
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"There is no measure {', '.join(unknown)}. There are: {', '.join(known)}")
    began = time.monotonic()
    figures = show(known[name] for name in names or MEASURES)
    missed = [figure.name for figure in figures if figure.meets is False]
    goals = sum(figure.goal is not None for figure in figures)
    load, cores = os.getloadavg()[1], os.cpu_count()
    print(f"{goals - len(missed)} of {goals} goals met, in {time.monotonic() - began:.0f} s.")
    print(f"{cores} cores, load {load:.1f}{'; a quiet machine tells more.' if load > cores * 1.5 else '.'}")
    for name in missed:
        print(f"  misses: {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
