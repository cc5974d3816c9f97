# %% [markdown]
# Answers to the exercises of chapter 17: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="17.1" wrong="truth and forger are exchanged" says="how many are real"
answer_17_1 = 0.875

# %% exercise="17.1" wrong="the ratio" says="not the ratio"
answer_17_1 = 1 / 7

# %% exercise="17.1" wrong="the score" says="not its logarithm"
answer_17_1 = -1.946

# %% exercise="17.1" right="a fraction"
answer_17_1 = 2 / 16

# %% exercise="17.2" wrong="the textbook's words are believed" says="pleases a forger"
answer_17_2 = {"wish": "A", "name": "A", "large": "B", "end": "A", "voice": "A", "toy": "A"}

# %% exercise="17.2" wrong="equilibrium is taken for a victory" says="what is left to the expert"
answer_17_2 = {"wish": "C", "name": "B", "large": "A", "end": "B", "voice": "B", "toy": "C"}

# %% exercise="17.2" wrong="large in size is taken for large" says="What sign"
answer_17_2 = {"wish": "C", "name": "B", "large": "D", "end": "D", "voice": "B", "toy": "C"}

# %% exercise="17.2" right="small letters and blanks, in another order"
answer_17_2 = {"toy": "c ", "voice": "b", "end": " d", "large": "a", "name": "b", "wish": "c"}

# %% exercise="17.3" wrong="1.26 is thought to be high" says="better or worse"
answer_17_3 = {"start": "A", "later": "D", "lowest": "A"}

# %% exercise="17.3" wrong="an expert that cannot tell is taken for good forgeries" says="quite different pairs"
answer_17_3 = {"start": "B", "later": "A", "lowest": "A"}

# %% exercise="17.3" wrong="twice the divergence" says="Solve for the divergence"
answer_17_3 = {"start": "B", "later": "D", "lowest": "B"}

# %% exercise="17.3" right="small letters and blanks"
answer_17_3 = {"lowest": " a", "later": "d ", "start": "b"}

# %% exercise="17.4" wrong="each coordinate for itself: a square in place of a circle" says="root of the sum"
def near(points, centres, std, sigmas):
    apart = np.abs(points[:, None] - centres).max(axis=2)
    nearest, close = apart.argmin(axis=1), apart.min(axis=1) <= sigmas * std
    return [int((close & (nearest == k)).sum()) for k in range(len(centres))]

# %% exercise="17.4" wrong="one standard deviation less, or the variance" says="3 times 0.5"
def near(points, centres, std, sigmas):
    apart = np.linalg.norm(points[:, None] - centres, axis=2)
    nearest, close = apart.argmin(axis=1), apart.min(axis=1) <= sigmas * std**2
    return [int((close & (nearest == k)).sum()) for k in range(len(centres))]

# %% exercise="17.4" wrong="a point counts for every centre within reach" says="once at most"
def near(points, centres, std, sigmas):
    apart = np.linalg.norm(points[:, None] - centres, axis=2)
    return (apart <= sigmas * std).sum(axis=0).tolist()

# %% exercise="17.4" wrong="only across" says="or only across"
def near(points, centres, std, sigmas):
    apart = np.abs(points[:, None, 0] - centres[:, 0])
    nearest, close = apart.argmin(axis=1), apart.min(axis=1) <= sigmas * std
    return [int((close & (nearest == k)).sum()) for k in range(len(centres))]

# %% exercise="17.4" wrong="the points of each centre, near or not" says="at most 3 times"
def near(points, centres, std, sigmas):
    apart = np.linalg.norm(points[:, None] - centres, axis=2)
    return np.bincount(apart.argmin(axis=1), minlength=len(centres)).tolist()

# %% exercise="17.4" right="loops, and an array of floats"
def near(points, centres, std, sigmas):
    counts = np.zeros(len(centres))
    for x, y in points.tolist():
        squares = [(x - a) ** 2 + (y - b) ** 2 for a, b in centres.tolist()]
        k = squares.index(min(squares))
        if squares[k] <= (sigmas * std) ** 2:
            counts[k] += 1
    return counts

# %% exercise="17.4" right="by the book's own measure"
def near(points, centres, std, sigmas):
    shares = metrics.mode_coverage(points, centres, std, sigmas=sigmas).shares
    return np.round(shares * len(points)).astype(int)

# %% exercise="17.5" wrong="paired as they are listed" says="in order first"
answer_17_5 = 4

# %% exercise="17.5" wrong="the sum of the ways" says="mean of the ways"
answer_17_5 = 6

