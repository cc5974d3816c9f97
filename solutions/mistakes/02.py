# %% [markdown]
# Answers to the exercises of chapter 2: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="2.1" wrong="versions compared as texts" says="not letters"
def new_enough(version, least):
    return version >= least

def fives(n):
    return np.arange(5, 5 * n + 1, 5, dtype=np.int16)

def slope(f, x):
    at = dl.tensor(float(x), requires_grad=True)
    f(at).backward()
    return at.grad.item()

# %% exercise="2.1" wrong="lists of different lengths, in which 2.4 is older than 2.4.0" says="noughts"
def new_enough(version, least):
    return [int(p) for p in version.split(".")] >= [int(p) for p in least.split(".")]

def fives(n):
    return np.arange(5, 5 * n + 1, 5, dtype=np.int16)

def slope(f, x):
    at = dl.tensor(float(x), requires_grad=True)
    f(at).backward()
    return at.grad.item()

# %% exercise="2.1" wrong="the multiples begin at 0 and have the default dtype" says="the first is 5"
def new_enough(version, least):
    mine, asked = ([int(p) for p in text.split(".")] + [0] * 9 for text in (version, least))
    return mine[:9] >= asked[:9]

def fives(n):
    return 5 * np.arange(n)

def slope(f, x):
    at = dl.tensor(float(x), requires_grad=True)
    f(at).backward()
    return at.grad.item()

# %% exercise="2.1" wrong="a difference quotient on plain numbers" says="make a Tensor"
def new_enough(version, least):
    mine, asked = ([int(p) for p in text.split(".")] + [0] * 9 for text in (version, least))
    return mine[:9] >= asked[:9]

def fives(n):
    return np.arange(5, 5 * n + 1, 5, dtype=np.int16)

def slope(f, x):
    return (f(x + 1e-4) - f(x - 1e-4)) / 2e-4

# %% exercise="2.1" right="tuples without the noughts at their ends, a list turned into an array, dl.grad"
def new_enough(version, least):
    def places(text):
        found = [int(part) for part in text.split(".")]
        while found and found[-1] == 0:
            found.pop()
        return tuple(found)
    return not places(version) < places(least)

def fives(n):
    return np.array([5 * (i + 1) for i in range(n)], dtype="int16")

def slope(f, x):
    at = dl.tensor([float(x)], requires_grad=True)
    f(at).sum().backward()
    return at.grad.data[0]

# %% exercise="2.5" wrong="a name after case, which catches every number" says="catches every value"
def describe(number):
    zero = 0
    match number:
        case zero:
            return "zero"

def area(shape):
    match shape:
        case Circle(radius=r):
            return np.pi * r ** 2
        case Rectangle(width=w, height=h):
            return w * h
    raise TypeError("no shape")

# %% exercise="2.5" wrong="whole numbers only, as a float such as -0.25 is truncated to zero" says="with the number 0 itself"
def describe(number):
    match int(number):
        case 0:
            return "zero"
        case n if n > 0:
            return "positive"
        case _:
            return "negative"

def area(shape):
    match shape:
        case Circle(radius=r):
            return np.pi * r ** 2
        case Rectangle(width=w, height=h):
            return w * h
    raise TypeError("no shape")

# %% exercise="2.5" wrong="other shapes fall through" says="hands back None"
def describe(number):
    match number:
        case 0:
            return "zero"
        case _:
            return "positive" if number > 0 else "negative"

def area(shape):
    match shape:
        case Circle(radius=r):
            return np.pi * r ** 2
        case Rectangle(width=w, height=h):
            return w * h

# %% exercise="2.5" wrong="a shape is known by the fields that it has" says="though it may have a width"
def describe(number):
    match number:
        case 0:
            return "zero"
        case _:
            return "positive" if number > 0 else "negative"

def area(shape):
    if hasattr(shape, "radius"):
        return np.pi * shape.radius ** 2
    if hasattr(shape, "width"):
        return shape.width * shape.height
    raise TypeError("no shape")

