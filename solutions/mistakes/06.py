# %% [markdown]
# Answers to the exercises of chapter 6: typical wrong ones, each of which must lose points, with
# a word of what the feedback on it must say; and right ones of an unusual form, which keep theirs.

# %% exercise="6.1" wrong="the terms of the quotient rule are exchanged" says="quotient"
PUSH[np.divide] = lambda a, b, da, db: (a * db - da * b) / (b * b)
PUSH[np.exp] = lambda a, da: np.exp(a) * da
PUSH[np.log] = lambda a, da: da / a
PUSH[np.sqrt] = lambda a, da: da / (2 * np.sqrt(a))

# %% exercise="6.1" wrong="the slope of the input is left out of exp (no chain rule)" says="by the slope of the input"
PUSH[np.divide] = lambda a, b, da, db: (da * b - a * db) / (b * b)
PUSH[np.exp] = lambda a, da: np.exp(a)
PUSH[np.log] = lambda a, da: da / a
PUSH[np.sqrt] = lambda a, da: da / (2 * np.sqrt(a))

# %% exercise="6.1" wrong="math.sqrt and math.exp: right for numbers, not for dual numbers inside dual numbers" says="not math.sqrt"
import math

PUSH[np.divide] = lambda a, b, da, db: (da * b - a * db) / (b * b)
PUSH[np.exp] = lambda a, da: math.exp(a) * da
PUSH[np.log] = lambda a, da: da / a
PUSH[np.sqrt] = lambda a, da: da / (2 * math.sqrt(a))

# %% exercise="6.1" wrong="small differences in place of derivatives" says="not small differences"
PUSH[np.divide] = lambda a, b, da, db: ((a + 1e-6 * da) / (b + 1e-6 * db) - a / b) * 1e6
PUSH[np.exp] = lambda a, da: (np.exp(a + 1e-6 * da) - np.exp(a)) * 1e6
PUSH[np.log] = lambda a, da: (np.log(a + 1e-6 * da) - np.log(a)) * 1e6
PUSH[np.sqrt] = lambda a, da: (np.sqrt(a + 1e-6 * da) - np.sqrt(a)) * 1e6

# %% exercise="6.1" right="rules that use each other, added in one go"
def of_quotient(a, b, da, db):
    return da / b - (a / b) * (db / b)

PUSH.update({
    np.divide: of_quotient,
    np.exp: lambda a, da: da * np.exp(a),
    np.log: lambda a, da: (1 / a) * da,
    np.sqrt: lambda a, da: 0.5 * da / np.sqrt(a),
})

# %% exercise="6.4" wrong="all inputs are seeded at once, which gives the sum of the slopes" says="Seed one input"
def jacobian(f, point):
    outputs = f(*[Dual(x, 1.0) for x in point])
    slopes = [y.slope if isinstance(y, Dual) else 0.0 for y in outputs]
    return np.array([slopes] * len(point)).T

def gradient(f, point):
    return jacobian(lambda *xs: [f(*xs)], point)[0]

# %% exercise="6.4" wrong="the Jacobian is transposed" says="transpose"
def jacobian(f, point):
    columns = []
    for j in range(len(point)):
        outputs = f(*[Dual(x, float(i == j)) for i, x in enumerate(point)])
        columns.append([y.slope if isinstance(y, Dual) else 0.0 for y in outputs])
    return np.array(columns)

def gradient(f, point):
    return jacobian(lambda *xs: [f(*xs)], point)[:, 0]

# %% exercise="6.4" wrong="an output that is a constant is not foreseen" says="no Dual at all"
def jacobian(f, point):
    columns = []
    for j in range(len(point)):
        outputs = f(*[Dual(x, float(i == j)) for i, x in enumerate(point)])
        columns.append([y.slope for y in outputs])
    return np.array(columns).T

def gradient(f, point):
    return jacobian(lambda *xs: [f(*xs)], point)[0]