# %% exercise="17.5" wrong="the distance of the means" says="Which number is moved"
answer_17_5 = 0.5

# %% exercise="17.5" right="computed"
answer_17_5 = metrics.wasserstein_distance([5, 0, 6, 1], [3, 8, 1, 2])

# %% exercise="17.6" wrong="the slopes are exchanged" says="one of the two factors cancels"
def forger_losses(s):
    D = (1 + np.tanh(s / 2)) / 2
    return -np.logaddexp(0, s), D - 1, np.logaddexp(0, -s), -D

# %% exercise="17.6" wrong="the slope by D, not by the score" says="chain rule"
def forger_losses(s):
    D = (1 + np.tanh(s / 2)) / 2
    return -np.logaddexp(0, s), -1 / (1 - D), np.logaddexp(0, -s), -1 / D

# %% exercise="17.6" wrong="the minimax loss with the sign of the expert's" says="is negative"
def forger_losses(s):
    D = (1 + np.tanh(s / 2)) / 2
    return np.logaddexp(0, s), D, np.logaddexp(0, -s), D - 1

# %% exercise="17.6" wrong="right on paper, and infinite for large scores" says="does not overflow"
def forger_losses(s):
    D = (1 + np.tanh(s / 2)) / 2
    return np.log(1 - D), -D, -np.log(D), D - 1

# %% exercise="17.6" wrong="the expert's other term: -log(1 - D)" says="-log D"
def forger_losses(s):
    D = (1 + np.tanh(s / 2)) / 2
    return -np.logaddexp(0, s), -D, np.logaddexp(0, s), D

# %% exercise="17.6" right="point by point, with lists"
def forger_losses(s):
    rows = []
    for value in s:
        tail = np.log1p(np.exp(-abs(value)))
        up, down = max(value, 0.0) + tail, max(-value, 0.0) + tail
        rows.append((-up, -np.exp(-down), down, -np.exp(-up)))
    return [list(column) for column in zip(*rows)]

# %% exercise="17.7" wrong="the minimax loss is turned, so that the forger runs away" says="log(1 - sigmoid(s)) is -softplus(s)"
def minimax(score):
    return F.softplus(score).mean()

def non_saturating(score):
    return F.softplus(-score).mean()

def cured(expert, real, fake, rng):
    score = expert(real)
    told_real = 0.9 * F.softplus(-score) + 0.1 * F.softplus(score)
    return told_real.mean() + F.softplus(expert(fake)).mean()

# %% exercise="17.7" wrong="the two losses are exchanged" says="If both arrive"
def minimax(score):
    return F.softplus(-score).mean()

def non_saturating(score):
    return -F.softplus(score).mean()

def cured(expert, real, fake, rng):
    score = expert(real)
    told_real = 0.9 * F.softplus(-score) + 0.1 * F.softplus(score)
    return told_real.mean() + F.softplus(expert(fake)).mean()

# %% exercise="17.7" wrong="written as on paper: infinite for large scores" says="stands large scores"
def minimax(score):
    return (1 - score.sigmoid()).log().mean()

def non_saturating(score):
    return -score.sigmoid().log().mean()

def cured(expert, real, fake, rng):
    score = expert(real)
    told_real = 0.9 * F.softplus(-score) + 0.1 * F.softplus(score)
    return told_real.mean() + F.softplus(expert(fake)).mean()

# %% exercise="17.7" wrong="smoothed labels are exchanged: real is called forged" says="does the loss fall when the expert is right"
def minimax(score):
    return -F.softplus(score).mean()

def non_saturating(score):
    return F.softplus(-score).mean()

def cured(expert, real, fake, rng):
    score = expert(real)
    told_real = 0.1 * F.softplus(-score) + 0.9 * F.softplus(score)
    return told_real.mean() + F.softplus(-expert(fake)).mean()

# %% exercise="17.7" wrong="no cure: the plain loss" says="Smoothed labels"
def minimax(score):
    return -F.softplus(score).mean()

def non_saturating(score):
    return F.softplus(-score).mean()

def cured(expert, real, fake, rng):
    return plain(expert, real, fake, rng)

# %% exercise="17.7" right="noise on all that the expert sees, and losses by hand"
def minimax(score):
    return -((-score.abs()).exp() + 1).log().mean() - score.relu().mean()

def non_saturating(score):
    return ((-score.abs()).exp() + 1).log().mean() + (-score).relu().mean()

def cured(expert, real, fake, rng):
    def blurred(points):
        noise = 0.2 * rng.normal(size=points.shape)
        return points + dl.tensor(noise.astype(np.float32))

    return plain(expert, blurred(real), blurred(fake), rng)

