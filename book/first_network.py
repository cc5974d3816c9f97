import dlcore as dl
from dlcore import data, optim, plot
from dlcore.functional import cross_entropy
from dlcore.nn import Linear, Sequential, Tanh

dl.seed(1)
x, y = data.moons(300, noise=0.15)
model = Sequential(Linear(2, 16), Tanh(), Linear(16, 2))
adam = optim.Adam(model.parameters(), lr=0.05)
for _ in range(200):
    loss = cross_entropy(model(x), y)
    adam.zero_grad()
    loss.backward()
    adam.step()
print(f"loss {loss.item():.3f}")
plot.sketch(model, x, y)