# %% exercise="6.4" wrong="finite differences: the right numbers, from runs on plain numbers" says="No run on plain numbers"
def jacobian(f, point):
    point, columns = np.array(point), []
    for axis in np.eye(len(point)):
        up, down = (np.array(f(*(point + h * axis)), dtype=float) for h in (1e-6, -1e-6))
        columns.append((up - down) / 2e-6)
    return np.array(columns).T

def gradient(f, point):
    return jacobian(lambda *xs: [f(*xs)], point)[0]

# %% exercise="6.4" wrong="two inputs, whatever the point" says="two or three"
def jacobian(f, point):
    a, b = point[0], point[1]
    columns = [[getattr(y, "slope", 0.0) for y in f(Dual(a, s), Dual(b, 1.0 - s))]
               for s in (1.0, 0.0)]
    return np.array(columns).T

def gradient(f, point):
    return jacobian(lambda *xs: [f(*xs)], point)[0]

# %% exercise="6.4" right="an array that is filled column by column, and a gradient of its own"
def slopes_along(f, point, j):
    outputs = f(*[Dual(x, 1.0 if i == j else 0.0) for i, x in enumerate(point)])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return [y.slope if isinstance(y, Dual) else 0.0 for y in outputs]

def jacobian(f, point):
    return np.stack([slopes_along(f, point, j) for j in range(len(point))], axis=1)

def gradient(f, point):
    return np.array([slopes_along(f, point, j)[0] for j in range(len(point))], dtype=np.float32)

# %% exercise="6.4" right="lists in lists, and plain numbers beside the one that is dual"
def jacobian(f, point):
    columns = []
    for j in range(len(point)):
        outputs = f(*[Dual(x, 1.0) if i == j else x for i, x in enumerate(point)])
        columns.append([float(getattr(y, "slope", 0.0)) for y in outputs])
    return [list(row) for row in zip(*columns)]

def gradient(f, point):
    return jacobian(lambda *xs: (f(*xs),), point)[0]

# %% exercise="6.5" wrong="each coordinate moves before the slope of the next is computed" says="before you change any coordinate"
def directional(f, point, direction):
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).slope

def descend(f, point, lr, steps):
    point = list(point)
    for _ in range(steps):
        for j, axis in enumerate(np.eye(len(point))):
            point[j] = point[j] - lr * directional(f, point, axis)
    return point

# %% exercise="6.5" wrong="the direction is scaled to length one" says="not scaled to length one"
def directional(f, point, direction):
    direction = np.array(direction) / np.linalg.norm(direction)
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).slope

def descend(f, point, lr, steps):
    for _ in range(steps):
        slopes = [directional(f, point, axis) for axis in np.eye(len(point))]
        point = [x - lr * slope for x, slope in zip(point, slopes)]
    return point

# %% exercise="6.5" wrong="uphill instead of downhill" says="move against the slope"
def directional(f, point, direction):
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).slope

def descend(f, point, lr, steps):
    for _ in range(steps):
        slopes = [directional(f, point, axis) for axis in np.eye(len(point))]
        point = [x + lr * slope for x, slope in zip(point, slopes)]
    return point

# %% exercise="6.5" wrong="one pass for each coordinate where one pass is enough" says="One pass"
def directional(f, point, direction):
    total = 0.0
    for j in range(len(point)):
        seeds = [float(i == j) for i in range(len(point))]
        total += direction[j] * f(*[Dual(x, s) for x, s in zip(point, seeds)]).slope
    return total

def descend(f, point, lr, steps):
    for _ in range(steps):
        slopes = [directional(f, point, axis) for axis in np.eye(len(point))]
        point = [x - lr * slope for x, slope in zip(point, slopes)]
    return point

# %% exercise="6.5" wrong="finite differences in the descent" says="dual numbers each time"
def directional(f, point, direction):
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).slope

def descend(f, point, lr, steps):
    point = np.array(point)
    for _ in range(steps):
        nudges = 1e-6 * np.eye(len(point))
        slopes = [(f(*(point + nudge)) - f(*(point - nudge))) / 2e-6 for nudge in nudges]
        point = point - lr * np.array(slopes)
    return point

