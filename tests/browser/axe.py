"""Is this screen open to everybody? Deque's axe-core, with the rules of WCAG 2.2 A and AA and its good practice."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from .service import until

AXE = Path(__file__).resolve().parents[2] / ".tools/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What moves is looked at when it has come to rest: half-faded words have half the contrast.
AT_REST = """() => document.getAnimations().every(({ effect, playState }) =>
    playState !== 'running' || effect.getComputedTiming().iterations === Infinity)"""

LOOK = """async ([runOnly, without]) => {
    const rules = Object.fromEntries(without.map((id) => [id, { enabled: false }]))
    const { violations } = await axe.run(document, { runOnly, rules, resultTypes: ['violations'] })
    return violations.flatMap(({ id, help, nodes }) => [`${id}: ${help}`,
        ...nodes.flatMap(({ html, failureSummary }) => ['    ' + html.slice(0, 200), '    ' + failureSummary])])
}"""


def assert_accessible(page: Page, without: tuple[str, ...] = ()) -> None:
    """No violation on what is shown now; `without` names rules that cannot judge it."""
    found = violations(page, without)
    assert not found, f"{page.url}\n" + "\n".join(found)


def violations(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong with what is shown now, in words."""
    until(lambda: page.evaluate(AT_REST), "nothing moves any more")
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    return page.evaluate(LOOK, [RULES, without])


@cache
def source() -> str:
    """axe-core, to be evaluated as a debugger would, which the page's policy rightly does not hinder."""
    return AXE.read_text()
