from tests.disputes.services.conftest import court as court
