"""Settings of the whole test suite."""

from hypothesis import settings

# The same examples in every run: a failure on a pull request is then due to the pull request. To
# look for new ones: pytest --hypothesis-profile=explore
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("default")