# %% exercise="2.5" wrong="the type must be the very one, so a square has no area" says="derived from Circle"
def describe(number):
    match number:
        case 0:
            return "zero"
        case _:
            return "positive" if number > 0 else "negative"

def area(shape):
    if type(shape) is Circle:
        return np.pi * shape.radius ** 2
    if type(shape) is Rectangle:
        return shape.width * shape.height
    raise TypeError("no shape")

# %% exercise="2.5" right="a table for the sign, and isinstance"
def describe(number):
    return {0: "zero", 1: "positive", -1: "negative"}[int(np.sign(number))]

def area(shape):
    if not isinstance(shape, (Circle, Rectangle)):
        raise TypeError("a circle or a rectangle, please")
    if isinstance(shape, Circle):
        return shape.radius * shape.radius * 3.141592653589793
    return shape.height * shape.width

# %% exercise="2.6" wrong="a list of all squares" says="all squares at once"
def squares(numbers):
    return [number * number for number in numbers]

def largest(numbers):
    return max(numbers, default=None)

# %% exercise="2.6" wrong="an iterator over a list that took everything beforehand" says="all squares at once"
def squares(numbers):
    return iter([number * number for number in numbers])

def largest(numbers):
    return max(numbers, default=None)

# %% exercise="2.6" wrong="the list that came is squared" says="stay as it is"
def squares(numbers):
    for place, number in enumerate(numbers):
        try:
            numbers[place] = number ** 2
        except TypeError:
            pass
        yield number ** 2

def largest(numbers):
    return max(numbers, default=None)

# %% exercise="2.6" wrong="minus one stands for none" says="a start of 0 or -1"
def squares(numbers):
    return (number * number for number in numbers)

def largest(numbers):
    best = -1
    for number in numbers:
        if number > best:
            best = number
    return None if best == -1 else best

# %% exercise="2.6" wrong="an iterator is asked whether it is empty" says="has no length"
def squares(numbers):
    return (number * number for number in numbers)

def largest(numbers):
    return max(numbers) if numbers else None

# %% exercise="2.6" wrong="nought counts as none" says="0 is a number like any other"
def squares(numbers):
    return (number * number for number in numbers)

def largest(numbers):
    return max(numbers, default=0) or None

# %% exercise="2.6" right="map, and a walk that remembers the best"
def squares(numbers):
    return map(lambda number: number ** 2, numbers)

def largest(numbers):
    best = None
    for number in numbers:
        best = number if best is None else max(best, number)
    return best

# %% exercise="2.7" wrong="the local name is bound anew" says="binds the local name"
def increment(counter):
    counter = counter + 1

def lend(counter):
    lent = counter.view()
    lent.setflags(write=False)
    return lent

def add(counter, text):
    try:
        number = int(text)
    except ValueError as error:
        raise CountError(text) from error
    counter += number

# %% exercise="2.7" wrong="the owner is closed, not the view" says="close that one"
def increment(counter):
    counter[0] += 1

def lend(counter):
    lent = counter.view()
    counter.setflags(write=False)
    return lent

def add(counter, text):
    try:
        number = int(text)
    except ValueError as error:
        raise CountError(text) from error
    counter += number

# %% exercise="2.7" wrong="a copy is lent, which does not follow" says="does not follow"
def increment(counter):
    counter[0] += 1

def lend(counter):
    lent = counter.copy()
    lent.setflags(write=False)
    return lent

def add(counter, text):
    try:
        number = int(text)
    except ValueError as error:
        raise CountError(text) from error
    counter += number

# %% exercise="2.7" wrong="the view is left open" says="close that one"
def increment(counter):
    counter[0] += 1

def lend(counter):
    return counter[:]

def add(counter, text):
    try:
        number = int(text)
    except ValueError as error:
        raise CountError(text) from error
    counter += number

