import pytest

pytest.register_assert_rewrite("tests.grade.mistakes")  # whoever is the first to import it
