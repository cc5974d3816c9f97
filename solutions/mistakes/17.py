# %% [markdown]
# Answers to the exercises of chapter 17: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="17.3" wrong="the slopes are not divided by the width" says="divide by the width"
def mean_backward(grad_out, n, width):
    grad_x = np.zeros(n)
    for t, g in enumerate(grad_out):
        grad_x[t:t + width] += g
    return grad_x

# %% exercise="17.3" wrong="each slope goes to the first reading of its window only" says="all of them"
def mean_backward(grad_out, n, width):
    grad_x = np.zeros(n)
    grad_x[:len(grad_out)] = np.array(grad_out) / width
    return grad_x

# %% exercise="17.3" right="a convolution"
def mean_backward(grad_out, n, width):
    return np.convolve(grad_out, np.ones(width) / width)[:n]

# %% exercise="17.4" wrong="the first reading of the window, not the middle one" says="in its middle"
def centred(x, width):
    return x[:len(x) - width + 1] - fast_mean(x, width)

# %% exercise="17.4" wrong="the reading is taken from the mean" says="from the reading"
def centred(x, width):
    reach = width // 2
    return fast_mean(x, width) - x[reach:len(x) - reach]

# %% exercise="17.4" right="a loop over the middles, and a list"
def centred(x, width):
    reach = width // 2
    return [x[t] - np.mean(x[t - reach:t + reach + 1]) for t in range(reach, len(x) - reach)]

# %% exercise="17.6" wrong="the weights are turned round" says="oldest reading"
class Smooth(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(np.full(width, 1 / width, dtype=np.float32))

    def forward(self, x):
        width = self.weight.shape[0]
        last = x.shape[0] - width + 1
        return sum(self.weight[width - 1 - i] * x[i:i + last] for i in range(width))

# %% exercise="17.6" wrong="the weights are plain numbers, which nothing trains" says="one over the width"
class Smooth(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = dl.tensor(np.full(width, 1 / width, dtype=np.float32))

    def forward(self, x):
        width = self.weight.shape[0]
        last = x.shape[0] - width + 1
        return sum(self.weight[i] * x[i:i + last] for i in range(width))

# %% exercise="17.6" right="windows stacked as the columns of a matrix"
class Smooth(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.weight = nn.Parameter(np.ones(width, dtype=np.float32) / width)

    def forward(self, x):
        last = x.shape[0] - self.width + 1
        return dl.stack([x[i:i + last] for i in range(self.width)], 1) @ self.weight