# %% exercise="6.5" wrong="the list that came moves along" says="must not move along"
def directional(f, point, direction):
    return f(*[Dual(x, d) for x, d in zip(point, direction)]).slope

def descend(f, point, lr, steps):
    for _ in range(steps):
        slopes = [directional(f, point, axis) for axis in np.eye(len(point))]
        for j, slope in enumerate(slopes):
            point[j] -= lr * slope
    return point

# %% exercise="6.5" wrong="two coordinates, whatever the point" says="as many entries as the point"
def directional(f, point, direction):
    return f(Dual(point[0], direction[0]), Dual(point[1], direction[1])).slope

def descend(f, point, lr, steps):
    for _ in range(steps):
        slopes = [directional(f, point, axis) for axis in ((1.0, 0.0), (0.0, 1.0))]
        point = [x - lr * slope for x, slope in zip(point, slopes)]
    return point

# %% exercise="6.5" right="arrays all the way"
def directional(f, point, direction):
    seeds = map(Dual, np.asarray(point, float), np.asarray(direction, float))
    return f(*seeds).slope

def descend(f, point, lr, steps):
    point = np.array(point, dtype=float)
    for _ in range(steps):
        point = point - lr * np.array([directional(f, point, e) for e in np.eye(point.size)])
    return point

# %% exercise="6.6" wrong="only the case i = j, as if softmax worked element by element" says="-s_i s_j elsewhere"
def pull_softmax(g, out, a):
    return (g * out * (1 - out),)

# %% exercise="6.6" wrong="the inner product is taken over the whole batch instead of each row" says="of a row"
def pull_softmax(g, out, a):
    return (out * (g - np.sum(g * out)),)

# %% exercise="6.6" wrong="the adjoint is left out of the inner product" says="adjoint of output j"
def pull_softmax(g, out, a):
    return (out * (g - np.sum(out, axis=-1, keepdims=True)),)

# %% exercise="6.6" wrong="finite differences in place of a rule" says="Use g and out only"
def pull_softmax(g, out, a):
    share = np.zeros_like(out)
    for index in np.ndindex(out.shape):
        nudge = np.zeros_like(out)
        nudge[index] = 1e-6
        share[index] = np.sum(g * (softmax(a + nudge) - softmax(a - nudge))) / 2e-6
    return (share,)

# %% exercise="6.6" right="the Jacobian of each row, written out"
def pull_softmax(g, out, a):
    share = np.empty_like(out)
    for row in range(len(out)):
        jacobian = np.diag(out[row]) - np.outer(out[row], out[row])
        share[row] = jacobian.T @ g[row]
    return (share,)

# %% exercise="6.6" right="the inner product by einsum"
def pull_softmax(g, out, a):
    along = np.einsum("...j,...j->...", g, out)
    return (out * g - out * along[..., np.newaxis],)

# %% exercise="6.7" wrong="nothing is cleared: the fault is still there" says="when the second begins"
def sweep(root):
    order = topological_order(root)
    pass
    root.adjoint = np.ones_like(root.value)
    for node in reversed(order):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                share = unbroadcast(share, parent.value.shape)
                parent.adjoint = getattr(parent, "adjoint", 0.0) + share

# %% exercise="6.7" wrong="everything is cleared, the leaves too" says="may not be reset"
def sweep(root):
    order = topological_order(root)
    for node in order: node.adjoint = 0.0
    root.adjoint = np.ones_like(root.value)
    for node in reversed(order):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                share = unbroadcast(share, parent.value.shape)
                parent.adjoint = getattr(parent, "adjoint", 0.0) + share

# %% exercise="6.7" wrong="shares are assigned instead of added" says="keep the sum"
def sweep(root):
    order = topological_order(root)
    pass
    root.adjoint = np.ones_like(root.value)
    for node in reversed(order):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                share = unbroadcast(share, parent.value.shape)
                parent.adjoint = share

