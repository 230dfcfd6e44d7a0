"""What the operator of mobile payments is given."""

from kalata.training.views.payments import dialled


def test_a_telephone_goes_to_the_operator_as_digits_that_no_table_has_to_disarm():
    assert dialled("+223 70 00 00 01") == "22370000001" and dialled("70000001") == "70000001"
