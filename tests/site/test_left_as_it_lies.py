"""What says the same already is not written again: mirrors and readers keep what they have."""

from kalata.transparency.site.writing import put


def test_a_file_of_the_same_words_is_left_as_it_lies_and_its_digest_is_told(tmp_path):
    first, second = {}, {}
    put(tmp_path, "d/a.csv", b"one", first)
    before = (tmp_path / "d/a.csv").stat()
    put(tmp_path, "d/a.csv", b"one", second)
    assert (tmp_path / "d/a.csv").stat().st_ino == before.st_ino and second == first
    put(tmp_path, "d/a.csv", b"two", second)
    assert (tmp_path / "d/a.csv").read_bytes() == b"two" and second != first


def test_a_link_planted_in_the_folder_is_never_left_there(tmp_path):
    """It says the same today: whoever planted it changes it tomorrow."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"one")
    (tmp_path / "a").symlink_to(elsewhere)
    put(tmp_path, "a", b"one", {})
    assert not (tmp_path / "a").is_symlink() and (tmp_path / "a").read_bytes() == b"one"