# %% exercise="6.7" wrong="a share keeps the shape to which its owner was stretched" says="sum its share"
def sweep(root):
    order = topological_order(root)
    for node in order: node.adjoint = 0.0 if node.made_by else getattr(node, "adjoint", 0.0)
    root.adjoint = np.ones_like(root.value)
    for node in reversed(order):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                pass
                parent.adjoint = getattr(parent, "adjoint", 0.0) + share

# %% exercise="6.7" wrong="only the inputs of the root are cleared" says="deep in the graph"
def sweep(root):
    for node in root.inputs:
        if node.made_by is not None:
            node.adjoint = 0.0
    root.adjoint = np.ones_like(root.value)
    for node in reversed(topological_order(root)):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                share = unbroadcast(share, parent.value.shape)
                parent.adjoint = getattr(parent, "adjoint", 0.0) + share

# %% exercise="6.7" right="adjoints of the inner nodes in a dictionary, written at the end"
def sweep(root):
    order = topological_order(root)
    adjoint = {id(root): np.ones_like(root.value)}
    for node in order[::-1]:
        if node.made_by is None:
            node.adjoint = getattr(node, "adjoint", 0.0) + adjoint[id(node)]
            continue
        values = [parent.value for parent in node.inputs]
        shares = PULL[node.made_by](adjoint[id(node)], node.value, *values)
        for parent, share in zip(node.inputs, shares):
            share = unbroadcast(share, parent.value.shape)
            adjoint[id(parent)] = adjoint.get(id(parent), 0.0) + share

# %% exercise="6.7" right="each node is cleared when it has paid"
def sweep(root):
    root.adjoint = np.ones_like(root.value)
    for node in reversed(topological_order(root)):
        if node.made_by is not None:
            values = [parent.value for parent in node.inputs]
            shares = PULL[node.made_by](node.adjoint, node.value, *values)
            for parent, share in zip(node.inputs, shares):
                share = unbroadcast(share, parent.value.shape)
                parent.adjoint = getattr(parent, "adjoint", 0.0) + share
            del node.adjoint

# %% exercise="6.8" wrong="the right rule reads z where it means the output" says="needs it as it is"
def pull_right(g, out, z):
    return (g * z * (1 - z),)

def pull_wrong(g, out, z):
    return (g * sigmoid(out) * (1 - sigmoid(out)),)

def cosine(first, second):
    u = np.concatenate([array.ravel() for array in first])
    v = np.concatenate([array.ravel() for array in second])
    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))

# %% exercise="6.8" wrong="the right rule forgets the adjoint of the output" says="output of the sigmoid"
def pull_right(g, out, z):
    return (out * (1 - out),)

def pull_wrong(g, out, z):
    return (g * sigmoid(out) * (1 - sigmoid(out)),)

def cosine(first, second):
    u = np.concatenate([array.ravel() for array in first])
    v = np.concatenate([array.ravel() for array in second])
    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))

# %% exercise="6.8" wrong="the cosine is not divided by the lengths" says="divided by the lengths"
def pull_right(g, out, z):
    return (g * out * (1 - out),)

def pull_wrong(g, out, z):
    return (g * sigmoid(out) * (1 - sigmoid(out)),)

def cosine(first, second):
    u = np.concatenate([array.ravel() for array in first])
    v = np.concatenate([array.ravel() for array in second])
    return u @ v

# %% exercise="6.8" right="sums over the arrays, and a rule that calls the other"
def pull_right(g, out, z):
    return (g * (out - out ** 2),)

def pull_wrong(g, out, z):
    return pull_right(g, sigmoid(out), z)

def cosine(first, second):
    inner = lambda us, vs: sum(float(np.vdot(u, v)) for u, v in zip(us, vs))
    return inner(first, second) / (inner(first, first) * inner(second, second)) ** 0.5

