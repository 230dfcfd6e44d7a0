from tests.browser.conftest import browser as browser
from tests.browser.conftest import ledger_lifted_for_the_flush as ledger_lifted_for_the_flush
from tests.browser.conftest import page as page
from tests.browser.conftest import size as size
from tests.disputes.services.conftest import court as court
