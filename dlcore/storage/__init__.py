"""Files that appear whole or not at all, and safetensors, the format of weights."""

from dlcore.storage.safetensors import load_file, save_file
from dlcore.storage.whole import write_whole

__all__ = ["load_file", "save_file", "write_whole"]
