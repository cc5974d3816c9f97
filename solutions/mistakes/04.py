# %% [markdown]
# Answers to the exercises of chapter 4: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="4.5" wrong="sums in float32, and the formula divides in floats" says="stay with int64"
def by_pieces(n, numbers):
    total = np.float32(0)
    for start in range(1, n + 1, 100_000):
        total += numbers(start, min(start + 100_000, n + 1)).sum(dtype=np.float32)
    return total

def by_formula(n):
    return n * (n + 1) / 2

# %% exercise="4.5" wrong="the last numbers are lost" says="the last piece ends at n"
def by_pieces(n, numbers):
    size = 100_000
    return sum(numbers(size * p, size * (p + 1)).sum() for p in range(n // size))

def by_formula(n):
    return n * (n - 1) // 2

# %% exercise="4.5" wrong="all pieces are kept and joined" says="let go of the piece"
def by_pieces(n, numbers):
    starts = range(1, n + 1, 500_000)
    return np.concatenate([numbers(k, min(k + 500_000, n + 1)) for k in starts]).sum()

def by_formula(n):
    return n * (n + 1) // 2

# %% exercise="4.5" wrong="one number after the other, out of arrays" says="takes single numbers out"
def by_pieces(n, numbers):
    total = 0
    for start in range(1, n + 1, 500_000):
        for k in numbers(start, min(start + 500_000, n + 1)):
            total += int(k)
    return total

def by_formula(n):
    return n * (n + 1) // 2

# %% exercise="4.5" wrong="pieces of two thousand" says="asks for tiny pieces"
def by_pieces(n, numbers):
    total = 0
    for start in range(1, n + 1, 2000):
        total += int(numbers(start, min(start + 2000, n + 1)).sum())
    return total

def by_formula(n):
    return n * (n + 1) // 2

# %% exercise="4.5" wrong="a plain loop, without the pieces" says="Ask for a whole piece"
def by_pieces(n, numbers):
    return sum(range(n + 1))

def by_formula(n):
    return n * (n + 1) // 2

# %% exercise="4.5" right="dots with ones, from the end, and the even half"
def by_pieces(n, numbers):
    total = 0
    while n > 0:
        piece = numbers(max(0, n - 300_000), n + 1)
        n -= len(piece)
        total = total + np.ones(len(piece), dtype=np.int64) @ piece
    return np.array(total)

def by_formula(n):
    return n // 2 * (n + 1) if n % 2 == 0 else (n + 1) // 2 * n

# %% exercise="4.6" wrong="the whole table of products" says="write out all products at once"
def matmul(A, B):
    return (A[..., :, :, None] * B[..., None, :, :]).sum(axis=-2)

# %% exercise="4.6" wrong="one matrix of the stack after the other" says="all matrices of the stack"
def matmul(A, B):
    front = A.shape[:-2]
    left, right = A.reshape(-1, *A.shape[-2:]), B.reshape(-1, *B.shape[-2:])
    out = []
    for a, b in zip(left, right):
        C = np.zeros((a.shape[0], b.shape[1]))
        for k in range(a.shape[1]):
            C = C + a[:, k:k + 1] * b[k:k + 1]
        out.append(C)
    return np.array(out).reshape(*front, *out[0].shape)

# %% exercise="4.6" wrong="three loops over numbers" says="One order can serve"
def matmul(A, B):
    C = np.zeros((*A.shape[:-1], B.shape[-1]))
    for place in np.ndindex(*C.shape):
        *front, i, j = place
        C[place] = (A[(*front, i)] * B[(*front, slice(None), j)]).sum()
    return C

# %% exercise="4.6" wrong="the axes are counted from the front" says="any number of axes"
def matmul(A, B):
    C = A[:, 0, None] * B[0]
    for k in range(1, A.shape[1]):
        C = C + A[:, k, None] * B[k]
    return C

# %% exercise="4.6" wrong="the result is added up inside A" says="do not change A or B"
def matmul(A, B):
    C = A[..., :, :1] * B[..., :1, :]
    for k in range(1, A.shape[-1]):
        A[..., :, k:k + 1] *= 1.0
        A[..., :, k - 1] = A[..., :, k]
        C += A[..., :, k:k + 1] * B[..., k:k + 1, :]
    return C

# %% exercise="4.6" right="a loop over the rows of the result, and a sum over k for each"
def matmul(A, B):
    rows = [(A[..., i, :, None] * B).sum(axis=-2) for i in range(A.shape[-2])]
    return np.stack(rows, axis=-2)

# %% exercise="4.6" right="columns of the result, filled in place"
def matmul(A, B):
    C = np.zeros((*A.shape[:-1], B.shape[-1]))
    for j in range(B.shape[-1]):
        C[..., j] = np.sum(A * np.swapaxes(B, -1, -2)[..., j:j + 1, :], axis=-1)
    return C

# %% exercise="4.7" wrong="each number once, as if the worktop held everything" says="each step carries two blocks"
def carried(n, k, m, b):
    return 8 * (n * k + k * m + n * m)

def intensity(n, k, m, b):
    return 2 * n * k * m / carried(n, k, m, b)

def largest_block(room):
    return int((room / 24) ** 0.5)

def needed_worktop(balance):
    return 24 * (8 * balance) ** 2

# %% exercise="4.7" wrong="the result is carried up and down at each step" says="result goes down once"
def carried(n, k, m, b):
    steps = (n // b) * (k // b) * (m // b)
    return 8 * steps * 4 * b * b

def intensity(n, k, m, b):
    return 2 * n * k * m / carried(n, k, m, b)

def largest_block(room):
    return int((room / 24) ** 0.5)

def needed_worktop(balance):
    return 24 * (16 * balance) ** 2

# %% exercise="4.7" wrong="an addition is not counted" says="k products and k additions"
def carried(n, k, m, b):
    return 8 * (2 * n * k * m // b + n * m)

def intensity(n, k, m, b):
    return n * k * m / carried(n, k, m, b)

def largest_block(room):
    return int((room / 24) ** 0.5)

def needed_worktop(balance):
    return 24 * (16 * balance) ** 2

# %% exercise="4.7" wrong="one block on the worktop in place of three, and numbers of four bytes" says="Three blocks of b² numbers of eight bytes"
def carried(n, k, m, b):
    return 8 * (2 * n * k * m // b + n * m)

def intensity(n, k, m, b):
    return 2 * n * k * m / carried(n, k, m, b)

def largest_block(room):
    return int((room / 8) ** 0.5)

def needed_worktop(balance):
    return 12 * (4 * balance) ** 2

# %% exercise="4.7" wrong="the number of steps is taken from squares" says="each with k/b steps"
def carried(n, k, m, b):
    return 8 * (2 * n**3 // b + n * n)

def intensity(n, k, m, b):
    return 2 * n**3 / carried(n, k, m, b)

def largest_block(room):
    return round((room / 24) ** 0.5)

def needed_worktop(balance):
    return 24 * (8 * balance) ** 2

# %% exercise="4.7" right="the blocks counted one by one, floats, and the worktop by trying"
def carried(n, k, m, b):
    total = 0.0
    for i in range(0, n, b):
        for j in range(0, m, b):
            for _ in range(0, k, b):
                total += 2 * 8.0 * b * b
            total += 8.0 * b * b
    return total

def intensity(n, k, m, b):
    return 1 / (8 / b + 4 / k)

def largest_block(room):
    return np.floor(np.sqrt(room / 24))

def needed_worktop(balance):
    b = 1
    while b / 8 < balance:
        b += 1
    return float(3 * 8 * b * b)

# %% exercise="4.8" wrong="the mean of the runs" says="shortest is nearest to the truth"
def shortest(make, task, clock, times=5):
    total = 0
    for _ in range(times):
        batch = make()
        start = clock()
        task(batch)
        total += clock() - start
    return total / times

# %% exercise="4.8" wrong="one batch for all runs" says="make a new one for each run"
def shortest(make, task, clock, times=5):
    batch, runs = make(), []
    for _ in range(times):
        start = clock()
        task(batch)
        runs.append(clock() - start)
    return min(runs)

# %% exercise="4.8" wrong="the making is inside" says="with the making before both"
def shortest(make, task, clock, times=5):
    runs = []
    for _ in range(times):
        start = clock()
        task(make())
        runs.append(clock() - start)
    return min(runs)

# %% exercise="4.8" wrong="five seconds are taken off the mean, and one run goes before" says="not their mean"
def shortest(make, task, clock, times=5):
    task(make())
    start = clock()
    for _ in range(times):
        task(make())
    return (clock() - start) / times - 5

# %% exercise="4.8" wrong="a run to warm up that nobody asked for" says="no run beside them"
def shortest(make, task, clock, times=5):
    task(make())
    best = float("inf")
    for _ in range(times):
        batch = make()
        start = clock()
        task(batch)
        best = min(best, clock() - start)
    return best

# %% exercise="4.8" right="all batches made first, and the times sorted"
def shortest(make, task, clock, times=5):
    batches = [make() for _ in range(times)]
    marks = []
    for batch in batches:
        marks.append((-clock(), task(batch), clock()))
    return sorted(before + after for before, _, after in marks)[0]

# %% exercise="4.8" right="the making is timed and taken off, run by run"
def shortest(make, task, clock, times=5):
    best = None
    while times:
        stamps = [clock()]
        batch = make()
        stamps.append(clock())
        task(batch)
        stamps.append(clock())
        took = np.diff(stamps)[1]
        best = took if best is None else np.minimum(best, took)
        times -= 1
    return best

# %% exercise="4.9" wrong="four products in place of eight" says="the sum of two products"
def multiply(item):
    a, b = item
    return a @ b

def in_blocks(A, B, pool):
    h = len(A) // 2
    halves = slice(0, h), slice(h, None)
    items = [(A[i, j], B[i, j]) for i in halves for j in halves]
    blocks = pool.map(multiply, items)
    return np.block([blocks[:2], blocks[2:]])

# %% exercise="4.9" wrong="each worker adds into the array that it was sent" says="is lost"
def add_into(item):
    C, left, right = item
    for a, b in zip(left, right):
        C += a @ b

def in_blocks(A, B, pool):
    C, h = np.zeros_like(A), len(A) // 2
    halves = slice(0, h), slice(h, None)
    pool.map(add_into, [(C[i, j], (A[i, :h], A[i, h:]), (B[:h, j], B[h:, j]))
                        for i in halves for j in halves])
    return C

# %% exercise="4.9" wrong="both matrices are sent with each task" says="not both matrices whole"
def one_block(item):
    A, B, i, j = item
    h = len(A) // 2
    return A[i * h:(i + 1) * h] @ B[:, j * h:(j + 1) * h]

def in_blocks(A, B, pool):
    C = pool.map(one_block, [(A, B, i, j) for i in (0, 1) for j in (0, 1)])
    return np.block([[C[0], C[1]], [C[2], C[3]]])

# %% exercise="4.9" wrong="the blocks lie transposed" says="the row of blocks first"
def strip(item):
    return item[0] @ item[1]

def in_blocks(A, B, pool):
    h = len(A) // 2
    halves = slice(0, h), slice(h, None)
    C = pool.map(strip, [(A[i], B[:, j]) for j in halves for i in halves])
    return np.block([C[:2], C[2:]])

# %% exercise="4.9" wrong="eight tasks, added up at home" says="four items"
def multiply(item):
    return item[0] @ item[1]

def in_blocks(A, B, pool):
    h = len(A) // 2
    halves = slice(0, h), slice(h, None)
    P = pool.map(multiply, [(A[i, k], B[k, j])
                            for i in halves for j in halves for k in halves])
    return np.block([[P[0] + P[1], P[2] + P[3]], [P[4] + P[5], P[6] + P[7]]])

# %% exercise="4.9" wrong="a function that no worker can import" says="the sum of two products"
def in_blocks(A, B, pool):
    h = len(A) // 2
    halves = slice(0, h), slice(h, None)
    C = pool.map(lambda item: item[0] @ item[1], [(A[i], B[:, j]) for i in halves for j in halves])
    return np.block([C[:2], C[2:]])

# %% exercise="4.9" wrong="without the pool" says="four items"
def in_blocks(A, B, pool):
    return A @ B

# %% exercise="4.9" right="strips, in another order of the tasks, put into one array"
def strip_times_strip(item):
    rows, columns = item
    return np.dot(rows, columns)

def in_blocks(A, B, pool):
    h, C = A.shape[0] // 2, np.empty_like(A)
    top, low, west, east = A[:h], A[h:], B[:, :h], B[:, h:]
    found = pool.map(strip_times_strip, iter([(low, east), (top, west), (low, west), (top, east)]))
    C[h:, h:], C[:h, :h], C[h:, :h], C[:h, h:] = found
    return C

# %% exercise="4.10" wrong="tasks that can be cut at will" says="round 4 / p up"
def gain(n, p, P, beta, start):
    alone = 2 * n**3 / P
    return alone / (start + 40 * n**2 / beta + alone / p)

def pays_from(p, P, beta, start):
    n = 2
    while gain(n, p, P, beta, start) <= 1:
        n += 2
    return n

# %% exercise="4.10" wrong="the results come back for nothing" says="sends one back"
def gain(n, p, P, beta, start):
    alone = 2 * n**3 / P
    return alone / (start + 32 * n**2 / beta + -(-4 // p) * alone / 4)

def pays_from(p, P, beta, start):
    n = 2
    while gain(n, p, P, beta, start) <= 1:
        n += 2
    return n

# %% exercise="4.10" wrong="the time of the pool over that of one" says="start and messages come on top"
def gain(n, p, P, beta, start):
    alone = 2 * n**3 / P
    return (start + 40 * n**2 / beta + -(-4 // p) * alone / 4) / alone

def pays_from(p, P, beta, start):
    n = 2
    while gain(n, p, P, beta, start) >= 1:
        n += 2
    return n

# %% exercise="4.10" wrong="the start is forgotten" says="start and messages come on top"
def gain(n, p, P, beta, start):
    alone = 2 * n**3 / P
    return alone / (40 * n**2 / beta + -(-4 // p) * alone / 4)

def pays_from(p, P, beta, start):
    n = 2
    while gain(n, p, P, beta, start) <= 1:
        n += 2
    return n

# %% exercise="4.10" wrong="the last that does not pay" says="for the first time"
def gain(n, p, P, beta, start):
    alone = 2 * n**3 / P
    return alone / (start + 40 * n**2 / beta + -(-4 // p) * alone / 4)

def pays_from(p, P, beta, start):
    n = 2
    while gain(n + 2, p, P, beta, start) <= 1:
        n += 2
    return n

# %% exercise="4.10" right="all sizes at once in an array"
def gain(n, p, P, beta, start):
    h = np.asarray(n, dtype=float) / 2
    one_task = 4 * h**3 / P
    pool = start + 4 * 5 * 8 * h**2 / beta + np.ceil(4 / p) * one_task
    return 4 * one_task / pool

def pays_from(p, P, beta, start):
    n = np.arange(2, 20_002, 2)
    return n[(gain(n, p, P, beta, start) > 1).argmax()]

# %% exercise="4.12" wrong="three loops as they come" says="for i, for k, for j"
def steps():
    return product(range(32), repeat=3)

# %% exercise="4.12" wrong="ikj is over the limit of the blocks" says="four pieces of 8"
def steps():
    for i, k, j in product(range(32), repeat=3):
        yield i, j, k

# %% exercise="4.12" wrong="blocks of 8: short of the last points" says="blocks need not be alike"
def steps():
    for i0, k0, j0 in product(range(0, 32, 8), repeat=3):
        for i, k, j in product(range(8), repeat=3):
            yield i0 + i, j0 + j, k0 + k

# %% exercise="4.12" wrong="8 by 16 stay: short of the last points" says="to and fro"
def steps():
    for j0, k0 in product((0, 16), (0, 8, 16, 24)):
        for i, k, j in product(range(32), range(8), range(16)):
            yield i, j0 + j, k0 + k

# %% exercise="4.12" wrong="only one block, over and over" says="Each triple once"
def steps():
    return [triple for triple in product(range(8), repeat=3) for _ in range(64)]

# %% exercise="4.12" wrong="too much stays" says="First pass the checks above"
def steps():
    for j0, k0 in product((0, 16), (0, 14, 28)):
        for i in range(32):
            for k in range(k0, min(k0 + 14, 32)):
                for j in range(j0, j0 + 16):
                    yield i, j, k

# %% exercise="4.12" right="24 rows of B by 8 columns stay, then the rest, as a list"
def steps():
    found = []
    for j0 in range(0, 32, 8):
        for i in range(32):
            found += [(i, j0 + j, k) for k in range(24) for j in range(8)]
    for columns in (range(24), range(24, 32)):
        for i in range(32):
            found += [(i, j, k) for k in range(24, 32) for j in columns]
    return found

# %% exercise="4.13" wrong="a loop over the stack" says="no loop"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        if x.ndim == 3 and y.ndim == 3:
            return np.array([a @ b for a, b in zip(x, y)])
        return x @ y

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        return back_to(grad_out @ y.swapaxes(-1, -2), x), back_to(x.swapaxes(-1, -2) @ grad_out, y)

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

def back_to(share, operand):
    while share.ndim > operand.ndim:
        share = share.sum(axis=0)
    for i in range(operand.ndim - 2):
        if operand.shape[i] == 1:
            share = share.sum(axis=i, keepdims=True)
    return share

# %% exercise="4.13" wrong="shares of one weight are laid out as a stack" says="adds up as it goes"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return np.matmul(x, y)

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        return back_to(grad_out @ y.swapaxes(-1, -2), x), back_to(x.swapaxes(-1, -2) @ grad_out, y)

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

def back_to(share, operand):
    while share.ndim > operand.ndim:
        share = share.sum(axis=0)
    for i in range(operand.ndim - 2):
        if operand.shape[i] == 1:
            share = share.sum(axis=i, keepdims=True)
    return share

# %% exercise="4.13" wrong="all axes are turned round" says=".T would turn all axes round"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        return grad_out @ y.T, x.T @ grad_out

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="4.13" wrong="broadcasting is not undone" says="gets the sum of their shares"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        return grad_out @ y.swapaxes(-1, -2), x.swapaxes(-1, -2) @ grad_out

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="4.13" wrong="the mean of the shares in place of their sum" says="gets the sum of their shares"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        grad_x, grad_y = grad_out @ y.swapaxes(-1, -2), x.swapaxes(-1, -2) @ grad_out
        return back_to(grad_x, x), back_to(grad_y, y)

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

def back_to(share, operand):
    share = share.mean(axis=tuple(range(share.ndim - operand.ndim)))
    again = tuple(i for i, n in enumerate(operand.shape[:-2]) if n == 1)
    return share.mean(axis=again, keepdims=True)

# %% exercise="4.13" wrong="the shares are exchanged" says="The share of x is grad_out times y transposed"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        grad_x, grad_y = grad_out @ y.swapaxes(-1, -2), x.swapaxes(-1, -2) @ grad_out
        return grad_y, grad_x

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

# %% exercise="4.13" right="einsum all the way, which adds up as it goes"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x, y)
        return np.einsum("...nk,...km->...nm", x, y)

    @staticmethod
    def backward(ctx, grad_out):
        x, y = ctx.saved
        if y.ndim == 2:
            grad_y = np.tensordot(x, grad_out, [[*range(x.ndim - 1)]] * 2)
        else:
            grad_y = summed(np.einsum("...nk,...nm->...km", x, grad_out), y)
        return summed(np.einsum("...nm,...km->...nk", grad_out, y), x), grad_y

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

def summed(share, operand):
    front = (1,) * (share.ndim - operand.ndim) + operand.shape[:-2]
    for axis, length in enumerate(front):
        if length == 1:
            share = share.sum(axis=axis, keepdims=True)
    return share.reshape(operand.shape)

# %% exercise="4.13" right="transposed copies kept on the way there"
class MatMul(dl.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save(x.shape, y.shape, np.swapaxes(x, -1, -2), np.swapaxes(y, -1, -2))
        return np.matmul(x, y)

    @staticmethod
    def backward(ctx, grad_out):
        x_shape, y_shape, x_turned, y_turned = ctx.saved
        grad_x = np.matmul(grad_out, y_turned)
        if len(y_shape) == 2:
            long = np.swapaxes(x_turned, -1, -2).reshape(-1, x_shape[-1])
            grad_y = long.T @ grad_out.reshape(-1, y_shape[-1])
        else:
            grad_y = np.matmul(x_turned, grad_out)
        return fitted(grad_x, x_shape), fitted(grad_y, y_shape)

    @staticmethod
    def jvp(ctx, dx, dy):
        raise NotImplementedError("forward mode is not asked for")

def fitted(share, shape):
    extra = share.ndim - len(shape)
    axes = [i for i in range(share.ndim - 2) if i < extra or shape[i - extra] == 1]
    return np.sum(share, axis=tuple(axes)).reshape(shape)