# %% exercise="6.10" wrong="the adjoint is not carried from segment to segment" says="adjoint of its last state"
def checkpointed_gradient(w, start, steps, every):
    kept, state = [], start
    for t in range(steps):
        if t % every == 0:
            kept.append(state)
        state = step(state, w)
    adjoint, slope = 1.0, 0.0
    for k in reversed(range(len(kept))):
        first, weight = Node(kept[k]), Node(w)
        last = first
        for _ in range(k * every, min((k + 1) * every, steps)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope = slope + to_weight
        adjoint = adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="the last segment is taken to be as long as the others" says="last, shorter segment"
def checkpointed_gradient(w, start, steps, every):
    kept, state = [], start
    for t in range(steps):
        if t % every == 0:
            kept.append(state)
        state = step(state, w)
    adjoint, slope = 1.0, 0.0
    for k in reversed(range(len(kept))):
        first, weight = Node(kept[k]), Node(w)
        last = first
        for _ in range(every):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope = slope + adjoint * to_weight
        adjoint = adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="the whole chain on one tape: right, but without the saving" says="One segment of ten steps"
def checkpointed_gradient(w, start, steps, every):
    weight, state = Node(w), Node(start)
    for _ in range(steps):
        state = step(state, weight)
    return float(gradients(state, [weight])[0])

# %% exercise="6.10" wrong="every state is kept, and each step swept alone" says="swept once"
def checkpointed_gradient(w, start, steps, every):
    states = [start]
    for _ in range(steps):
        states.append(step(states[-1], w))
    adjoint, slope = 1.0, 0.0
    for state in reversed(states[:-1]):
        first, weight = Node(state), Node(w)
        to_first, to_weight = gradients(step(first, weight), [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="every state is kept, and the chain swept in segments" says="each tenth state only"
def checkpointed_gradient(w, start, steps, every):
    states = [start]
    for _ in range(steps):
        states.append(step(states[-1], w))
    adjoint, slope = 1.0, 0.0
    for begin in reversed(range(0, steps, every)):
        first, weight = Node(states[begin]), Node(w)
        last = first
        for _ in range(begin, min(begin + every, steps)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="every state is kept, as a number" says="as step returned it"
def checkpointed_gradient(w, start, steps, every):
    states = [float(start)]
    for _ in range(steps):
        states.append(float(step(states[-1], w)))
    adjoint, slope = 1.0, 0.0
    for begin in reversed(range(0, steps, every)):
        first, weight = Node(states[begin]), Node(w)
        last = first
        for _ in range(begin, min(begin + every, steps)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="every state is kept, in an array" says="as step returned it"
def checkpointed_gradient(w, start, steps, every):
    states = np.empty(steps + 1)
    states[0] = start
    for t in range(steps):
        states[t + 1] = step(states[t], w)
    adjoint, slope = 1.0, 0.0
    for begin in reversed(range(0, steps, every)):
        first, weight = Node(states[begin]), Node(w)
        last = first
        for _ in range(begin, min(begin + every, steps)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return float(slope)

# %% exercise="6.10" wrong="the slope of this chain by hand, and a sweep for show" says="no formula of your own"
def checkpointed_gradient(w, start, steps, every):
    state, slope = float(start), 0.0
    for _ in range(steps):
        inner = 0.1 * np.cos(w * state)
        slope = slope + inner * (state + w * slope)
        state = state + 0.1 * np.sin(w * state)
    for _ in range(0, steps, every):
        node, weight = Node(state), Node(w)
        for _ in range(every):
            state, node = step(state, w), step(node, weight)
        gradients(node, [weight])
    return float(slope)

# %% exercise="6.10" wrong="forward mode, without any tape" says="swept once"
def checkpointed_gradient(w, start, steps, every):
    state, weight = Dual(float(start), 0.0), Dual(w, 1.0)
    for _ in range(steps):
        state = state + 0.1 * np.sin(weight * state)
    return float(state.slope)

# %% exercise="6.10" wrong="segments of ten, whatever was asked for" says="length of a segment is every"
def checkpointed_gradient(w, start, steps, every):
    every, kept, state = 10, [], start
    for t in range(steps):
        if t % every == 0:
            kept.append(state)
        state = step(state, w)
    adjoint, slope = 1.0, 0.0
    for k in reversed(range(len(kept))):
        first, weight = Node(kept[k]), Node(w)
        last = first
        for _ in range(k * every, min((k + 1) * every, steps)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope = slope + adjoint * to_weight
        adjoint = adjoint * to_first
    return float(slope)

# %% exercise="6.10" right="the starts of the segments in a dictionary, and slices of the steps"
def checkpointed_gradient(w, start, steps, every):
    starts, state = {}, start
    for t in range(steps):
        if not t % every:
            starts[t] = state
        state = step(state, w)
    adjoint, slope = 1.0, 0.0
    for begin in sorted(starts, reverse=True):
        weight = Node(w)
        last = first = Node(starts.pop(begin))
        for _ in range(steps)[begin:begin + every]:
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return float(slope)

# %% exercise="6.10" right="numbers at the checkpoints, and no plain step in the last segment"
def checkpointed_gradient(w, start, steps, every):
    begins = list(range(0, steps, every))
    kept, state = [float(start)], start
    for _ in begins[1:]:
        for _ in range(every):
            state = step(state, w)
        kept.append(float(state))
    adjoint = slope = np.float64(0.0)
    adjoint += 1
    for begin, number in zip(begins[::-1], kept[::-1]):
        weight = Node(w)
        first = last = Node(number)
        for _ in range(min(every, steps - begin)):
            last = step(last, weight)
        to_first, to_weight = gradients(last, [first, weight])
        slope, adjoint = slope + adjoint * to_weight, adjoint * to_first
    return slope

# %% exercise="6.11" wrong="the lowest line is taken for the shorter numbers" says="seven digits"
answer_6_11 = {"which": "1", "left": "B", "right": "A"}

# %% exercise="6.11" wrong="the two branches are exchanged" says="below the line"
answer_6_11 = {"which": "2", "left": "A", "right": "A"}

# %% exercise="6.11" wrong="steepness is taken for digits" says="power of h"
answer_6_11 = {"which": "2", "left": "B", "right": "B"}

# %% exercise="6.11" wrong="the one-sided quotient is taken for float32" says="turns first"
answer_6_11 = {"which": "3", "left": "C", "right": "D"}

# %% exercise="6.11" right="a number for its name, small letters"
answer_6_11 = {"which": 2, "left": "b", "right": "a"}

# %% exercise="6.12" wrong="a share overwrites the one before, where a value is used twice" says="paid in"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, listed = stack.pop()
            if listed:
                order.append(node)
            elif node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out if node.grad is None else node.grad + grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = undo(share, x.shape)
                due[id(x)] = share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="the sweep follows every path anew, by recursion" says="stack of your own"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def backward(self, grad_out=None):
        grad_out = np.ones_like(self.data) if grad_out is None else grad_out
        if self.made_by is None:
            self.grad = grad_out if self.grad is None else self.grad + grad_out
            return
        rule, ctx, inputs = self.made_by
        shares = rule.backward(ctx, grad_out)
        shares = shares if isinstance(shares, tuple) else (shares,)
        for x, share in zip(inputs, shares):
            if x.requires_grad:
                x.backward(undo(share, x.shape))

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="broadcasting is not undone" says="length one"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, listed = stack.pop()
            if listed:
                order.append(node)
            elif node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out if node.grad is None else node.grad + grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = np.asarray(share)
                due[id(x)] = due.get(id(x), 0.0) + share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="axes of length one are forgotten" says="length one"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, listed = stack.pop()
            if listed:
                order.append(node)
            elif node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out if node.grad is None else node.grad + grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = undo(share, x.shape)
                due[id(x)] = due.get(id(x), 0.0) + share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return share

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="grad is set, not added to" says="adds to it"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, listed = stack.pop()
            if listed:
                order.append(node)
            elif node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = undo(share, x.shape)
                due[id(x)] = due.get(id(x), 0.0) + share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="every result is taken to require a gradient" says="in the leaves that require one"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, listed = stack.pop()
            if listed:
                order.append(node)
            elif node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out if node.grad is None else node.grad + grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = undo(share, x.shape)
                due[id(x)] = due.get(id(x), 0.0) + share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = True
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" wrong="nodes are listed as they are found, not inputs before users" says="inputs before users"
class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.array(data, dtype=float)
        self.requires_grad, self.grad, self.made_by = requires_grad, None, None

    @property
    def shape(self):
        return self.data.shape

    def tape(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, _ = stack.pop(0)
            if node.requires_grad and id(node) not in seen:
                seen.add(id(node))
                order.append(node)
                stack.extend((x, False) for x in (node.made_by or [()])[-1])
        return order[::-1]

    def backward(self):
        due = {id(self): np.ones_like(self.data)}
        for node in reversed(self.tape()):
            grad_out = due[id(node)]
            if node.made_by is None:
                node.grad = grad_out if node.grad is None else node.grad + grad_out
                continue
            rule, ctx, inputs = node.made_by
            shares = rule.backward(ctx, grad_out)
            shares = shares if isinstance(shares, tuple) else (shares,)
            for x, share in zip(inputs, shares):
                share = undo(share, x.shape)
                due[id(x)] = due.get(id(x), 0.0) + share

def undo(share, shape):
    share = np.sum(share, axis=tuple(range(np.ndim(share) - len(shape))))
    return np.sum(share, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Function:
    def save(self, *values):
        self.saved = values

    @classmethod
    def apply(cls, *inputs):
        ctx = Function()
        inputs = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
        out = Tensor(cls.forward(ctx, *[x.data for x in inputs]))
        out.requires_grad = any(x.requires_grad for x in inputs)
        if out.requires_grad:
            out.made_by = cls, ctx, inputs
        return out

# %% exercise="6.12" right="the users are counted first, and a node is swept when the last has paid"
class Context:
    saved = ()

    def save(self, *values):
        self.saved = values

class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.asarray(data, dtype=np.float64)
        self.requires_grad = bool(requires_grad)
        self.grad, self.rule, self.ctx, self.inputs = None, None, None, ()

    shape = property(lambda self: np.shape(self.data))

    def backward(self):
        users, todo = {}, [self]
        while todo:                                  # count the users first
            for x in todo.pop().inputs:
                if x.requires_grad:
                    if x not in users:
                        todo.append(x)
                    users[x] = users.get(x, 0) + 1
        due, ready = {self: np.ones(self.shape)}, [self]
        while ready:
            node = ready.pop()
            if node.rule is None:
                node.grad = due[node] + (0 if node.grad is None else node.grad)
                continue
            shares = node.rule.backward(node.ctx, due.pop(node))
            shares = list(shares) if isinstance(shares, (tuple, list)) else [shares]
            for x, share in zip(node.inputs, shares):
                if x.requires_grad:
                    due[x] = due.get(x, 0) + fitted(share, x.shape)
                    users[x] -= 1
                    if users[x] == 0:
                        ready.append(x)

def fitted(share, shape):
    share = np.asarray(share)
    while share.ndim > len(shape):
        share = share.sum(axis=0)
    for axis, length in enumerate(shape):
        if length < share.shape[axis]:
            share = share.sum(axis=axis, keepdims=True)
    return share

class Function:
    @classmethod
    def apply(cls, *inputs):
        inputs = tuple(x if isinstance(x, Tensor) else Tensor(x) for x in inputs)
        ctx = Context()
        out = Tensor(cls.forward(ctx, *(x.data for x in inputs)))
        for x in inputs:
            if x.requires_grad:
                out.requires_grad, out.rule = True, cls
                out.ctx, out.inputs = ctx, inputs
        return out