# %% exercise="2.7" wrong="the try is too wide" says="keep the try narrow"
def increment(counter):
    counter += 1

def lend(counter):
    lent = counter.view()
    lent.setflags(write=False)
    return lent

def add(counter, text):
    try:
        counter += int(text)
    except ValueError as error:
        raise CountError(text) from error

# %% exercise="2.7" wrong="the cause is cut off" says="from error"
def increment(counter):
    counter += 1

def lend(counter):
    lent = counter.view()
    lent.setflags(write=False)
    return lent

def add(counter, text):
    try:
        number = int(text)
    except ValueError:
        raise CountError(text) from None
    counter += number

# %% exercise="2.7" right="a broadcast view is read-only by itself"
def increment(counter):
    np.add(counter, 1, out=counter)

def lend(counter):
    return np.broadcast_to(counter, counter.shape)

def add(counter, text):
    number = None
    try:
        number = int(text)
    except ValueError as reason:
        problem = CountError("no whole number")
        problem.__cause__ = reason
        raise problem
    counter[...] = counter + number

# %% exercise="2.8" wrong="n steps along each axis, where n - 1 lead to the last" says="n - 1"
def reach(shape, strides, itemsize):
    if 0 in shape:
        return 0, 0
    ways = [n * stride for n, stride in zip(shape, strides)]
    return sum(w for w in ways if w < 0), sum(w for w in ways if w > 0)

# %% exercise="2.8" wrong="all strides taken as positive" says="reaches back"
def reach(shape, strides, itemsize):
    if 0 in shape:
        return 0, 0
    return 0, sum((n - 1) * abs(s) for n, s in zip(shape, strides)) + itemsize

# %% exercise="2.8" wrong="the offset of the last element alone" says="each axis may choose"
def reach(shape, strides, itemsize):
    if 0 in shape:
        return 0, 0
    last = sum((n - 1) * s for n, s in zip(shape, strides))
    return min(0, last), max(0, last) + itemsize

# %% exercise="2.8" wrong="an array without elements is not foreseen" says="axis of length zero"
def reach(shape, strides, itemsize):
    ways = [(n - 1) * s for n, s in zip(shape, strides)]
    return sum(w for w in ways if w < 0), sum(w for w in ways if w > 0) + itemsize

# %% exercise="2.8" wrong="the number of bytes of the elements, as if the view had no gaps" says="negative stride"
def reach(shape, strides, itemsize):
    return 0, int(np.prod(shape)) * itemsize

# %% exercise="2.8" right="in NumPy, with clip"
def reach(shape, strides, itemsize):
    ways = (np.array(shape, dtype=int) - 1) * np.array(strides, dtype=int)
    if np.prod(shape) == 0:
        return np.zeros(2, dtype=int)
    return np.array([ways.clip(max=0).sum(), ways.clip(min=0).sum() + itemsize])

# %% exercise="2.9" wrong="the fault is left as it is" says="the old row is nowhere"
def shuffle_together(x, labels, rng):
    for i in range(len(x) - 1, 0, -1):
        j = rng.integers(i + 1)
        x[i], x[j] = x[j], x[i]
        labels[i], labels[j] = labels[j], labels[i]

# %% exercise="2.9" wrong="the wrong side is copied" says="which of the two sides"
def shuffle_together(x, labels, rng):
    for i in range(len(x) - 1, 0, -1):
        j = rng.integers(i + 1)
        x[i], x[j] = x[j].copy(), x[i]
        labels[i], labels[j] = labels[j], labels[i]

# %% exercise="2.9" wrong="local names are bound to shuffled copies" says="binds a local name"
def shuffle_together(x, labels, rng):
    order = rng.permutation(len(x))
    x, labels = x[order], labels[order]
    return x, labels

# %% exercise="2.9" wrong="nothing is done" says="no label moved"
def shuffle_together(x, labels, rng):
    return x, labels

