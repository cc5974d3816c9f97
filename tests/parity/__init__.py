"""dlcore against PyTorch's own test samples."""
