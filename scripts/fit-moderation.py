"""Fits the second stage of the moderation classifier on the teacher's labels.

  python3 scripts/fit-moderation.py --windows DIR --taught DIR --out network.bin

Reads the windows that `train-moderation.ts --windows` wrote and the teacher's vectors of words (teach-moderation.py), and writes what
`train-moderation.ts --network` reads: vectors of the words (begun as principal components of GloVe and of the teacher's, and learned on), filters over three
neighbouring words and their concepts, a weighted mean of the words, a hidden layer. Windows of other parts than `train` are measured on only.
Needs torch, scikit-learn and numpy; under a minute with an accelerator.
"""
import argparse, gzip, json, struct, time
import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
outputs, slots, reach = 12, 80, 3
device = "cuda" if torch.cuda.is_available() else "cpu"
types = {"Int32Array": np.int32, "Float32Array": np.float32, "Uint8Array": np.uint8, "Uint16Array": np.uint16, "Int8Array": np.int8}


def read_windows(folder):
    head = json.load(open(f"{folder}/windows.json"))
    body = gzip.open(f"{folder}/windows.bin.gz").read()
    arrays, at = {}, 0
    for place in head["places"]:
        kind = np.dtype(types[place["type"]])
        arrays[place["name"]] = np.frombuffer(body, kind, place["length"], at)
        at += place["length"] * kind.itemsize
    return arrays, head


def hash_word(word):
    h = 0x811C9DC5
    for unit in np.frombuffer(word.encode("utf-16-le"), np.uint16):
        h = ((h ^ int(unit)) * 16777619) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    h ^= h >> 16
    return h - (1 << 32) if h >= 1 << 31 else h


def begin_vectors(arrays, head, folder, dimensions):
    """Principal components of GloVe's and the teacher's vectors, spread 1, each at half its weight's logarithm."""
    count = len(arrays["words"])
    glove = arrays["vectors"].reshape(count, -1).astype(np.float32) * head["scale"]
    row_of = {int(word): row for row, word in enumerate(arrays["words"])}
    tuned = np.zeros((count, 64), np.float32)
    for line in gzip.open(f"{folder}/vectors.jsonl.gz", "rt"):
        word, own = json.loads(line)
        row = row_of.get(hash_word(word))
        if row is not None:
            tuned[row] = np.array(own, np.float32) / 25
    both = torch.tensor(np.concatenate([glove, tuned], axis=1)).to(device)
    both = both - both.mean(0)
    variance, axes = torch.linalg.eigh(both.T @ both / count)
    order = variance.argsort(descending=True)[:dimensions]
    turned = both @ axes[:, order] * variance[order].clamp(min=1e-9) ** -0.25
    return turned / turned.std()


class Stage(torch.nn.Module):
    def __init__(self, begin, options):
        super().__init__()
        count, dimensions = begin.shape
        filters, hidden = options.filters, options.hidden
        self.scale = 5 / 127
        self.vectors = torch.nn.Parameter(begin.clone())
        normal = lambda *shape, spread: torch.nn.Parameter(torch.randn(*shape, device=device) * spread)
        self.convolution = normal(reach, filters, dimensions, spread=1 / (reach * dimensions) ** 0.5)
        self.concepts = normal(reach, slots, filters, spread=0.1)
        self.filter_bias = torch.nn.Parameter(torch.zeros(filters, device=device))
        self.gate = torch.nn.Parameter(torch.zeros(dimensions, device=device))
        self.hidden = normal(hidden, filters + dimensions, spread=1 / (filters + dimensions) ** 0.5)
        self.hidden_bias = torch.nn.Parameter(torch.zeros(hidden, device=device))
        self.out = normal(outputs, hidden, spread=1 / hidden**0.5)
        self.out_bias = torch.nn.Parameter(torch.full((outputs,), -2.0, device=device))
        self.options = options

    def rounded(self):
        whole = (self.vectors / self.scale).round().clamp(-127, 127) * self.scale
        return self.vectors + (whole - self.vectors).detach()

    def forward(self, rows, lengths, concepts, learning):
        options = self.options
        count = len(self.vectors)
        has = rows < count
        if learning:
            has &= torch.rand(rows.shape, device=device) >= options.word_dropout
        vectors = torch.nn.functional.embedding(rows.clamp(max=count - 1).long(), self.rounded()) * has.unsqueeze(-1)
        if learning:
            concepts = concepts * (torch.rand(len(rows), 1, 1, device=device) >= options.concept_dropout)
        both = torch.cat([vectors, concepts], dim=2).transpose(1, 2)
        kernel = torch.cat([self.convolution, self.concepts.transpose(1, 2)], dim=2).flip(0).permute(1, 2, 0)
        values = torch.nn.functional.conv1d(both, kernel, self.filter_bias, padding=reach - 1)
        places = torch.arange(values.shape[2], device=device)
        values = torch.where((places <= lengths.unsqueeze(1) + 1).unsqueeze(1), values, 0)
        highest = values.amax(2).relu()
        if learning:
            kept = torch.rand(highest.shape, device=device) >= options.feature_dropout
            highest = highest * kept / (1 - options.feature_dropout)
        gates = torch.exp((vectors @ self.gate).clamp(-4, 4)) * has
        mean = (vectors * gates.unsqueeze(-1)).sum(1) / gates.sum(1, keepdim=True).clamp(min=1e-6)
        inner = (torch.cat([highest, mean], dim=1) @ self.hidden.T + self.hidden_bias).relu()
        return inner @ self.out.T + self.out_bias


