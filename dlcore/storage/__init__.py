"""Files that appear whole or not at all, and safetensors, the format of weights."""

from dlcore.storage.safetensors import load_file as load_file, save_file as save_file
from dlcore.storage.whole import write_whole as write_whole