# %% exercise="2.9" wrong="rows and labels are shuffled each by itself" says="must serve rows and labels"
def shuffle_together(x, labels, rng):
    rng.shuffle(x)
    rng.shuffle(labels)

# %% exercise="2.9" wrong="j is never i, so only two of six orders occur" says="both included"
def shuffle_together(x, labels, rng):
    for i in range(len(x) - 1, 0, -1):
        j = rng.integers(i)
        x[[i, j]] = x[[j, i]]
        labels[[i, j]] = labels[[j, i]]

# %% exercise="2.9" wrong="each place is exchanged with any other, so orders are not as likely as each other" says="as often as any other"
def shuffle_together(x, labels, rng):
    for i in range(len(x)):
        j = rng.integers(len(x))
        x[[i, j]] = x[[j, i]]
        labels[[i, j]] = labels[[j, i]]

# %% exercise="2.9" right="one order for both, written back"
def shuffle_together(x, labels, rng):
    order = rng.permutation(len(x))
    x[:] = x[order]
    labels[...] = labels[order]

# %% exercise="2.9" right="the right side copied, from the front"
def shuffle_together(x, labels, rng):
    n = len(x)
    for i in range(n - 1):
        j = int(rng.integers(i, n))
        spare, label = x[i].copy(), labels[i]
        x[i] = x[j]
        x[j] = spare
        labels[i] = labels[j]
        labels[j] = label

# %% exercise="2.10" wrong="place by place without adding up" says="add up to one number"
def dot(u, v):
    return u * v

def matmul(A, B):
    return (A[:, :, None] * B[None]).sum(axis=1)

def dense(x, W, b):
    return np.maximum(0, matmul(x, W.T) + b)

# %% exercise="2.10" wrong="the product is summed over the wrong axis" says="its middle axis"
def dot(u, v):
    return (u * v).sum()

def matmul(A, B):
    return (A[:, :, None] * B[None]).sum(axis=0)

def dense(x, W, b):
    return np.maximum(0, (x[:, None] * W).sum(axis=2) + b)

# %% exercise="2.10" wrong="the weight is not transposed" says="transposed W"
def dot(u, v):
    return (u * v).sum()

def matmul(A, B):
    return (A[:, :, None] * B[None]).sum(axis=1)

def dense(x, W, b):
    return np.maximum(0, matmul(x, W) + b)

# %% exercise="2.10" wrong="the bias comes after the bend" says="the bend comes last"
def dot(u, v):
    return (u * v).sum()

def matmul(A, B):
    return (A[:, :, None] * B[None]).sum(axis=1)

def dense(x, W, b):
    return np.maximum(0, matmul(x, W.T)) + b

# %% exercise="2.10" wrong="the operators that are left out" says="broadcasting makes a table"
def dot(u, v):
    return u @ v

def matmul(A, B):
    return A @ B

def dense(x, W, b):
    return np.maximum(0, x @ W.T + b)

# %% exercise="2.10" right="three loops, lists, and a mask for the bend"
def dot(u, v):
    total = 0.0
    for a, b in zip(u, v):
        total += a * b
    return total

def matmul(A, B):
    return [[dot(row, B[:, j]) for j in range(B.shape[1])] for row in A]

def dense(x, W, b):
    scores = np.array(matmul(x, W.T)) + np.asarray(b)
    return scores * (scores > 0)

# %% exercise="2.10" right="a sum of outer products, filled in place"
def dot(u, v):
    return np.sum(np.multiply(u, v))

def matmul(A, B):
    out = np.zeros((A.shape[0], B.shape[1]))
    for k in range(A.shape[1]):
        out += A[:, k:k + 1] * B[k:k + 1]
    return out

def dense(x, W, b):
    out = np.stack([sum(x[:, i] * row[i] for i in range(len(row))) for row in W], axis=1)
    out += b
    np.maximum(out, 0, out=out)
    return out

# %% exercise="2.11" wrong="the size of the thing alone, by getsizeof" says="size of a list alone"
def lifetime(make):
    import sys
    thing = make()
    return sys.getsizeof(thing), 0, 0

