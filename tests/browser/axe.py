"""Is this screen open to everybody? Deque's axe-core, with the rules of WCAG 2.2 A and AA and its good practice."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / ".tools/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What moves is looked at when it has come to rest: half-faded words have half the contrast.
AT_REST = """() => document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).every((one) => one.playState !== 'running')"""

LOOK = """async (rules) => {
    const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) =>
        `${id}: ${help}\\n` + nodes.map(({ html, failureSummary }) => `    ${html.slice(0, 200)}\\n    ${failureSummary}`).join('\\n'))
}"""


def assert_accessible(page: Page) -> None:
    """No violation on what is shown now."""
    page.wait_for_function(AT_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    violations = page.evaluate(LOOK, RULES)
    assert not violations, f"{page.url}\n" + "\n".join(violations)


@cache
def source() -> str:
    """axe-core, to be evaluated as a debugger would, which the page's policy rightly does not hinder."""
    return AXE.read_text()
