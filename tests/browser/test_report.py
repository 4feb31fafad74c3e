"""The report in a browser: filters, links, the back button, a phone, paper, accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, Watched
from playwright.sync_api import Browser, Page

from resanalysis.model import LANGUAGES, Language
from resanalysis.results import make_report
from resanalysis.robustness import assess_robustness
from resanalysis.study import run_study

NewPage = Callable[..., Watched]
SHOWN = "table.pairs tr.row:not([hidden])"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """Return the report on Resolution 182 in both languages, as a reader gets it."""
    folder = tmp_path_factory.mktemp("report")
    study = run_study(ROOT / "corpora" / "itu-pp-res-182", draws=50)
    found = assess_robustness(study, draws=5)
    paths: dict[Language, Path] = {}
    for language in LANGUAGES:
        paths[language] = folder / f"report-{language}.html"
        html = make_report(study, language=language, robustness=found)
        paths[language].write_text(html, "utf-8")
    return paths


@pytest.fixture(params=LANGUAGES)
def report(request: pytest.FixtureRequest, reports: dict[Language, Path]) -> Path:
    return reports[request.param]


def count_shown(page: Page) -> int:
    """Return the number of rows that can be seen; the status line must say the same."""
    shown = page.locator(SHOWN).count()
    assert str(shown) in re.findall(r"\d+", page.locator("#shown").inner_text())
    return shown


def open_report(new_page: NewPage, report: Path, fragment: str = "", **size: int) -> Watched:
    watched = new_page(**size)
    watched.page.goto(f"{report.as_uri()}{fragment}")
    return watched


def test_nothing_but_the_file_is_asked_for_and_nothing_goes_wrong(
    new_page: NewPage, report: Path
) -> None:
    watched = open_report(new_page, report)
    watched.page.select_option("#filter-topic", "net_zero")
    asked = [url for url in watched.requests if not url.startswith("data:")]
    assert asked == [report.as_uri()]
    assert watched.console_errors + watched.exceptions == []
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    print(f"\n{report.name}: loaded in {watched.page.evaluate(timing):.0f} ms")  # noqa: T201
    print(f"{report.stat().st_size / 1e6:.1f} MB")  # noqa: T201


def test_every_number_of_the_topics_shows_as_many_rows(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    links = page.locator("section[aria-labelledby=topics] td:nth-child(-n+3) a").all()
    assert len(links) > 20
    for link in links:
        number = int(link.inner_text())
        link.click()
        assert count_shown(page) == number
        page.go_back()


def test_key_numbers_show_as_many_rows(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    for link in page.locator(".key a").all():
        number = int(link.inner_text())
        link.click()
        assert count_shown(page) == number


def test_every_option_of_a_filter_shows_the_rows_that_have_it(
    new_page: NewPage, report: Path
) -> None:
    page = open_report(new_page, report).page
    for name in ("change", "part", "to", "sure"):
        values = page.eval_on_selector_all(
            f"#filter-{name} option", "options => options.map(o => o.value).filter(v => v)"
        )
        assert values
        for value in values:
            page.select_option(f"#filter-{name}", value)
            having = page.locator(f'table.pairs tr.row[data-{name}~="{value}"]').count()
            assert count_shown(page) == having > 0
        page.select_option(f"#filter-{name}", "")


def test_filters_narrow_together_and_are_all_taken_off_at_once(
    new_page: NewPage, report: Path
) -> None:
    page = open_report(new_page, report).page
    every = count_shown(page)
    page.select_option("#filter-topic", "net_zero")
    topic = count_shown(page)
    page.select_option("#filter-change", "ADD")
    added = count_shown(page)
    assert every > topic > added > 0
    assert page.url.endswith("#topic=net_zero&change=ADD")
    page.click("#filters button")
    assert count_shown(page) == every
    assert "#" not in page.url


def test_address_of_a_filtered_view_leads_to_the_same_view(new_page: NewPage, report: Path) -> None:
    first = open_report(new_page, report).page
    first.select_option("#filter-topic", "net_zero")
    first.select_option("#filter-change", "ADD")
    fragment = first.url.partition("#")[2]
    again = open_report(new_page, report, f"#{fragment}").page
    assert again.locator(SHOWN).count() == count_shown(first)
    assert again.input_value("#filter-topic") == "net_zero"
    again.wait_for_function(
        "document.querySelector('#comparison').getBoundingClientRect().top < 99"
    )


def test_unknown_values_in_the_address_filter_nothing(new_page: NewPage, report: Path) -> None:
    watched = open_report(new_page, report, "#topic=none&change=%22&odd=1")
    assert count_shown(watched.page) == watched.page.locator("table.pairs tr.row").count()
    assert watched.console_errors + watched.exceptions == []


def test_back_and_forward_go_through_the_views(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    every = count_shown(page)
    page.select_option("#filter-topic", "water")
    water = count_shown(page)
    page.select_option("#filter-change", "MOD")
    page.go_back()
    assert count_shown(page) == water
    page.go_back()
    assert count_shown(page) == every
    page.go_forward()
    assert count_shown(page) == water


def test_only_the_chosen_topic_is_marked(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    page.select_option("#filter-topic", "water")
    topics = page.eval_on_selector_all(
        "mark.on", "marks => marks.map(mark => mark.dataset.topics.split(' '))"
    )
    assert topics
    assert all("water" in found for found in topics)
    assert page.locator('table.pairs mark[data-topics~="water"]:not(.on)').count() == 0


def test_every_link_leads_to_something_that_can_be_seen(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    page.select_option("#filter-topic", "smart_grid")
    fragments = set(page.eval_on_selector_all("a", "links => links.map(a => a.hash.slice(1))"))
    assert len(fragments) > 150
    for fragment in sorted(fragments):
        page.evaluate("hash => { location.hash = hash; }", fragment)
        if "=" in fragment:
            # A count of 0 leads to no row, and the page says so.
            assert count_shown(page) > 0 or "in" in parse_qs(fragment)
        else:
            page.wait_for_function(
                """id => {
                    const box = document.getElementById(id).getBoundingClientRect();
                    return box.height > 0 && box.top < innerHeight && box.bottom > 0;
                }""",
                arg=fragment,
                timeout=3000,
            )


def test_filters_work_by_keyboard_alone(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    every = count_shown(page)
    page.focus("#filter-change")
    page.keyboard.press("ArrowDown")
    assert count_shown(page) < every
    page.focus("#filters button")
    page.keyboard.press("Enter")
    assert count_shown(page) == every


def test_first_stop_of_the_keyboard_leads_to_the_findings(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#findings")


def test_without_script_everything_is_shown_and_numbers_lead_to_their_clauses(
    browser: Browser, report: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#filters").is_hidden()
    assert page.locator("table.pairs tr.row").last.is_visible()
    page.locator("section[aria-labelledby=topics] td a").first.click()
    fragment = page.url.partition("#")[2]
    assert page.locator(f'[id="{fragment}"]:target').is_visible()
    context.close()


@pytest.mark.parametrize("fragment", ["", "#topic=net_zero"])
def test_a_phone_does_not_scroll_sideways(new_page: NewPage, report: Path, fragment: str) -> None:
    page = open_report(new_page, report, fragment, width=360, height=700).page
    page.eval_on_selector_all("details", "all => all.forEach(details => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_figures_keep_a_width_on_a_phone_at_which_they_can_be_read(
    new_page: NewPage, report: Path
) -> None:
    page = open_report(new_page, report, width=360, height=700).page
    for image in page.locator("figure img").all():
        size = image.bounding_box()
        assert size is not None
        assert size["width"] > 700
        box = image.locator("xpath=..")
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")


def test_paper_has_no_controls_and_every_ground(new_page: NewPage, report: Path) -> None:
    page = open_report(new_page, report).page
    page.emulate_media(media="print")
    for name in ("#filters", "nav", ".skip"):
        assert page.locator(name).is_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open]):not(.record)").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("fragment", ["", "#topic=net_zero&change=ADD"])
def test_axe_finds_nothing_to_mend(
    new_page: NewPage, report: Path, width: int, fragment: str
) -> None:
    page = open_report(new_page, report, fragment, width=width, height=900).page
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