# %% exercise="17.7" right="a penalty on the slopes between real and forged points"
def minimax(score):
    return -F.softplus(score).mean()

def non_saturating(score):
    return F.softplus(-score).mean()

def cured(expert, real, fake, rng):
    share = rng.random((len(real), 1)).astype(np.float32)
    between = dl.tensor(share * real.data + (1 - share) * fake.data, requires_grad=True)
    (slope,) = dl.grad(expert(between).sum(), between, create_graph=True)
    length = ((slope * slope).sum(dim=1) + 1e-12).sqrt()
    return plain(expert, real, fake, rng) + 0.1 * ((length - 1) ** 2).mean()

# %% exercise="17.8" wrong="the first and the second are exchanged" says="drawn from the first"
def kl(m1, s1, m2, s2):
    return np.log(s1 / s2) + (s2**2 + (m1 - m2) ** 2) / (2 * s1**2) - 0.5

# %% exercise="17.8" wrong="the means are forgotten" says="s1² + (m1 - m2)²"
def kl(m1, s1, m2, s2):
    return np.log(s2 / s1) + s1**2 / (2 * s2**2) - 0.5

# %% exercise="17.8" wrong="the logarithm of the variances" says="not of variances"
def kl(m1, s1, m2, s2):
    return np.log(s2**2 / s1**2) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5

# %% exercise="17.8" wrong="standard deviations where variances belong" says="SECOND variance"
def kl(m1, s1, m2, s2):
    return np.log(s2 / s1) + (s1 + (m1 - m2) ** 2) / (2 * s2) - 0.5

# %% exercise="17.8" wrong="in bits" says="natural one"
def kl(m1, s1, m2, s2):
    return (np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5) / np.log(2)

# %% exercise="17.8" right="the chapter's form, after a change of the unit"
def kl(m1, s1, m2, s2):
    mean, ratio = (m1 - m2) / s2, (s1 / s2) ** 2
    return 0.5 * (mean**2 + ratio - 1 - np.log(ratio))

# %% exercise="17.9" wrong="only the noise is mended" says="are their divergences added"
def elbo(x, decode, mean, log_var, noise):
    z = mean + np.exp(0.5 * log_var) * noise
    missed = 0.5 * ((x - decode(z)) ** 2).sum(axis=1)
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).mean(axis=1)
    return -(missed + kl).mean()

# %% exercise="17.9" wrong="only the divergence is mended" says="what is multiplied by the noise"
def elbo(x, decode, mean, log_var, noise):
    z = mean + np.exp(log_var) * noise
    missed = 0.5 * ((x - decode(z)) ** 2).sum(axis=1)
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum(axis=1)
    return -(missed + kl).mean()

# %% exercise="17.9" wrong="both are averaged" says="summed over a point's numbers"
def elbo(x, decode, mean, log_var, noise):
    z = mean + np.exp(0.5 * log_var) * noise
    missed = 0.5 * ((x - decode(z)) ** 2).mean(axis=1)
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).mean(axis=1)
    return -(missed + kl).mean()

# %% exercise="17.9" wrong="the loss, not the bound" says="bound must touch"
def elbo(x, decode, mean, log_var, noise):
    z = mean + np.exp(0.5 * log_var) * noise
    missed = 0.5 * ((x - decode(z)) ** 2).sum(axis=1)
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum(axis=1)
    return (missed + kl).mean()

# %% exercise="17.9" wrong="summed over the points" says="averaged over the points"
def elbo(x, decode, mean, log_var, noise):
    z = mean + np.exp(0.5 * log_var) * noise
    missed = 0.5 * ((x - decode(z)) ** 2).sum()
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum()
    return -(missed + kl)

# %% exercise="17.9" right="the divergence by the variances, sums divided at the end"
def elbo(x, decode, mean, log_var, noise):
    variance = np.exp(log_var)
    missed = np.square(x - decode(mean + variance**0.5 * noise)).sum()
    kl = (mean * mean + variance - np.log(variance)).sum() - mean.size
    return float(-(missed + kl) / (2 * len(x)))

# %% exercise="17.10" wrong="samples are compared with the fresh points" says="samples are compared with training points"
def remembered(samples, train, fresh):
    def to_nearest(points, others):
        return np.array([np.linalg.norm(others - point, axis=1).min() for point in points])

    return (to_nearest(samples, fresh) < np.quantile(to_nearest(fresh, train), 0.05)).mean()