def fit(data, begin, options):
    torch.manual_seed(options.seed)
    stage = Stage(begin, options)
    rest = [p for name, p in stage.named_parameters() if name != "vectors"]
    groups = [{"params": rest, "lr": options.rate, "weight_decay": options.decay}]
    groups += [{"params": [stage.vectors], "lr": options.vector_rate, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups)
    members = data["learned"]
    steps = options.epochs * (len(members) // options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, 10 * s / steps + 0.1) * (0.02 + 0.98 * (1 - s / steps)))
    late = {name: torch.zeros_like(p) for name, p in stage.named_parameters()}
    count, step = 0, 0
    for _ in range(options.epochs):
        order = members[torch.randperm(len(members), device=device)]
        for at in range(0, len(order) - options.batch + 1, options.batch):
            group = order[at : at + options.batch]
            target = data["targets"][data["owner"][group]]
            weight = data["weights"][data["owner"][group]] / data["windows"][data["owner"][group]].sqrt()
            logits = stage(*inputs(data, group), learning=True)
            known = ~target.isnan()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target.nan_to_num(0), reduction="none") * known * weight.unsqueeze(1)
            loss = loss.sum() / weight.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step >= 0.6 * steps:
                count += 1
                with torch.no_grad():
                    for name, parameter in stage.named_parameters():
                        late[name] += parameter
    with torch.no_grad():
        for name, parameter in stage.named_parameters():
            parameter.copy_(late[name] / count)
    return stage


def inputs(data, group):
    """Rows, lengths and concepts of windows; the concepts as a place × concept table."""
    lengths = data["lengths"][group]
    width = int(lengths.max()) + 1
    concepts = torch.zeros(len(group) * width * slots, device=device)
    counts = data["counts"][group]
    within = torch.arange(int(counts.sum()), device=device) - (counts.cumsum(0) - counts).repeat_interleave(counts)
    fired = data["fired"][data["starts"][group].repeat_interleave(counts) + within].long()
    owner = torch.arange(len(group), device=device).repeat_interleave(counts)
    place = torch.minimum(fired >> 8, lengths[owner])
    concepts.index_add_(0, (owner * width + place) * slots + (fired & 255), torch.ones(len(fired), device=device))
    return data["rows"][group, :width], lengths, concepts.view(len(group), width, slots)


def load(arrays):
    lengths = arrays["lengths"].astype(np.int64)
    starts = lengths.cumsum() - lengths
    table = np.full((len(lengths), int(lengths.max()) + 1), 65535, np.int32)
    owner_of = np.repeat(np.arange(len(lengths)), lengths)
    table[owner_of, np.arange(len(owner_of)) - np.repeat(starts, lengths)] = arrays["rows"]
    counts = arrays["counts"].astype(np.int64)
    put = lambda array: torch.tensor(array).to(device)
    owner = arrays["owner"].astype(np.int64)
    parts = arrays["parts"]
    return {
        "rows": put(table), "lengths": put(lengths), "counts": put(counts), "starts": put(counts.cumsum() - counts), "fired": put(arrays["fired"].astype(np.int32)),
        "owner": put(owner), "targets": put(arrays["targets"].reshape(-1, outputs).copy()), "weights": put(arrays["weights"].copy()),
        "windows": put(np.bincount(owner, minlength=len(parts)).astype(np.float32)), "learned": put(np.flatnonzero(parts[owner] == 0)),
    }


@torch.inference_mode()
def measure(stage, data, arrays, sets, title):
    owner = arrays["owner"]
    others = np.flatnonzero(arrays["parts"][owner] != 0)
    scores = np.full((len(sets), outputs), -50, np.float32)
    for at in range(0, len(others), 2048):
        group = others[at : at + 2048]
        logits = stage(*inputs(data, torch.tensor(group).to(device)), learning=False).cpu().numpy()
        np.maximum.at(scores, owner[group], logits)
    targets = arrays["targets"].reshape(-1, outputs)
    lines = []
    for name, part in [("hh-hand", 2), ("hh-late", 2), ("check", 2), ("check-self-harm", 2), ("check-comments", 2), ("convabuse", 2), ("tweeteval-offensive", 2), ("hatecheck", 2), ("hh-hand", 1), ("sentences", 1)]:
        own = np.array([at for at, (s, p) in enumerate(zip(sets, arrays["parts"])) if s == name and p == part and scores[at, 0] > -50])
        k = 2 if name == "hatecheck" else outputs - 1
        known = ~np.isnan(targets[own, k])
        truth = targets[own, k][known] >= 0.5
        found = scores[own][known]
        score = found[:, 2] if k == 2 else found[:, :-1].max(1)
        lines.append(f"{name}{'/c' if part == 1 else ''} {average_precision_score(truth, score):.3f}/{roc_auc_score(truth, score):.3f}")
    safe = np.array([at for at, s in enumerate(sets) if s == "xstest-safe"])
    print(title, "; ".join(lines), f"; XSTest over .5: {100 * (scores[safe][:, :-1].max(1) > 0).mean():.1f} %", flush=True)


def write(stage, words, path):
    floats = [stage.convolution, stage.concepts, stage.filter_bias, torch.cat([stage.hidden.flatten(), stage.hidden_bias]), torch.cat([stage.out.flatten(), stage.out_bias]), stage.gate]
    vectors = (stage.vectors / stage.scale).round().clamp(-127, 127).to(torch.int8)
    head = {"dimensions": vectors.shape[1], "filters": stage.options.filters, "hidden": stage.options.hidden, "scale": stage.scale, "count": len(words)}
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 4)
    body = [words.astype("<i4").tobytes(), *[part.detach().float().cpu().numpy().astype("<f4").tobytes() for part in floats], vectors.cpu().numpy().tobytes()]
    with open(path, "wb") as file:
        file.write(struct.pack("<I", len(text)) + text + b"".join(body))


def main():
    parser = argparse.ArgumentParser()
    for name in ["--windows", "--taught", "--out"]:
        parser.add_argument(name, required=True)
    numbers = {
        "dimensions": 64, "filters": 64, "hidden": 48, "epochs": 15, "batch": 1024, "rate": 0.004, "vector_rate": 0.002, "word_dropout": 0.15,
        "concept_dropout": 0.3, "feature_dropout": 0.2, "decay": 0.01, "seed": 1, "limit": 0,
    }
    for name, value in numbers.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = parser.parse_args()
    start = time.time()
    arrays, head = read_windows(options.windows)
    begin = begin_vectors(arrays, head, options.taught, options.dimensions)
    data = load(arrays)
    if options.limit:
        data["learned"] = data["learned"][: options.limit]
    stage = fit(data, begin, options)
    measure(stage, data, arrays, head["sets"], f"{time.time() - start:.0f} s, {options.out.split('/')[-1]}:")
    write(stage, arrays["words"], options.out)


if __name__ == "__main__":
    main()