# %% exercise="2.11" wrong="nothing is deleted" says="del that name"
def lifetime(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    thing = make()
    held = tracemalloc.get_traced_memory()[0]
    gc.collect()
    gone = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held - before, gone - before, gone - before

# %% exercise="2.11" wrong="the collector is called before the second number" says="do not call it before"
def lifetime(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    thing = make()
    held = tracemalloc.get_traced_memory()[0]
    del thing
    gc.collect()
    gone = tracemalloc.get_traced_memory()[0]
    collected = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held - before, gone - before, collected - before

# %% exercise="2.11" wrong="the most there ever was" says="the most there ever was does not fall"
def lifetime(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[1]
    thing = make()
    held = tracemalloc.get_traced_memory()[1]
    del thing
    gone = tracemalloc.get_traced_memory()[1]
    gc.collect()
    collected = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held - before, gone - before, collected - before

# %% exercise="2.11" wrong="a second name keeps everything alive" says="under one name"
def lifetime(make):
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    thing = made = make()
    held = tracemalloc.get_traced_memory()[0]
    del thing
    gone = tracemalloc.get_traced_memory()[0]
    gc.collect()
    collected = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held - before, gone - before, collected - before

# %% exercise="2.11" right="a list of readings, and None in place of del"
def lifetime(make):
    gc.collect()
    tracemalloc.start()
    try:
        readings = [tracemalloc.get_traced_memory()[0]]
        thing = make()
        readings.append(tracemalloc.get_traced_memory()[0])
        thing = None
        readings.append(tracemalloc.get_traced_memory()[0])
        gc.collect()
        readings.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    return [reading - readings[0] for reading in readings[1:]]

# %% exercise="2.13" wrong="the whole table, by broadcasting" says="in blocks"
def nearest(x, known):
    return ((x[:, None] - known) ** 2).sum(axis=2).argmin(axis=1)

# %% exercise="2.13" wrong="the table of distances of all pairs, by products" says="one row of x at a time"
def nearest(x, known):
    lengths = (known ** 2).sum(axis=1)
    return (lengths - 2 * x @ known.T).argmin(axis=1)

# %% exercise="2.13" wrong="one row at a time, with its differences written out" says="may be left out"
def nearest(x, known):
    return np.array([((known - row) ** 2).sum(axis=1).argmin() for row in x])

# %% exercise="2.13" wrong="the largest product is no smallest distance" says="squared differences"
def nearest(x, known):
    return np.array([(known @ row).argmax() for row in x])

# %% exercise="2.13" wrong="the last of those that are as near" says="the first of the smallest"
def nearest(x, known):
    lengths = np.einsum("md,md->m", known, known)
    found = np.empty(len(x), dtype=np.int64)
    for i, row in enumerate(x):
        gaps = lengths - 2 * (known @ row)
        found[i] = len(gaps) - 1 - gaps[::-1].argmin()
    return found

# %% exercise="2.13" right="blocks of what is known, the best so far kept"
def nearest(x, known):
    best = np.full(len(x), np.inf)
    found = np.zeros(len(x), dtype=int)
    for start in range(0, len(known), 8):
        block = known[start:start + 8]
        gaps = np.einsum("md,md->m", block, block) - 2 * x @ block.T
        closest = gaps.argmin(axis=1)
        least = gaps[np.arange(len(x)), closest]
        nearer = least < best
        best[nearer], found[nearer] = least[nearer], start + closest[nearer]
    return found

# %% exercise="2.13" right="a list, and one column of pixels at a time"
def nearest(x, known):
    found = []
    for row in x:
        gaps = np.zeros(len(known))
        for pixel in range(known.shape[1]):
            gap = known[:, pixel] - row[pixel]
            gaps += gap * gap
        found.append(int(gaps.argmin()))
    return found

# %% exercise="2.14" wrong="slices of the data as they lie: views, and no shuffle" says="a slice is a view"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size = x, labels, size

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        for start in range(0, len(self.x), self.size):
            yield self.x[start:start + self.size], self.labels[start:start + self.size]

# %% exercise="2.14" wrong="the data themselves are shuffled" says="changes the data"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size, self.rng = x, labels, size, rng

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        order = self.rng.permutation(len(self.x))
        self.x[:], self.labels[:] = self.x[order], self.labels[order]
        for start in range(0, len(self.x), self.size):
            part = slice(start, start + self.size)
            yield self.x[part].copy(), self.labels[part].copy()

# %% exercise="2.14" wrong="a shuffled copy of everything" says="copies everything"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size, self.rng = x, labels, size, rng

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        order = self.rng.permutation(len(self.x))
        x, labels = self.x[order], self.labels[order]
        for start in range(0, len(x), self.size):
            yield x[start:start + self.size], labels[start:start + self.size]

# %% exercise="2.14" wrong="an iterator that is used up after one epoch" says="let each loop have a place of its own"
class Batches:
    def __init__(self, x, labels, size, rng):
        order = rng.permutation(len(x))
        pieces = [order[i:i + size] for i in range(0, len(x), size)]
        self.count = len(pieces)
        self.pairs = ((x[piece], labels[piece]) for piece in pieces)

    def __len__(self):
        return self.count

    def __iter__(self):
        return self.pairs

# %% exercise="2.14" wrong="one order for all epochs" says="is made once"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size = x, labels, size
        self.order = rng.permutation(len(x))

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        for start in range(0, len(self.order), self.size):
            places = self.order[start:start + self.size]
            yield self.x[places], self.labels[places]

# %% exercise="2.14" wrong="the last, shorter pair is left out" says="the last piece is shorter"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size, self.rng = x, labels, size, rng

    def __len__(self):
        return len(self.x) // self.size

    def __iter__(self):
        order = self.rng.permutation(len(self.x))
        for i in range(len(self)):
            places = order[i * self.size:(i + 1) * self.size]
            yield self.x[places], self.labels[places]

# %% exercise="2.14" wrong="the object is its own iterator, so two loops share one place" says="let each loop have a place of its own"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size, self.rng = x, labels, size, rng

    def __len__(self):
        return -(-len(self.x) // self.size)

    def __iter__(self):
        self.order, self.place = self.rng.permutation(len(self.x)), 0
        return self

    def __next__(self):
        if self.place >= len(self.order):
            raise StopIteration
        places = self.order[self.place:self.place + self.size]
        self.place += self.size
        return self.x[places], self.labels[places]

# %% exercise="2.14" right="random keys sorted, a generator expression, np.take"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.data = (x, labels)
        self.size, self.rng = size, rng

    def __len__(self):
        return int(np.ceil(self.data[1].shape[0] / self.size))

    def __iter__(self):
        order = np.argsort(self.rng.random(len(self.data[0])))
        cuts = range(self.size, len(order), self.size)
        return (tuple(np.take(part, places, axis=0) for part in self.data)
                for places in np.split(order, cuts))

# %% exercise="2.14" right="an iterator class of its own for each loop, rows copied one by one"
class Batches:
    def __init__(self, x, labels, size, rng):
        self.x, self.labels, self.size, self.rng = x, labels, size, rng

    def __len__(self):
        whole, rest = divmod(len(self.x), self.size)
        return whole + (rest > 0)

    def __iter__(self):
        return Epoch(self, [int(place) for place in self.rng.permutation(len(self.x))])

class Epoch:
    def __init__(self, batches, order):
        self.batches, self.order = batches, order

    def __iter__(self):
        return self

    def __next__(self):
        if not self.order:
            raise StopIteration
        size = self.batches.size
        now, self.order = self.order[:size], self.order[size:]
        x, labels = self.batches.x, self.batches.labels
        return np.array([x[i] for i in now]), np.array([labels[i] for i in now])