# %% exercise="17.10" wrong="the limit comes from the samples themselves" says="comes from the FRESH points"
def remembered(samples, train, fresh):
    found = np.array([np.linalg.norm(train - point, axis=1).min() for point in samples])
    return (found < np.quantile(found, 0.05)).mean()

# %% exercise="17.10" wrong="farther, not nearer" says="smallest distance counts"
def remembered(samples, train, fresh):
    def to_nearest(points):
        return np.array([np.linalg.norm(train - point, axis=1).min() for point in points])

    return (to_nearest(samples) > np.quantile(to_nearest(fresh), 0.05)).mean()

# %% exercise="17.10" wrong="the nearest coordinate counts" says="over all numbers"
def remembered(samples, train, fresh):
    def to_nearest(points):
        return np.array([np.abs(train - point).min() for point in points])

    return (to_nearest(samples) < np.quantile(to_nearest(fresh), 0.05)).mean()

# %% exercise="17.10" wrong="the mean distance, not the smallest" says="smallest distance counts"
def remembered(samples, train, fresh):
    def to_all(points):
        return np.array([np.linalg.norm(train - point, axis=1).mean() for point in points])

    return (to_all(samples) < np.quantile(to_all(fresh), 0.05)).mean()

# %% exercise="17.10" right="all distances at once, squared, and a count"
def remembered(samples, train, fresh):
    def square(points):
        return ((points[:, None].astype(float) - train) ** 2).sum(axis=2).min(axis=1)

    limit = np.quantile(np.sqrt(square(fresh)), 0.05) ** 2
    return int(np.count_nonzero(square(samples) < limit)) / len(samples)

# %% exercise="17.12" wrong="the plain game at Adam's usual settings" says="the expert knows too early"
def teach(forger, batches, rng):
    expert = models.MLP([2, 64, 64, 1], lambda: nn.LeakyReLU(0.2), rng=rng)
    pair = [optim.Adam(net.parameters(), lr=0.001) for net in (forger, expert)]
    for x in batches:
        pair[1].zero_grad()
        told_fake = F.softplus(expert(dl.tensor(drawn(forger, 128, rng)))).mean()
        (F.softplus(-expert(dl.tensor(x))).mean() + told_fake).backward()
        pair[1].step()
        pair[0].zero_grad()
        F.softplus(-expert(forger(noise_for(128, rng)))).mean().backward()
        pair[0].step()

# %% exercise="17.12" wrong="each point learns to be near some point of the batch, without a second look" says="sort the projections"
def teach(forger, batches, rng):
    optimizer = optim.Adam(forger.parameters(), lr=0.005)
    for x in batches:
        optimizer.zero_grad()
        ((forger(noise_for(128, rng)) - dl.tensor(x)) ** 2).mean().backward()
        optimizer.step()

# %% exercise="17.12" wrong="sorted projections, which leave too many points between" says="leaves many points between the modes"
def teach(forger, batches, rng):
    optimizer = optim.Adam(forger.parameters(), lr=0.003)
    for x in batches:
        ways = rng.normal(size=(2, 32)).astype(np.float32)
        ways /= np.linalg.norm(ways, axis=0)
        seen = forger(noise_for(128, rng)) @ dl.tensor(ways)
        ordered = seen[seen.data.argsort(axis=0), np.arange(32)]
        optimizer.zero_grad()
        ((ordered - dl.tensor(np.sort(x @ ways, axis=0))) ** 2).mean().backward()
        optimizer.step()

# %% exercise="17.12" right="cross-entropy with targets, and one function for both turns"
def teach(forger, batches, rng):
    expert = models.MLP([2, 64, 64, 1], lambda: nn.LeakyReLU(0.2), rng=rng)
    of_forger = optim.Adam(forger.parameters(), lr=0.005, betas=(0.5, 0.9))
    of_expert = optim.Adam(expert.parameters(), lr=0.005, betas=(0.5, 0.9))

    def called(points, target, blur):
        noise = dl.tensor((blur * rng.normal(size=(128, 2))).astype(np.float32))
        score = expert(points + noise)
        return F.binary_cross_entropy_with_logits(score, F.full(score.shape, target))

    for step, x in enumerate(batches):
        left = 1 - step / 1000
        blur = 0.5 * max(0.0, 2 * left - 1)
        for optimizer in (of_forger, of_expert):
            optimizer.param_groups[0]["lr"] = 0.005 * left
        of_expert.zero_grad()
        told = called(dl.tensor(drawn(forger, 128, rng)), 0.0, blur)
        (told + called(dl.tensor(x), 1.0, blur)).backward()
        of_expert.step()
        of_forger.zero_grad()
        called(forger(noise_for(128, rng)), 1.0, blur).backward()
        of_forger.step()

