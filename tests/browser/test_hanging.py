from threading import Timer

import pytest
from playwright.sync_api import Error

from .hanging import end_pages


def test_a_page_that_hangs_fails_its_test_and_no_other(browser):
    page = browser.new_page()
    timer = Timer(1, end_pages)
    timer.start()

    with pytest.raises(Error):
        page.evaluate("new Promise(() => {})")

    other = browser.new_page()
    assert other.evaluate("1 + 1") == 2
    page.close()
    other.close()
