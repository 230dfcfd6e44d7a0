"""What was typed comes back into the form that was sent, and into no other."""

from django.utils.datastructures import MultiValueDict

from kalata.ui.retyped import Sent, retyped

PAGE = """<!doctype html><title>x</title><main><a href="?page=2">2</a>
<form method="get"><input name="q" autofocus></form>
<form method="post"><input type="hidden" name="act" value="drop"><input type="hidden" name="row" value="1"><input name="reason"></form>
<details class="more"><summary>s</summary><form method="post" class="row"><input type="hidden" name="act" value="drop"><input
 type="hidden" name="row" value="2"><input type="hidden" name="seen" value="new"><input name="reason" value="old" required><textarea
 name="note">was</textarea><select name="kind"><option value="a" selected>A</option><option value="b">B</option></select><input type="checkbox"
 name="far" checked><input type="radio" name="side" value="l"><input type="radio" name="side" value="r"><input name="line"><input
 name="line"><input name="code"><input type="file" name="f"><button>go</button></form></details></main>"""


def back(values, page=PAGE, path="/a/", moved=False):
    held = MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in values.items()})
    sent = Sent(path, held, "/a/?tri=x", moved)
    return retyped(page, sent, lambda other: "<p>MOVED</p>" if other else "<p>SAID</p>")


TYPED = {
    "act": "drop", "row": "2", "seen": "new", "reason": 'à "vérifier" <b>', "note": "</textarea><script>", "kind": "b", "side": "r",
    "line": ["12", "7"], "code": "123456",
}  # fmt: skip


def test_every_value_is_put_back_in_its_control_and_the_refusal_stands_first_in_the_form():
    text = back(TYPED)
    other, form = text.split("<details", 1)
    assert "SAID" not in other and 'name="reason"></form>' in other
    assert form.startswith(' class="more" open="">') and form.index("SAID") < form.index('value="2"')
    assert 'value="à &quot;vérifier&quot; &lt;b&gt;"' in form and "old" not in form
    assert "&lt;/textarea&gt;&lt;script&gt;</textarea>" in form and "<script>" not in form
    assert '<option value="a">A' in form and '<option value="b" selected="">' in form
    assert 'name="far">' in form and 'name="side" value="l">' in form and 'value="r" checked="">' in form
    assert form.index('value="12"') < form.index('value="7"')


def test_a_code_and_a_seen_mark_are_never_put_back_and_links_keep_their_page():
    text = back(TYPED)
    assert "123456" not in text and 'name="seen" value="new"' in text
    assert 'href="/a/?page=2"' in text and 'action="/a/?tri=x"' in text and "autofocus" not in text


def test_another_act_another_row_or_another_address_find_no_form():
    assert back(TYPED | {"act": "keep"}) is None
    assert back(TYPED | {"row": "3"}) is None
    assert back(TYPED, path="/b/") is None
    assert back({"q": "x"}, "<form method=get><input name=q></form>") is None


def test_a_page_with_line_ends_of_another_machine_is_cut_at_the_same_places():
    text = back(TYPED, PAGE.replace("\n", "\r\n"))
    assert text.count("SAID") == 1 and 'value="12"' in text and '<option value="b" selected="">' in text


BOXES = """<form method="post"><input type="checkbox" name="sure" value="1"><input type="checkbox" name="paper" value="7">
<input type="checkbox" name="paper" value="8" checked><input type="radio" name="side" value="l"></form>"""


def test_a_tick_by_which_somebody_answers_is_given_anew():
    text = back({"sure": "1", "paper": ["7"], "side": "l"}, BOXES)
    assert 'name="sure" value="1">' in text and 'value="7" checked="">' in text and 'value="8">' in text


def test_where_what_was_shown_has_moved_no_box_is_ticked_for_what_nobody_has_read():
    text = back({"sure": "1", "paper": ["7"], "side": "l"}, BOXES, moved=True)
    assert 'value="7">' in text and 'value="8" checked>' in text and 'value="l" checked="">' in text


def test_a_text_that_holds_another_sign_of_line_end_moves_no_mark():
    for sign in ("\u2028", "\u2029", "\x85", "\x0c"):
        page = PAGE.replace("<main>", f"<main><p>motif{sign}</p>\n", 1)
        text = back(TYPED, page)
        assert text.replace(f"<p>motif{sign}</p>\n", "", 1) == back(TYPED), f"U+{ord(sign):04X}"


def test_what_another_wrote_meanwhile_is_not_written_over_by_an_old_page():
    text = back(TYPED | {"seen": "old"})
    form = text.split("<details", 1)[1]
    assert "MOVED" in form and "SAID" not in form and 'name="seen" value="new"' in form
    assert 'name="reason" value="old"' in form and ">was</textarea>" in form and 'value="a" selected>' in form and 'name="far" checked>' in form
    assert form.index('value="12"') < form.index('value="7"'), "the boxes that the page leaves empty have what was typed"