# %% exercise="17.13" wrong="the product of the shares that are added" says="not of the shares beta"
class NoiseSchedule:
    def __init__(self, steps):
        self.kept = np.cumprod(np.linspace(0.1, 20.0, steps) / steps)

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        fresh = (1 - before) / (1 - kept) * (1 - kept / before)
        again = np.sqrt(1 - before - fresh) * told
        return np.sqrt(before) * clean + again + np.sqrt(fresh) * rng.normal(size=x.shape)

# %% exercise="17.13" wrong="the roots are forgotten" says="a share of the VARIANCE"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return kept * x + (1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        fresh = (1 - before) / (1 - kept) * (1 - kept / before)
        again = np.sqrt(1 - before - fresh) * told
        return np.sqrt(before) * clean + again + np.sqrt(fresh) * rng.normal(size=x.shape)

# %% exercise="17.13" wrong="point and noise are exchanged" says="its root multiplies the point"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(1 - kept) * x + np.sqrt(kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        fresh = (1 - before) / (1 - kept) * (1 - kept / before)
        again = np.sqrt(1 - before - fresh) * told
        return np.sqrt(before) * clean + again + np.sqrt(fresh) * rng.normal(size=x.shape)

# %% exercise="17.13" wrong="nothing is put back, neither old noise nor new" says="put noise back until"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        return np.sqrt(before) * clean if t else 2 * clean

# %% exercise="17.13" wrong="the published formula, and its noise is left out" says="too little noise is put back"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        alpha = self.kept[t] / (self.kept[t - 1] if t else 1.0)
        return (x - (1 - alpha) / np.sqrt(1 - self.kept[t]) * told) / np.sqrt(alpha)

# %% exercise="17.13" wrong="fresh noise comes on top of all that was told" says="must have the variance 1 - before together"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        fresh = (1 - before) / (1 - kept) * (1 - kept / before)
        again = np.sqrt(1 - before) * told
        return np.sqrt(before) * clean + again + np.sqrt(fresh) * rng.normal(size=x.shape)

# %% exercise="17.13" wrong="before time 0 comes the last time" says="would be the LAST time"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1]
        clean = (x - np.sqrt(1 - kept) * told) / np.sqrt(kept)
        return np.sqrt(before) * clean + np.sqrt(1 - before) * told

# %% exercise="17.13" wrong="the clean point by the share kept one step earlier" says="kept NOW"
class NoiseSchedule:
    def __init__(self, steps):
        time = np.arange(1, steps + 1) / (steps + 1)
        self.kept = np.cos(np.pi / 2 * time) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        clean = (x - np.sqrt(1 - before) * told) / np.sqrt(before)
        return np.sqrt(before) * clean + np.sqrt(1 - before) * told

# %% exercise="17.13" right="a way back without new noise, over the finished point"
class NoiseSchedule:
    def __init__(self, steps):
        self.kept = np.cos(np.pi / 2 * np.arange(1, steps + 1) / (steps + 1)) ** 2

    def add(self, x, t, noise):
        kept = self.kept[t][:, None]
        return np.sqrt(kept) * x + np.sqrt(1 - kept) * noise

    def remove(self, x, t, told, rng):
        kept, before = self.kept[t], self.kept[t - 1] if t else 1.0
        finished = (x - (1 - kept) ** 0.5 * told) / kept**0.5
        return before**0.5 * finished + (1 - before) ** 0.5 * told

# %% exercise="17.13" right="lists, a straight line, and the mean of finished and noisy point"
class NoiseSchedule:
    def __init__(self, steps):
        self.kept = np.array([1 - (t + 0.5) / steps for t in range(steps)])

    def add(self, x, t, noise):
        rows = [self.kept[time] ** 0.5 * row + (1 - self.kept[time]) ** 0.5 * more
                for row, time, more in zip(x, t, noise)]
        return np.array(rows)

    def remove(self, x, t, told, rng):
        if t == 0:
            return (x - (1 - self.kept[0]) ** 0.5 * told) / self.kept[0] ** 0.5
        kept, before = self.kept[t], self.kept[t - 1]
        beta = 1 - kept / before
        finished = (x - (1 - kept) ** 0.5 * told) / kept**0.5
        mean = (before**0.5 * beta * finished + (1 - beta) ** 0.5 * (1 - before) * x) / (1 - kept)
        return mean + (beta * (1 - before) / (1 - kept)) ** 0.5 * rng.standard_normal(x.shape)
